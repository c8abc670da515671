"""Choosing the language of the pages: a form at the foot of every one of them."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from accounts.access import Access
from accounts.languages import is_language

A_YEAR = 365 * 24 * 60 * 60


class LanguageChoice(View):
    """By POST only, from any page and back to it. The person keeps the choice, and the browser until he signs in."""

    access = Access.PUBLIC
    http_method_names = ["post"]

    def post(self, request) -> HttpResponse:
        answer = redirect(_page_before(request))
        chosen = request.POST.get("language", "")
        if not is_language(chosen):
            return answer
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=A_YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        if request.user.is_authenticated and request.user.language != chosen:
            request.user.language = chosen
            request.user.save(update_fields=["language"])
        return answer


def _page_before(request) -> str:
    """Where the form was sent from, if that is a page of ours; its path alone, so that nothing leads elsewhere."""
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return "home"
    parts = urlsplit(came_from)
    path = parts.path or "/"
    # Two slashes at the start would name another host.
    return "home" if path.startswith("//") else path + (f"?{parts.query}" if parts.query else "")

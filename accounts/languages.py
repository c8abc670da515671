"""In which language a person reads: the one chosen last, else the browser's, else English."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_from_request


def is_language(code: str) -> bool:
    return code in dict(settings.LANGUAGES)


def language_of(request: HttpRequest) -> str:
    """A person's own choice goes with him to every browser; before signing in, the browser's cookie or wish."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and is_language(user.language):
        return user.language
    return get_language_from_request(request)

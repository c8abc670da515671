"""What every answer carries: an id to ask about it by, the order not to keep it, and the way to reach its client."""

import re
import uuid
from contextlib import suppress

from django.conf import settings
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.utils import translation

from accounts.languages import language_of
from accounts.sign_in import TooManyFailures

_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIdMiddleware:
    """Give each request an id (a proxy's own where it brings a sane one) and answer with it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        brought = request.headers.get("X-Request-ID", "")
        request.id = brought if _ACCEPTABLE_ID.fullmatch(brought) else uuid.uuid4().hex
        response = self.get_response(request)
        response["X-Request-ID"] = request.id
        return response


class WholeRequestMiddleware:
    """Read what was left unread of a request's body, up to a limit no good request exceeds.

    A server closes a connection on which something is left. A client that is still sending then meets a broken
    pipe instead of the answer: of the 401 that asks for a new token, or the 503 that says when to come again.
    """

    LIMIT, CHUNK = 2 * 1024 * 1024, 64 * 1024

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        left = self.LIMIT
        with suppress(UnreadablePostError):
            while left > 0 and (chunk := request.read(min(left, self.CHUNK))):
                left -= len(chunk)
        return response


class NoStoreMiddleware:
    """Nothing about a person is kept by a browser or a proxy; only static files are cacheable."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.setdefault("Cache-Control", "no-store")
        return response


class LanguageMiddleware:
    """Pages in their reader's language. The API and the admin speak English: one is a contract, the other is not
    translated, and half a translation reads worse than none.
    """

    ENGLISH = re.compile(r"/(api|admin)(/|$)")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = settings.LANGUAGE_CODE if self.ENGLISH.match(request.path_info) else language_of(request)
        with translation.override(language):
            response = self.get_response(request)
        response.setdefault("Content-Language", language)
        return response


class TooManyFailuresMiddleware:
    """The sign-in pages' answer to a guesser; the API's own handler says it in JSON."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error):
        if not isinstance(error, TooManyFailures):
            return None
        minutes = -(-error.wait // 60)
        response = render(request, "429.html", {"minutes": minutes}, status=429)
        response["Retry-After"] = str(error.wait)
        return response

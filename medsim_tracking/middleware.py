"""What every answer carries: an id to ask about it by, and the order not to keep personal answers."""

import re
import uuid

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


class NoStoreMiddleware:
    """Nothing about a person is kept by a browser or a proxy; only static files are cacheable."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.setdefault("Cache-Control", "no-store")
        return response

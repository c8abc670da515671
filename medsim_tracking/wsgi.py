"""WSGI entry point, for the tests and for other servers; `rsgi` serves it.

Two things are put right before Django's own handling, because nothing after it could.
"""

import gc
import os
from io import BytesIO

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

from medsim_tracking.patience import bound_requests

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medsim_tracking.settings")

# A byte more than the largest body any endpoint reads, so that each can still tell "too large".
LONGEST_CHUNKED_BODY = 1024 * 1024 + 1


class Utf8Request(WSGIRequest):
    """Reads the query string as UTF-8, whatever charset the body claims (Django would fail on `charset=hex`)."""

    def _set_content_type_params(self, meta):
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class Handler(WSGIHandler):
    request_class = Utf8Request

    def __call__(self, environ, start_response):
        # Django reads as many bytes as Content-Length says, and a chunked body does not say.
        if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
            body = environ["wsgi.input"].read(LONGEST_CHUNKED_BODY)
            environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return super().__call__(environ, start_response)


django.setup(set_prefix=False)
bound_requests()
application = Handler()

# What the start made stays for good: looking through it for garbage again and again would cost a bulk a twentieth of
# its time. What requests make is freed when they end; a thousand interactions are no reason to look for circles.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)

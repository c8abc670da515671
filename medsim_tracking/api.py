"""What all JSON endpoints share: JSON in, JSON out, and problems told as RFC 9457 says."""

import json
import logging
from http import HTTPStatus

import msgspec
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.response import Response

from interactions.api.parsers import BoundedJSONParser
from interactions.domain.parsing import Flaw, check_value
from medsim_tracking.trouble import DETAIL, RETRY_AFTER_SECONDS, storage_trouble

logger = logging.getLogger(__name__)
PROBLEM_JSON = "application/problem+json"
_encoder = msgspec.json.Encoder(enc_hook=str)


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data, accepted_media_type=None, renderer_context=None):
        if data is None:
            return b""
        try:
            return _encoder.encode(data)
        except UnicodeEncodeError:
            # Nothing that cannot be written should get this far; if it does, the answer is still an answer.
            return json.dumps(data, default=str, ensure_ascii=False).encode("utf-8", "replace")


class AlwaysJSON(BaseContentNegotiation):
    """One representation: whatever a client says it accepts, it gets JSON."""

    def select_parser(self, request, parsers):
        media_type = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == media_type), None)

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class StrictJSONParser(BoundedJSONParser):
    """For small bodies such as a sign-in: any flaw refuses the whole."""

    def parse(self, stream, media_type=None, parser_context=None):
        value = super().parse(stream, media_type, parser_context)
        flaws: list[Flaw] = []
        check_value(value, flaws)
        if flaws:
            raise exceptions.ParseError(flaws[0].detail, flaws[0].code)
        return value


def problem(request, status: int, code: str, detail: str, errors: list | None = None) -> dict:
    """A problem+json body as a dict, for whichever response class carries it."""
    body = {
        "type": f"urn:medsim:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "requestId": getattr(request, "id", None),
    }
    if errors:
        body["errors"] = errors
    return body


def problem_handler(error: Exception, context: dict) -> Response | None:
    """DRF's exception handler: every refusal as problem+json. None leaves the rest to Django's 500."""
    request = context["request"]._request
    if isinstance(error, Http404):
        error = exceptions.NotFound("There is nothing here that you may see.")
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    headers = {}
    if trouble := storage_trouble(error, request.method):
        logger.error("%s: %s", trouble, type(error.__cause__ or error).__name__)
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS[trouble])
        body = problem(request, 503, trouble, DETAIL[trouble])
        return Response(body, status=503, headers=headers, content_type=PROBLEM_JSON)
    if not isinstance(error, exceptions.APIException):
        return None
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    body = problem(request, error.status_code, _code(error), _detail(error), _field_errors(error))
    return Response(body, status=error.status_code, headers=headers, content_type=PROBLEM_JSON)


def _code(error: exceptions.APIException) -> str:
    if isinstance(error, exceptions.ValidationError):
        return getattr(error, "problem_code", "invalid")
    codes = error.get_codes()
    return codes if isinstance(codes, str) else str(codes.get("code", error.default_code))


def _detail(error: exceptions.APIException) -> str:
    if isinstance(error, exceptions.ValidationError):
        return "Some fields are at fault: see errors."
    detail = error.detail
    return str(detail) if isinstance(detail, str) else str(detail.get("detail", error.default_detail))


def _field_errors(error: exceptions.APIException) -> list[dict]:
    """`[{pointer, code, detail}]`: the domain's own errors, or a serializer's turned into pointers."""
    if (errors := getattr(error, "field_errors", None)) is not None:
        return errors
    if not isinstance(error, exceptions.ValidationError):
        return []
    return list(_walk(error.detail, error.get_codes(), ""))


def _walk(detail, code, pointer):
    if isinstance(detail, dict):
        for name, child in detail.items():
            yield from _walk(child, code[name], f"{pointer}/{name}")
    elif isinstance(detail, list):
        for position, child in enumerate(detail):
            yield from _walk(child, code[position], pointer)
    else:
        yield {"pointer": pointer, "code": str(code), "detail": str(detail)}

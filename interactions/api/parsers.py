"""How bodies are read: bounded, UTF-8 JSON only, by the project's one parser."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.http import parse_header_parameters
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from interactions.api.problems import Problem, as_json
from interactions.domain.fields import FieldError
from interactions.domain.parsing import Unreadable, parse


@dataclass(frozen=True)
class Body:
    """What was sent, as bytes, and their JSON value, read when it is asked for."""

    raw: bytes

    @cached_property
    def value(self) -> Any:
        """Raises RefusedBody. A body of no bytes is an empty object, as for the framework's own parsers."""
        try:
            return parse(self.raw or b"{}")
        except Unreadable as error:
            raise RefusedBody(self.raw, error.code, error.detail) from None


class RefusedBody(Problem):
    """A body that is refused as a whole for what it holds."""

    def __init__(self, raw: bytes, code: str, detail: str, faults: Iterable[FieldError] = ()):
        self.faults = list(faults)
        super().__init__(400, code, detail, as_json(self.faults))
        self.raw = raw
        self.code = code


class BoundedJSONParser(BaseParser):
    """Bytes to JSON values, at most `max_bytes`. A flaw in one value stays in its place (see domain/parsing)."""

    media_type = "application/json"
    max_bytes = 16 * 1024

    def parse(self, stream, media_type=None, parser_context=None) -> Any:
        return self.read(stream, parser_context["request"]).value

    def read(self, stream, request: Request) -> Body:
        _refuse_other_encodings(request)
        length = request.META.get("CONTENT_LENGTH")
        if length and length.isdecimal() and int(length) > self.max_bytes:
            raise self._too_large()
        # One byte more than allowed: a body whose stated length lies is found out without reading it whole.
        raw = stream.read(self.max_bytes + 1)
        if len(raw) > self.max_bytes:
            raise self._too_large()
        return Body(raw)

    def _too_large(self) -> Problem:
        return Problem(413, "too_large", f"A body has at most {self.max_bytes} bytes here.")


class InteractionParser(BoundedJSONParser):
    """For the tracking endpoints: as much as a bulk may weigh, and the bytes, which the bulk reader reads by itself."""

    max_bytes = 1024 * 1024

    def parse(self, stream, media_type=None, parser_context=None) -> Body:
        return self.read(stream, parser_context["request"])


def _refuse_other_encodings(request: Request) -> None:
    _, parameters = parse_header_parameters(request.content_type)
    charset = parameters.get("charset", "utf-8").lower()
    packed = request.headers.get("Content-Encoding", "identity").lower()
    if charset not in ("utf-8", "utf8") or packed != "identity":
        raise UnsupportedMediaType(request.content_type, "Send uncompressed JSON in UTF-8.")

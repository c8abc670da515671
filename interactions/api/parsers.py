"""How the tracking endpoints read a body: bounded, UTF-8 JSON only, by the project's one parser."""

from dataclasses import dataclass
from typing import Any

from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from interactions.api.problems import Problem
from interactions.domain.parsing import Unreadable, parse

MAX_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Body:
    """What was sent: its bytes, and their JSON value."""

    raw: bytes
    value: Any


class UnreadableBody(Problem):
    """What was sent is no JSON that is taken here."""

    def __init__(self, raw: bytes, fault: Unreadable):
        super().__init__(400, fault.code, fault.detail)
        self.raw = raw


class InteractionParser(BaseParser):
    """Bytes to JSON values. Flaws inside one item stay in its place, for the gate to name."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None) -> Body:
        request: Request = parser_context["request"]
        _refuse_other_encodings(request)
        try:
            raw = _read(stream, request.META.get("CONTENT_LENGTH"))
            return Body(raw, parse(raw))
        except Unreadable as error:
            raise UnreadableBody(raw, error) from None


def _refuse_other_encodings(request: Request) -> None:
    charset = request.content_type.partition("charset=")[2].strip().strip('"').lower()
    if charset not in ("", "utf-8", "utf8") or request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedMediaType(request.content_type, "Send uncompressed JSON in UTF-8.")


def _read(stream, length: str | None) -> bytes:
    if length and length.isdecimal() and int(length) > MAX_BYTES:
        raise _too_large()
    # One byte more than allowed: a body whose stated length lies is found out without reading it whole.
    raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise _too_large()
    return raw


def _too_large() -> Problem:
    return Problem(413, "too_large", f"A body has at most {MAX_BYTES} bytes; send the interactions in several.")

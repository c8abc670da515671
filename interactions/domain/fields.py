"""The fields of an interaction: what each may hold, and a reader for each kind that says why not."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec

from interactions.domain.parsing import string_flaw

MAX_SECONDS = 86_400
TEXT_LENGTH = 200
ID_LENGTH = 64
SESSION_ID_LENGTH = 128
TYPE_LENGTH = 40

# Nobody learned on this system outside these years, and every calendar and zone has room around them.
FIRST_YEAR, LAST_YEAR = 1970, 2200

# RFC 3339, which is stricter than what datetime.fromisoformat reads; a zone is required. The colon of its offset may be
# missing, as many programs write it: the compiled readers take that, and no reader may refuse what they take.
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)")
_WITHOUT_ZONE = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?")


class FieldError(msgspec.Struct, frozen=True, gc=False):
    """One fault: where (JSON pointer below the interaction), a stable code, a sentence."""

    pointer: str
    code: str
    detail: str


def text_reader(limit: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if type(value) is not str:
            raise Fault("wrong_type", "This must be a string.")
        if len(value) > limit:
            raise Fault("too_long", f"This has at most {limit} characters.")
        if (flaw := string_flaw(value)) is not None:
            raise Fault(*flaw)
        return value

    return read


def read_identifier(value: Any) -> str:
    text = _identifier_text(value)
    if not text:
        raise Fault("blank", "This may be left out, but not be empty.")
    return text


_identifier_text = text_reader(ID_LENGTH)


def can_be_id(text: str) -> bool:
    """Whether a text could be an event's id, and so may be echoed in an answer."""
    return 0 < len(text) <= ID_LENGTH and string_flaw(text) is None


def read_time(value: Any) -> datetime:
    """An RFC 3339 time with a zone, as an aware datetime in UTC. Raises ValueError with a sentence."""
    if type(value) is not str:
        raise Fault("wrong_type", "A time is a string such as 2026-01-31T09:30:00Z.")
    if not _RFC_3339.fullmatch(value):
        if _WITHOUT_ZONE.fullmatch(value):
            raise Fault("no_time_zone", "This time has no zone: add Z or an offset such as +01:00.")
        raise Fault("invalid_time", "This is no RFC 3339 time such as 2026-01-31T09:30:00Z.")
    try:
        return in_utc(msgspec.convert(value, datetime))
    except msgspec.ValidationError:
        raise Fault("invalid_time", "There is no such time.") from None
    except OverflowError:
        raise Fault("out_of_range", f"Times lie between the years {FIRST_YEAR} and {LAST_YEAR}.") from None


def in_utc(moment: datetime) -> datetime:
    """The moment in UTC. Raises OverflowError outside the years we know."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise OverflowError
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def read_seconds(value: Any) -> int:
    if type(value) is not int:
        raise Fault("wrong_type", "Seconds are a whole number.")
    if not 0 <= value <= MAX_SECONDS:
        raise Fault("out_of_range", f"Seconds lie between 0 and {MAX_SECONDS}.")
    return value


class Fault(ValueError):
    """A reader's refusal of one value."""

    def __init__(self, code: str, detail: str):
        super().__init__(detail)
        self.code = code
        self.detail = detail

"""Rules for what a person's fields may hold; models, imports and the API share them."""

from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError

PUBLIC_ID_LENGTH = 64


def can_be_public_id(value: object) -> bool:
    """Whether it is worth looking for somebody by this id: no id holds a NUL or half a surrogate pair."""
    return isinstance(value, str) and 0 < len(value) <= PUBLIC_ID_LENGTH and value.isprintable()


def validate_public_id(value: str) -> None:
    """A public id is opaque, but it must survive a URL and a log line."""
    if not value or len(value) > PUBLIC_ID_LENGTH:
        raise ValidationError(f"A public id has 1 to {PUBLIC_ID_LENGTH} characters.", code="length")
    if value == "me":
        raise ValidationError("The public id 'me' is taken: it means the caller.", code="reserved")
    if not value.isprintable() or value != value.strip():
        raise ValidationError("A public id holds printable characters and no blanks at its ends.", code="characters")
    if value.endswith("/") or value in (".", ".."):
        # The API's addresses take a trailing slash, and browsers take dots away.
        raise ValidationError("A public id does not end in a slash, nor is it a dot or two.", code="characters")


def validate_time_zone(value: str) -> None:
    if value and value not in available_timezones():
        raise ValidationError(f"{value} is no IANA time zone, such as Europe/Berlin.", code="time_zone")


def validate_language(value: str) -> None:
    if value and value not in dict(settings.LANGUAGES):
        raise ValidationError(f"{value} is no language of these pages.", code="language")

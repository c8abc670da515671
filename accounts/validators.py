"""Rules for what a person's fields may hold; models, imports and the API share them."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError

PUBLIC_ID_LENGTH = 64


def validate_public_id(value: str) -> None:
    """A public id is opaque, but it must survive a URL and a log line: printable, no blanks at its ends."""
    if not value or len(value) > PUBLIC_ID_LENGTH:
        raise ValidationError(f"A public id has 1 to {PUBLIC_ID_LENGTH} characters.", code="length")
    if value == "me":
        raise ValidationError("The public id 'me' is taken: it means the caller.", code="reserved")
    if not value.isprintable() or value != value.strip():
        raise ValidationError("A public id holds printable characters and no blanks at its ends.", code="characters")


def validate_time_zone(value: str) -> None:
    if value and value not in available_timezones():
        raise ValidationError(f"{value} is no IANA time zone, such as Europe/Berlin.", code="time_zone")

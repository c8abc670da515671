"""Paging through a history: by page number for the first pages, by cursor to any depth."""

from datetime import datetime
from uuid import UUID

from django.core import signing
from django.db.models import Q

from interactions.domain.fields import FieldError
from interactions.models import UserInteractionTrackingModel
from interactions.querysets import InteractionQuerySet

DEFAULT_LIMIT, MAX_LIMIT = 50, 200
# A page number is found by counting past everything before it; deeper than this only the cursor goes.
MAX_OFFSET = 10_000
_SALT = "interactions.history"


class PagingFault(ValueError):
    def __init__(self, error: FieldError):
        super().__init__(error.detail)
        self.error = error


def whole_number(text: str | None, name: str, default: int, largest: int) -> int:
    """A query parameter as a whole number from 1 to `largest`. Raises PagingFault."""
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= largest):
        raise PagingFault(FieldError(f"/{name}", "out_of_range", f"{name} is a whole number from 1 to {largest}."))
    return int(text)


def after(queryset: InteractionQuerySet, cursor: str, subject: int) -> InteractionQuerySet:
    """What comes after a cursor, newest first. Raises PagingFault.

    The cursor is signed and names its learner, so it opens nobody else's history.
    """
    try:
        owner, moment, pk = signing.loads(cursor, salt=_SALT)
        if owner != subject:
            raise signing.BadSignature
        moment, pk = datetime.fromisoformat(moment), UUID(pk)
    except (signing.BadSignature, ValueError, TypeError):
        raise PagingFault(FieldError("/cursor", "invalid_cursor", "Take the cursor from the page before.")) from None
    return queryset.filter(Q(occurred_at__lt=moment) | Q(occurred_at=moment, pk__lt=pk), occurred_at__lte=moment)


def cursor_behind(row: UserInteractionTrackingModel) -> str:
    return signing.dumps([row.user_id, row.occurred_at.isoformat(), str(row.pk)], salt=_SALT)

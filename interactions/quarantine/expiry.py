"""Out of the quarantine for good: what nobody fixed in time."""

from collections.abc import Iterator
from datetime import datetime

from interactions.models import RejectedInteraction

BATCH = 500


def purge_expired(now: datetime) -> Iterator[int]:
    """Delete what has expired, batch by batch, each its own transaction; yields how many were deleted.

    It can be stopped at any time and goes on with what is left.
    """
    # Oldest first by its index, so that no batch looks at a row twice.
    while keys := list(
        RejectedInteraction.objects.expired(now).order_by("expires_at").values_list("pk", flat=True)[:BATCH]
    ):
        # Asked again: a body that came once more meanwhile stays.
        yield RejectedInteraction.objects.expired(now).filter(pk__in=keys).delete()[0]

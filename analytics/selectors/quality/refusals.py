"""What was refused for its content and waits in the quarantine."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Sum

from interactions.models import RejectedInteraction

MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class Refusals:
    """What one sender was refused for one reason at one door.

    bodies    different ones; `times`: how often they came
    expires   when the first of them is deleted
    """

    code: str
    door: str
    sender: str
    sender_id: int
    bodies: int
    times: int
    first_at: datetime
    last_at: datetime
    expires: datetime


def refusals(*, now: datetime) -> list[Refusals]:
    """Most bodies first, at most MOST_ROWS (1 query)."""
    grouped = RejectedInteraction.objects.replayable(now).values("code", "door", "sender")
    rows = grouped.annotate(
        name=Max("sender__name"),
        username=Max("sender__username"),
        bodies=Count("pk"),
        came=Sum("times"),
        first=Min("received_at"),
        last=Max("last_received_at"),
        soonest=Min("expires_at"),
    ).order_by("-bodies", "code", "sender", "door")[:MOST_ROWS]
    return [
        Refusals(
            code=row["code"],
            door=row["door"],
            sender=row["name"] or row["username"],
            sender_id=row["sender"],
            bodies=row["bodies"],
            times=row["came"],
            first_at=row["first"],
            last_at=row["last"],
            expires=row["soonest"],
        )
        for row in rows
    ]

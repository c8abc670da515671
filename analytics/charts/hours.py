"""The hours of one day as they passed: 23 of them where the clock was set forward, 25 where it was set back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from accounts.calendar import day_bounds


@dataclass(frozen=True, slots=True)
class HourSlot:
    """`[start, end)` in UTC, and the clock's words for it: `02:00`, with the zone where an hour comes twice."""

    start: datetime
    end: datetime
    label: str


def hours_of(day: date) -> list[HourSlot]:
    """The hours of an institution's day, told by the institution's clock."""
    start, end = (bound.astimezone(UTC) for bound in day_bounds(day))
    zone = day_bounds(day)[0].tzinfo
    starts = []
    while start < end:
        starts.append(start)
        start += timedelta(hours=1)
    clocks = [timezone.localtime(start, zone) for start in starts]
    told = [f"{clock:%H:%M}" for clock in clocks]
    labels = [f"{name} {clock:%Z}" if told.count(name) > 1 else name for name, clock in zip(told, clocks, strict=True)]
    return [
        HourSlot(first, min(first + timedelta(hours=1), end), label)
        for first, label in zip(starts, labels, strict=True)
    ]

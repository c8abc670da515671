"""The bars of a learner's page: runs of 1, 7 or 28 days, the last one ending on the page's last day.

None of them is cut or unfinished, so that a low bar is little work and no half week. Calendar weeks and
months are the API's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from accounts.models import User
from interactions.domain.scoring import POINT_UNITS
from interactions.models import DailyActivity

# A bar should be wide enough to point at: up to a month by day, up to three years by week.
LONGEST_BY_DAY, LONGEST_BY_WEEK = 31, 3 * 366

# Sums of a day: interactions, active seconds, base points in ten-thousandths.
Sums = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Step:
    """One bar: its days `[start, end)`, interactions, active seconds, base points."""

    start: date
    end: date
    interactions: int
    active_seconds: int
    points: float


def days_per_step(days: int) -> int:
    """The width of a bar for a series of so many days."""
    return 1 if days <= LONGEST_BY_DAY else 7 if days <= LONGEST_BY_WEEK else 28


def daily_sums(learner: User, first: date | None, last: date) -> dict[date, Sums]:
    """What was done on each day from `first` (None: all) through `last`, where anything was (1 query)."""
    rows = (
        DailyActivity.objects.filter(user=learner)
        .within_days(first, last + timedelta(days=1))
        .values_list("day")
        .annotate(count=Sum("interactions"), seconds=Sum("active_seconds"), units=Sum("base_units"))
        .order_by("day")
    )
    return {day: sums for day, *sums in rows}


def first_of_steps(first: date, last: date, width: int) -> date:
    """The first day of the whole steps that reach back to `first`."""
    return last - timedelta(days=-(-((last - first).days + 1) // width) * width - 1)


def steps_of(sums: Mapping[date, Sums], first: date, last: date, width: int) -> list[Step]:
    """Steps from `first`, a step's first day, through `last`, zeros filled in."""
    return [
        _step(sums, start, start + timedelta(days=width))
        for start in (first + timedelta(days=age) for age in range(0, (last - first).days + 1, width))
    ]


def _step(sums: Mapping[date, Sums], start: date, end: date) -> Step:
    days = [start + timedelta(days=age) for age in range((end - start).days)]
    interactions, seconds, units = (sum(sums[day][part] for day in days if day in sums) for part in range(3))
    return Step(start, end, interactions, seconds, units / POINT_UNITS)

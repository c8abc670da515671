"""Counting what is due, a week at a time: kill it anywhere, and the next run goes on where it was."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from analytics.models import CountedDay, CountingProgress
from analytics.rollups.basis import Crowds, read_basis
from analytics.rollups.changes import find_changes, mark_due, progress_row
from analytics.rollups.facts import count_day
from analytics.rollups.levels import count_levels
from analytics.rollups.retention import is_released, release_retention, release_week
from analytics.rollups.spans import Span, roll_up, store, week_of
from interactions.models import UserInteractionTrackingModel
from interactions.policies import policy_book
from interactions.recount import stable_snapshot
from interactions.retry import retried


@dataclass(frozen=True, slots=True)
class Counted:
    """What one run did. complete_through: everything received before is in the counts."""

    days: int
    interactions: int
    weeks_of_levels: int
    complete_through: datetime


def count_changes(
    *, now: datetime, everything: bool = False, heard: Callable[[int], None] = lambda days: None
) -> Counted:
    """Find what changed since the last run and count it.

    everything   every day, whatever is known of it
    heard        told after each step how many days it counted: for a progress bar, and for a lease
    """
    complete_through = find_changes(now=now, everything=everything)
    return _count_due(complete_through, now, heard)


def count_between(first: date | None, last: date | None, *, now: datetime, heard: Callable[[int], None]) -> Counted:
    """Count the days from `first` to `last` (inclusive, None: open) anew, and what is due besides."""
    complete_through = find_changes(now=now)
    days = UserInteractionTrackingModel.objects.values_list("day", flat=True).distinct()
    known = set(days) | set(CountedDay.objects.values_list("day", flat=True))
    chosen = [day for day in known if (first or date.min) <= day <= (last or date.max)]
    mark_due(chosen)
    return _count_due(complete_through, now, heard)


def due_days() -> list[date]:
    """Newest first: whoever looks meanwhile sees the latest days right."""
    return list(CountedDay.objects.filter(due=True, sealed=False).order_by("-day").values_list("day", flat=True))


def _count_due(complete_through: datetime, now: datetime, heard: Callable[[int], None]) -> Counted:
    days = interactions = 0
    for monday, chosen in _by_week(due_days()):
        interactions += retried(lambda monday=monday, chosen=chosen: count_week(monday, chosen, now))
        days += len(chosen)
        heard(len(chosen))
    weeks = count_levels(now=now, heard=lambda: heard(0))
    release_retention(now=now, heard=lambda: heard(0))
    if not due_days():
        CountingProgress.objects.update(complete_through=complete_through)
    return Counted(days, interactions, len(weeks), complete_through)


def _by_week(days: list[date]) -> Iterator[tuple[date, list[date]]]:
    for monday, chosen in groupby(days, key=week_of):
        yield monday, list(chosen)


def count_week(monday: date, days: list[date], now: datetime) -> int:
    """Count some days of one week anew, and the week and its block with them, in one transaction."""
    counted = 0
    with stable_snapshot():
        # The lock first: with it begins the snapshot, and no other counter is at these days.
        rows = CountedDay.objects.select_for_update().filter(day__in=days, sealed=False).order_by("day")
        open_days = [row.day for row in rows]
        basis, book, zone_changed = read_basis(), policy_book(), progress_row().zone_changed
        crowds, known = Crowds.read(basis), {}
        for day in open_days:
            cells, interactions = count_day(day, basis=basis, crowds=crowds, book=book, zone_changed=zone_changed)
            store(Span.DAY, day, cells)
            known[day] = cells
            CountedDay.objects.filter(day=day).update(due=False, counted_at=now, interactions=interactions)
            counted += interactions
        roll_up(monday, known, basis)
        if is_released(monday):
            release_week(monday, basis, now)
    return counted

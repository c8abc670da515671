"""What one learner did in a window and what it adds up to: the answer of `engagement/{userId}` and of the page."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from accounts.calendar import day_start, institution_zone, local_day
from accounts.models import User
from engagement.domain.buckets import day_starts, first_day_of, hour_starts
from engagement.domain.sessions import SessionSummary, summarise
from engagement.domain.streaks import Streak, streak_of
from engagement.selectors import Index, Record, indexes_of, records_of
from interactions.domain.scoring import POINT_UNITS
from interactions.models import DailyActivity, UserInteractionTrackingModel
from interactions.policies import PolicyBook, policy_book
from interactions.windows import Window


@dataclass(frozen=True, slots=True)
class TimeSpent:
    """Seconds, three times and never one.

    active      known to be spent with the page visible and used
    wall_clock  between start and end, whether or not anybody was there
    unknown     the share of wall_clock of which nobody knows whether it was active
    untimed     interactions (a count) that brought no time at all
    """

    active: int
    wall_clock: int
    unknown: int
    untimed: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """One step of a series: start (UTC), interactions, active seconds, base points."""

    start: datetime
    interactions: int = 0
    active_seconds: int = 0
    points: float = 0.0


@dataclass(frozen=True, slots=True)
class Totals:
    interactions: int
    by_type: dict[str, int]
    time_spent: TimeSpent


@dataclass(frozen=True, slots=True)
class Previous:
    """The window of as many days just before: the learner's own past to compare with."""

    window: Window
    index: Index
    totals: Totals


@dataclass(frozen=True, slots=True)
class EngagementAnalytics:
    learner: User
    window: Window
    granularity: str
    complete_through: datetime
    policy_version: str
    index: Index
    totals: Totals
    series: list[Bucket]
    sessions: SessionSummary
    streak: Streak
    previous: Previous | None
    record: Record
    last_day: date


def engagement_analytics(learner: User, *, window: Window, granularity: str, now: datetime) -> EngagementAnalytics:
    """Engagement of a learner in a window cut to whole days (8 queries at most, whatever the window holds)."""
    window, book = window.in_whole_days(), policy_book()
    # The index and the streak are of a day that has come; the sums take in all that the window holds, for a
    # client's clock may run minutes ahead of ours, past midnight too.
    as_of = min(window.last_day, local_day(now))
    record = records_of([learner.pk], since=None, today=as_of, book=book)[learner.pk]
    previous = window.previous
    rows = _daily_rows(learner, previous.start if previous else None, window.last_day)
    first_day = window.first_day or min((row.day for row in rows), default=as_of)
    last_day = max(as_of, rows[-1].day) if rows else as_of
    inside = [row for row in rows if first_day <= row.day]
    times = _times(learner, window)
    return EngagementAnalytics(
        learner=learner,
        window=window,
        granularity=granularity,
        complete_through=now,
        policy_version=book.on(as_of).version,
        index=indexes_of([record], as_of, book)[0],
        totals=_totals(inside),
        series=_hours(times, first_day, min(window.until, now))
        if granularity == "hour"
        else _days(inside, first_day, last_day, granularity),
        sessions=summarise(np.array([occurred_at.timestamp() for occurred_at, _, _ in times])),
        streak=streak_of(record.active_days(as_of), record.tenure, as_of),
        previous=_previous(previous, record, [row for row in rows if row.day < first_day], book),
        record=record,
        last_day=last_day,
    )


def _daily_rows(learner: User, start: datetime | None, last_day: date) -> list[DailyActivity]:
    """Daily sums from the start (None: from the first) through a day, in order of days."""
    first = None if start is None else local_day(start)
    rows = DailyActivity.objects.filter(user=learner).within_days(first, last_day + timedelta(days=1))
    return list(rows.order_by("day"))


def _times(learner: User, window: Window) -> list[tuple[datetime, int | None, int]]:
    """When each interaction happened, its active seconds and base units, in order of time."""
    return list(
        UserInteractionTrackingModel.objects.filter(user=learner)
        .within(window.start, window.until)
        .order_by("occurred_at")
        .values_list("occurred_at", "active_seconds", "base_units")
    )


def _totals(rows: list[DailyActivity]) -> Totals:
    by_type: Counter[str] = Counter()
    for row in rows:
        by_type[row.interaction_type] += row.interactions
    return Totals(
        interactions=by_type.total(),
        by_type=dict(sorted(by_type.items())),
        time_spent=TimeSpent(
            active=sum(row.active_seconds for row in rows),
            wall_clock=sum(row.wall_seconds for row in rows),
            unknown=sum(row.unknown_seconds for row in rows),
            untimed=sum(row.untimed for row in rows),
        ),
    )


def _previous(window: Window | None, record: Record, rows: list[DailyActivity], book: PolicyBook) -> Previous | None:
    if window is None:
        return None
    return Previous(window, indexes_of([record], window.last_day, book)[0], _totals(rows))


def _days(rows: list[DailyActivity], first: date, last: date, granularity: str) -> list[Bucket]:
    """The series by day, week or month, zeros filled in. A first week may begin before the window."""
    sums: dict[date, tuple[int, int, int]] = {}
    for row in rows:
        start = first_day_of(row.day, granularity)
        count, active, units = sums.get(start, (0, 0, 0))
        sums[start] = (count + row.interactions, active + row.active_seconds, units + row.base_units)
    return [
        _bucket(day_start(max(start, first)).astimezone(UTC), *sums.get(start, (0, 0, 0)))
        for start in day_starts(first, last, granularity)
    ]


def _hours(times: list[tuple[datetime, int | None, int]], first: date, end: datetime) -> list[Bucket]:
    last = max(end, times[-1][0] + timedelta(microseconds=1)) if times else end
    starts = hour_starts(first, last, institution_zone())
    sums = [(0, 0, 0)] * len(starts)
    for occurred_at, active, units in times:
        hour = (occurred_at - starts[0]) // timedelta(hours=1)
        count, seconds, points = sums[hour]
        sums[hour] = (count + 1, seconds + (active or 0), points + units)
    return [_bucket(start, *values) for start, values in zip(starts, sums, strict=True)]


def _bucket(start: datetime, interactions: int, active: int, units: int) -> Bucket:
    return Bucket(start, interactions, active, units / POINT_UNITS)

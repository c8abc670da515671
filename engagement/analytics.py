"""What one learner did in a window and what it adds up to: the answer of `engagement/{userId}` and of the page."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import numpy as np
from django.db.models import QuerySet

from accounts.calendar import day_start, institution_zone, local_day
from accounts.models import User
from accounts.statements import statement
from engagement.domain.buckets import day_starts, first_day_of, hour_starts
from engagement.domain.sessions import SessionSummary, summarise
from engagement.domain.streaks import Streak, streak_of
from engagement.selectors import Index, Record, index_by_day, indexes_of, records_of
from interactions.domain.attempts import COMPLETE
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
    """One step of a series: start (UTC), interactions, active seconds, base points.

    index   of the 28 days that end with the step's last day, 0-100; None by the hour, and below 7 counting days
    """

    start: datetime
    interactions: int = 0
    active_seconds: int = 0
    points: float = 0.0
    index: float | None = None


@dataclass(frozen=True, slots=True)
class Touched:
    """What was worked with: how many cases and resources, cases worked to their end, resources by their type."""

    cases: int
    cases_completed: int
    resources: int
    resources_by_type: dict[str, int]


@dataclass(frozen=True, slots=True)
class Totals:
    """active_days: of those that have come"""

    interactions: int
    active_days: int
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
    """as_of: the day whose index it is, the window's last or today; last_day: the newest with anything on it"""

    learner: User
    window: Window
    granularity: str
    complete_through: datetime
    policy_version: str
    index: Index
    totals: Totals
    touched: Touched
    series: list[Bucket]
    sessions: SessionSummary
    streak: Streak
    previous: Previous | None
    record: Record
    as_of: date
    last_day: date


def engagement_analytics(learner: User, *, window: Window, granularity: str, now: datetime) -> EngagementAnalytics:
    """Engagement of a learner in a window cut to whole days (7 queries at most, whatever the window holds)."""
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
    facts = _facts(learner, window)
    return EngagementAnalytics(
        learner=learner,
        window=window,
        granularity=granularity,
        complete_through=now,
        policy_version=book.on(as_of).version,
        index=indexes_of([record], as_of, book)[0],
        totals=_totals(inside, record, first_day, as_of),
        touched=_touched(facts),
        series=_hours(facts, first_day, min(window.until, now))
        if granularity == "hour"
        else _days(inside, first_day, last_day, granularity, index_by_day(record, first_day, as_of, book)),
        sessions=summarise(np.array([fact.occurred_at.timestamp() for fact in facts])),
        streak=streak_of(record.active_days(as_of), record.tenure, as_of),
        previous=_previous(previous, record, [row for row in rows if row.day < first_day], as_of, book),
        record=record,
        as_of=as_of,
        last_day=last_day,
    )


class _Sums(NamedTuple):
    """What is read of a day's sums of one type."""

    day: date
    interaction_type: str
    interactions: int
    base_units: int
    active_seconds: int
    wall_seconds: int
    unknown_seconds: int
    untimed: int


def _daily_rows(learner: User, start: datetime | None, last_day: date) -> list[_Sums]:
    """Daily sums from the start (None: from the first) through a day, in order of days."""
    first = None if start is None else local_day(start)
    return list(map(_Sums._make, _sums(learner.pk, first, last_day + timedelta(days=1))))


@statement
def _sums(learner, first, end) -> QuerySet:
    rows = DailyActivity.objects.filter(user=learner).within_days(first, end)
    # Values, not models: a year of a busy learner is thousands of rows.
    return rows.order_by("day").values_list(*_Sums._fields)


class _Fact(NamedTuple):
    """What is read of one interaction."""

    occurred_at: datetime
    active_seconds: int | None
    base_units: int
    interaction_type: str
    case_id: str
    resource_type: str
    resource_id: str


@statement
def _interactions(learner, start, end) -> QuerySet:
    rows = UserInteractionTrackingModel.objects.filter(user=learner).within(start, end)
    return rows.order_by("occurred_at").values_list(*_Fact._fields)


def _facts(learner: User, window: Window) -> list[_Fact]:
    """The window's interactions in order of time."""
    return list(map(_Fact._make, _interactions(learner.pk, window.start, window.until)))


def _touched(facts: list[_Fact]) -> Touched:
    resources = {(fact.resource_type, fact.resource_id) for fact in facts if fact.resource_id}
    return Touched(
        cases=len({fact.case_id for fact in facts if fact.case_id}),
        cases_completed=len({fact.case_id for fact in facts if fact.case_id and fact.interaction_type == COMPLETE}),
        resources=len(resources),
        resources_by_type=dict(sorted(Counter(kind for kind, _ in resources).items())),
    )


def _totals(rows: list[_Sums], record: Record, first: date, last: date) -> Totals:
    by_type: Counter[str] = Counter()
    for row in rows:
        by_type[row.interaction_type] += row.interactions
    return Totals(
        interactions=by_type.total(),
        active_days=sum(first <= day for day in record.active_days(last)),
        by_type=dict(sorted(by_type.items())),
        time_spent=TimeSpent(
            active=sum(row.active_seconds for row in rows),
            wall_clock=sum(row.wall_seconds for row in rows),
            unknown=sum(row.unknown_seconds for row in rows),
            untimed=sum(row.untimed for row in rows),
        ),
    )


def _previous(
    window: Window | None, record: Record, rows: list[_Sums], as_of: date, book: PolicyBook
) -> Previous | None:
    if window is None:
        return None
    # Before a range that has not come lies one that has not come to its end.
    last = min(window.last_day, as_of)
    return Previous(window, indexes_of([record], last, book)[0], _totals(rows, record, window.first_day, last))


def _days(
    rows: list[_Sums], first: date, last: date, granularity: str, index: dict[date, float | None]
) -> list[Bucket]:
    """The series by day, week or month, zeros filled in. A first week may begin before the window."""
    sums: dict[date, tuple[int, int, int]] = {}
    for row in rows:
        start = first_day_of(row.day, granularity)
        count, active, units = sums.get(start, (0, 0, 0))
        sums[start] = (count + row.interactions, active + row.active_seconds, units + row.base_units)
    # Days are in order, so the newest of a step is the one that stays.
    at_the_end = {first_day_of(day, granularity): score for day, score in index.items()}
    return [
        _bucket(day_start(max(start, first)).astimezone(UTC), *sums.get(start, (0, 0, 0)), at_the_end.get(start))
        for start in day_starts(first, last, granularity)
    ]


def _hours(facts: list[_Fact], first: date, end: datetime) -> list[Bucket]:
    last = max(end, facts[-1].occurred_at + timedelta(microseconds=1)) if facts else end
    starts = hour_starts(first, last, institution_zone())
    sums = [(0, 0, 0)] * len(starts)
    for fact in facts:
        hour = (fact.occurred_at - starts[0]) // timedelta(hours=1)
        count, seconds, points = sums[hour]
        sums[hour] = (count + 1, seconds + (fact.active_seconds or 0), points + fact.base_units)
    return [_bucket(start, *values) for start, values in zip(starts, sums, strict=True)]


def _bucket(start: datetime, interactions: int, active: int, units: int, index: float | None = None) -> Bucket:
    return Bucket(start, interactions, active, units / POINT_UNITS, index)

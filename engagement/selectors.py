"""Reads that turn daily sums into the index, for one learner or a cohort, in a constant number of queries."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np
from django.db.models import Min, QuerySet

from accounts.models import Enrolment
from accounts.statements import statement
from engagement.domain.case_ends import CaseEnds
from engagement.domain.index import LEAST_DAYS, WINDOW_DAYS, engagement_indexes
from engagement.domain.insufficient import Insufficient, Need
from engagement.domain.tenure import Tenure
from interactions.domain.scoring import ACTIVE_DAY_POINTS, POINT_UNITS, is_active
from interactions.models import DailyActivity
from interactions.policies import PolicyBook


class LearnerIndex(NamedTuple):
    """The index of one learner as of a day.

    score, level                   L 0-100 and its word
    activity, regularity, depth    parts, 0-1
    days                           counting days looked at
    """

    score: float
    level: str
    activity: float
    regularity: float
    depth: float
    days: int


Index = LearnerIndex | Insufficient


_ENDS = ("abandoned", "first_abandoned", "last_abandoned", "last_completed")
# Shared by all days on which no case ended.
NO_ENDS = CaseEnds()


@dataclass(frozen=True, slots=True)
class Day:
    """One learner's day: capped base points D, the best interaction's points, how many, the last one, cases ended."""

    points: float
    best: float
    interactions: int
    last_at: datetime
    policy_version: str
    ends: CaseEnds = NO_ENDS

    @property
    def is_active(self) -> bool:
        return is_active(self.points)


@dataclass(frozen=True, slots=True)
class Record:
    """What the index and the pages need of one learner: which days count, and what was done on each."""

    tenure: Tenure
    days: dict[date, Day] = field(default_factory=dict)

    def active_days(self, last: date) -> list[date]:
        # Not by `is_active`: every answer about a learner asks this of all his days several times.
        return sorted([day for day, done in self.days.items() if done.points >= ACTIVE_DAY_POINTS and day <= last])

    @property
    def case_ends(self) -> dict[date, CaseEnds]:
        """Of the days on which a case ended."""
        return {day: done.ends for day, done in self.days.items() if done.ends is not NO_ENDS}


def tenures_of(learners: Collection[int], today: date) -> dict[int, Tenure]:
    """Which days count for each learner, by key, in the order asked (2 queries, 1 where everybody was enrolled).

    From the start of the earliest enrolment that runs today, else of the latest that ran before; without
    any, from the first interaction.
    """
    enrolled = tenures_by_enrolments(_enrolments(list(learners), today), today) if learners else {}
    never = set(learners) - enrolled.keys()
    first_days = dict(_first_days(never)) if never else {}
    return {learner: enrolled.get(learner) or Tenure(first_days.get(learner)) for learner in learners}


ENROLMENT = ("learner_id", "pk", "start", "end", "pauses__start", "pauses__end")


@statement
def _enrolments(learners, today) -> QuerySet:
    # One row for each pause, one for an enrolment without any.
    enrolments = Enrolment.objects.filter(learner__among=learners, start__lte=today)
    return enrolments.order_by("start", "pk", "pauses").values_list(*ENROLMENT)


@statement
def _first_days(learners) -> QuerySet:
    days = DailyActivity.objects.filter(user__among=learners).values("user").annotate(first=Min("day"))
    return days.values_list("user", "first")


def tenures_by_enrolments(rows: Iterable[tuple], today: date) -> dict[int, Tenure]:
    """By learner's key, of enrolments (ENROLMENT, in order of their start) that began by today."""
    enrolled: dict[int, list[_Enrolled]] = {}
    for learner, key, start, end, *pause in rows:
        of = enrolled.setdefault(learner, [])
        if not of or of[-1].key != key:
            of.append(_Enrolled(key, start, end, []))
        if pause[0] is not None:
            of[-1].pauses.append(tuple(pause))
    return {learner: _tenure(several, today) for learner, several in enrolled.items()}


class _Enrolled(NamedTuple):
    key: int
    start: date
    end: date | None
    pauses: list[tuple[date, date]]


def _tenure(enrolments: list[_Enrolled], today: date) -> Tenure:
    """The tenure that the enrolments tell, given all in order of their start."""
    running = [row for row in enrolments if row.end is None or row.end > today]
    counted = running or enrolments[-1:]
    return Tenure(counted[0].start, tuple(pause for row in counted for pause in row.pauses))


def records_of(
    learners: Collection[int],
    *,
    since: date | None,
    today: date,
    book: PolicyBook,
    tenures: dict[int, Tenure] | None = None,
) -> dict[int, Record]:
    """Records of learners, by key, their days from `since` (None: all) through `today` (3 queries).

    tenures   where they are read already (`tenures_of`, then 1 query here)
    """
    if tenures is None:
        tenures = tenures_of(learners, today)
    records = {learner: Record(tenures[learner]) for learner in learners}
    rows = _days(list(learners), since, today + timedelta(days=1), book) if learners else []
    for user, day, points, best, count, last, version, abandoned, first, newest, completed in rows:
        ends = CaseEnds(abandoned or 0, first, newest, completed) if abandoned or completed else NO_ENDS
        records[user].days[day] = Day(points / POINT_UNITS, best / POINT_UNITS, count, last, version, ends)
    return records


@statement
def _days(learners, since, end, book: PolicyBook) -> QuerySet:
    days = DailyActivity.objects.filter(user__among=learners).within_days(since, end).per_day(book).with_case_ends()
    return days.values_list("user", "day", "points", "best", "count", "last", "policy_version", *_ENDS)


def indexes_of(records: Iterable[Record], as_of: date, book: PolicyBook) -> list[Index]:
    """The index of each record as of a day. No query; the records must reach back far enough (`reach`)."""
    return indexes_on([(record, as_of) for record in records], book)


def indexes_on(asked: Sequence[tuple[Record, date]], book: PolicyBook) -> list[Index]:
    """The index of each record as of a day of its own, all at once. No query."""
    windows = [_window(record, as_of, book.on(as_of).effective_from) for record, as_of in asked]
    points, best = np.zeros((2, len(asked), WINDOW_DAYS))
    for row, ((record, _), window) in enumerate(zip(asked, windows, strict=True)):
        for age, day in enumerate(window):
            if (done := record.days.get(day)) is not None:
                points[row, age], best[row, age] = done.points, done.best
    measured = engagement_indexes(points, best, np.array([len(window) for window in windows]))
    return [
        LearnerIndex(
            score=float(measured.score[row]),
            level=measured.level(row),
            activity=float(measured.activity[row]),
            regularity=float(measured.regularity[row]),
            depth=float(measured.depth[row]),
            days=int(measured.days[row]),
        )
        if len(windows[row]) >= LEAST_DAYS
        else Insufficient((Need("counting days", len(windows[row]), LEAST_DAYS),))
        for row in range(len(asked))
    ]


def _window(record: Record, as_of: date, effective_from: date) -> list[date]:
    # Scores of different versions are not mixed: the clock starts again with a new policy.
    return [day for day in record.tenure.counting_days(as_of, WINDOW_DAYS) if day >= effective_from]


def index_by_day(record: Record, first: date, last: date, book: PolicyBook) -> dict[date, float | None]:
    """The score of a record's index as of each day from `first` through `last`, in order; None: not enough data.

    The same as `indexes_of` day by day, at once. No query; the record reaches back 28 counting days before `first`.
    """
    # Counting days newest first, as far back as any of the windows goes.
    before = record.tenure.counting_days(first - timedelta(days=1), WINDOW_DAYS)
    inside = record.tenure.counting_days(last, max(0, (last - first).days + 1))
    counting = [day for day in inside if day >= first] + before
    done = [record.days.get(day) for day in counting]
    ordinals = np.array([day.toordinal() for day in counting], dtype=int)
    # Zeros behind the oldest, so that every window is whole; `tenure` says how much of it counts.
    points, best = np.zeros((2, len(counting) + WINDOW_DAYS))
    points[: len(done)] = [0.0 if day is None else day.points for day in done]
    best[: len(done)] = [0.0 if day is None else day.best for day in done]
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    newest = np.array([np.searchsorted(-ordinals, -day.toordinal()) for day in days], dtype=int)
    since = np.array([book.on(day).effective_from.toordinal() for day in days], dtype=int)
    tenure = np.searchsorted(-ordinals, -since, side="right") - newest
    window = newest[:, None] + np.arange(WINDOW_DAYS)
    measured = engagement_indexes(points[window], best[window], np.maximum(tenure, 0))
    return {
        day: None if score != score else float(score) for day, score in zip(days, measured.score.tolist(), strict=True)
    }


def reach(tenures: Iterable[Tenure], today: date, most: int) -> date:
    """How far back the newest `most` counting days of any of these learners go."""
    return min((day for tenure in tenures if (day := tenure.first_of_counting_days(today, most))), default=today)

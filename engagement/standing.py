"""Where one learner stands today: the judgement that the cohort's table, the learner's page and the API share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor
from typing import NamedTuple

from engagement.domain.attention import FALL_POINTS, RHYTHM_DAYS, Attention, reasons_for, total_points
from engagement.domain.index import WINDOW_DAYS
from engagement.domain.insufficient import Insufficient
from engagement.domain.tenure import Tenure
from engagement.selectors import Index, Record, indexes_of
from interactions.policies import PolicyBook

WEEKS = 12
# As many counting days as any rule below looks back on.
LOOK_BACK_DAYS = RHYTHM_DAYS
# As long as a pause lies within the window of the index, it explains a change.
BACK_FOR_DAYS = WINDOW_DAYS
RISE_POINTS = FALL_POINTS
# What a row says, each learner one thing; PLAIN: nothing stands out.
PAUSED, NEEDING, BACK, UNMEASURED, RISEN, PLAIN = "paused", "needing", "back", "unmeasured", "risen", ""


class Week(NamedTuple):
    """Seven days, the last week ending today.

    start        its first day
    points       what its days count for in the index (each type up to its daily cap); None: no day counted
    active_days  how many of its days were active, 0-7
    """

    start: date
    points: float | None
    active_days: int


@dataclass(frozen=True, slots=True)
class Weeks(Sequence[Week]):
    """Weeks in a row, kept by column: of hundreds of learners some columns are looked at, and few weeks."""

    starts: tuple[date, ...]
    points: tuple[float | None, ...]
    active_days: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, position: int) -> Week:
        return Week(self.starts[position], self.points[position], self.active_days[position])


@dataclass(frozen=True, slots=True)
class Standing:
    """today             the day it is of
    index, before     today and 28 days ago
    reasons           why somebody might look, the weightiest first; their points add up
    paused_until      the first day that counts again, None when no pause runs today
    back_since        the first day that counted after a pause that ended within the last 28 days, else None
    weeks             the last 12, oldest first
    """

    today: date
    index: Index
    before: Index
    reasons: tuple[Attention, ...]
    paused_until: date | None
    back_since: date | None
    weeks: Weeks

    @property
    def attention(self) -> Attention | None:
        """The reason that is told first."""
        return self.reasons[0] if self.reasons else None

    @property
    def points(self) -> int:
        """How much it asks for somebody, in whole points: the sum of its reasons' (docs/insights.md)."""
        return total_points(self.reasons)

    @property
    def score(self) -> float | None:
        return score_of(self.index)

    @property
    def level(self) -> str | None:
        return level_of(self.index)

    @property
    def level_before(self) -> str | None:
        return level_of(self.before)

    @property
    def change(self) -> int | None:
        """Whole index points against 28 days ago, as both are shown; None where one of them is not measured."""
        before = score_of(self.before)
        return None if self.score is None or before is None else floor(self.score) - floor(before)

    @property
    def is_paused(self) -> bool:
        return self.paused_until is not None

    @property
    def kind(self) -> str:
        """The one thing that is said first."""
        if self.is_paused:
            return PAUSED
        if self.attention:
            return NEEDING
        if self.back_since:
            return BACK
        if self.score is None:
            return UNMEASURED
        return RISEN if self.change is not None and self.change >= RISE_POINTS else PLAIN

    @property
    def was_active(self) -> bool:
        """Whether any of the last 7 days was active."""
        return self.weeks.active_days[-1] > 0


def score_of(index: Index) -> float | None:
    return None if isinstance(index, Insufficient) else index.score


def level_of(index: Index) -> str | None:
    return None if isinstance(index, Insufficient) else index.level


def standings_of(records: Sequence[Record], today: date, book: PolicyBook) -> list[Standing]:
    """The standing of each record. No query; the records reach back LOOK_BACK_DAYS counting days."""
    now = indexes_of(records, today, book)
    before = indexes_of(records, today - timedelta(days=WINDOW_DAYS), book)
    return [
        Standing(
            today=today,
            index=index,
            before=index_before,
            reasons=reasons_of(record, today, index, index_before),
            paused_until=paused_until(record.tenure, today),
            back_since=back_since(record.tenure, today),
            weeks=_weeks(record, today),
        )
        for record, index, index_before in zip(records, now, before, strict=True)
    ]


def reasons_of(record: Record, today: date, index: Index, before: Index) -> tuple[Attention, ...]:
    """Why somebody might look at this record, given its index of that day and of 28 days before."""
    return reasons_for(
        active_days=record.active_days(today),
        case_ends=record.case_ends,
        tenure=record.tenure,
        today=today,
        score=score_of(index),
        score_before=score_of(before),
    )


def paused_until(tenure: Tenure, today: date) -> date | None:
    """The first day that counts again; None when no pause runs today."""
    return max((end for start, end in tenure.pauses if start <= today < end), default=None) if tenure.pauses else None


def back_since(tenure: Tenure, today: date) -> date | None:
    """The first day that counted after a pause that ended lately; None without one.

    Enrolments may pause one after the other: back is who is on no pause at all.
    """
    if not tenure.pauses:
        return None
    since = today - timedelta(days=BACK_FOR_DAYS)
    ends = [
        end
        for start, end in tenure.pauses
        if tenure.start is not None and end > tenure.start and since < end <= today and not tenure.is_paused(end)
    ]
    return None if tenure.is_paused(today) else max(ends, default=None)


def _weeks(record: Record, today: date) -> Weeks:
    starts = [today - timedelta(days=7 * ago - 1) for ago in range(WEEKS, 0, -1)]
    return Weeks(*zip(*(_week(record, start) for start in starts), strict=True))


def _week(record: Record, start: date) -> Week:
    tenure = record.tenure
    days = [start + timedelta(days=step) for step in range(7)]
    done = [record.days[day] for day in days if day in record.days]
    counts = tenure.start is not None and any(day >= tenure.start and not tenure.is_paused(day) for day in days)
    return Week(
        start=start,
        points=sum(day.points for day in done) if counts else None,
        active_days=sum(day.is_active for day in done),
    )

"""The smallest change that would clear a reason for attention: made on a copy of the record, and judged again.

Nothing is worded that was not tried: a change is added to the learner's record day by day, and the rules that
found the reason are asked whether it is gone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from statistics import median
from typing import Any

from engagement.domain.attention import ABANDONED, FALLEN, RHYTHM_DAYS, Attention, total_points
from engagement.domain.case_ends import CaseEnds
from engagement.domain.index import WINDOW_DAYS
from engagement.domain.insufficient import Insufficient
from engagement.domain.tenure import Tenure
from engagement.selectors import Day, Index, Record, indexes_of, indexes_on
from engagement.standing import Standing, reasons_of
from interactions.domain.scoring import ACTIVE_DAY_POINTS, LEVEL_NAMES
from interactions.policies import PolicyBook

# After so many active days in a row the index stands where four weeks of work put it.
MOST_ACTIVE_DAYS = WINDOW_DAYS
MOST_DAYS_TO_A_LEVEL = 14
# A pause stands no chance of being found later than this.
_MOST_STEPS = 400


@dataclass(frozen=True, slots=True)
class Clearing:
    """One change, or another, that makes a reason go.

    active_days    so many more, on the next days that count; None where they are not what it takes
    cases          so many cases worked to the end; None where they are not what it takes
    by             the earliest day on which it may be gone
    pause_from     a pause from this day through today would clear it as well; None where it would not
    points_after   of all reasons together once it is done, then
    """

    active_days: int | None
    cases: int | None
    by: date
    pause_from: date | None
    points_after: int


def clearings_of(
    record: Record, standing: Standing, *, now: datetime, book: PolicyBook
) -> list[tuple[Attention, Clearing | None]]:
    """Each reason of a standing, and what would clear it."""
    today = standing.today
    return [(reason, clearing_of(record, reason, today=today, now=now, book=book)) for reason in standing.reasons]


def clearing_of(record: Record, reason: Attention, *, today: date, now: datetime, book: PolicyBook) -> Clearing | None:
    """The smallest change that clears one of the reasons of `reasons_of(record, today, …)`; None: none was found.

    record   reaches back RHYTHM_DAYS counting days before today, at least
    """
    if reason.kind == ABANDONED:
        done = with_completion(record, today, now)
        after = _reasons(done, today, book)
        return Clearing(None, 1, today, None, total_points(after))
    usual = usual_day(record, today, now)
    for number, (day, tried) in enumerate(_with_active_days(record, usual, today), start=1):
        after = _reasons(tried, day, book)
        if reason.kind not in {other.kind for other in after}:
            pause = None if reason.kind == FALLEN else _pause_from(record, today)
            return Clearing(number, None, day, pause, total_points(after))
        if number == MOST_ACTIVE_DAYS:
            break
    return None


def days_to_next_level(
    record: Record, index: Index, today: date, now: datetime, book: PolicyBook
) -> dict[str, Any] | None:
    """How many usual active days in a row lead to the level above, within a fortnight; None: there is none to tell."""
    if isinstance(index, Insufficient) or index.level == LEVEL_NAMES[-1]:
        return None
    usual = usual_day(record, today, now)
    tried = list(islice(_with_active_days(record, usual, today), MOST_DAYS_TO_A_LEVEL))
    # All at once: of one record arrays take longer to set up than to fill.
    indexes = indexes_on([(with_days, day) for day, with_days in tried], book)
    for number, ((day, _), then) in enumerate(zip(tried, indexes, strict=True), start=1):
        if LEVEL_NAMES.index(then.level) > LEVEL_NAMES.index(index.level):
            return {"level": then.level, "active_days": number, "by_day": day, "score": then.score}
    return None


def usual_day(record: Record, today: date, now: datetime) -> Day:
    """What this learner's active day is like, by the median of his own in the newest 84 counting days.

    The least there is where none is known.
    """
    known = (record.days.get(day) for day in record.tenure.counting_days(today, RHYTHM_DAYS))
    active = [day for day in known if day is not None and day.is_active]
    if not active:
        return Day(ACTIVE_DAY_POINTS, ACTIVE_DAY_POINTS, 1, now, "")
    return Day(median(day.points for day in active), median(day.best for day in active), 1, now, "")


def days_to_come(record: Record, today: date) -> Iterator[date]:
    """Counting days that may yet become active: today unless it is, and those after."""
    for step in range(_MOST_STEPS):
        day = today + timedelta(days=step)
        done = record.days.get(day)
        if not record.tenure.is_paused(day) and (done is None or not done.is_active):
            yield day


def _with_active_days(record: Record, usual: Day, today: date) -> Iterator[tuple[date, Record]]:
    """The record with one more active day each time, and the day that became so."""
    days = dict(record.days)
    for day in days_to_come(record, today):
        # What was done on a day already stays: a case begun or given up on it is not undone.
        ends = days[day].ends if day in days else usual.ends
        days[day] = replace(usual, ends=ends)
        yield day, Record(record.tenure, dict(days))


def with_completion(record: Record, today: date, now: datetime) -> Record:
    """The record with a case worked to its end just now; as the learner's usual day where today had no work."""
    before = record.days.get(today)
    usual = usual_day(record, today, now)
    done = before if before is not None and before.is_active else usual
    ends = before.ends if before is not None else CaseEnds()
    return Record(record.tenure, record.days | {today: replace(done, ends=replace(ends, last_completed=now))})


def with_pause(record: Record, start: date, end: date) -> Record:
    """The record with a pause on `[start, end)`."""
    tenure = record.tenure
    return Record(Tenure(tenure.start, (*tenure.pauses, (start, end))), record.days)


def _pause_from(record: Record, today: date) -> date | None:
    """The day after the newest active one, else the first day looked at; None where today is active."""
    days = record.tenure.counting_days(today, RHYTHM_DAYS)
    active = set(record.active_days(today))
    newest = next((day for day in days if day in active), None)
    first = days[-1] if newest is None else newest + timedelta(days=1)
    return first if first <= today else None


def _reasons(record: Record, day: date, book: PolicyBook) -> tuple[Attention, ...]:
    [index] = indexes_of([record], day, book)
    [before] = indexes_of([record], day - timedelta(days=WINDOW_DAYS), book)
    return reasons_of(record, day, index, before)

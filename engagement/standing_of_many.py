"""Where many learners stand, at once: the same as `engagement.standing` learner by learner, as arrays.

The rules for attention are asked only about learners to whom one may apply; who that is, is decided here by what each
rule needs at least, and never by less. A test compares all of it with `standings_of`.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

import numpy as np

from engagement.domain.attention import (
    FALL_POINTS,
    LEAST_SILENT_DAYS,
    RHYTHM_DAYS,
    Attention,
    abandoned_in,
    attention_by_ages,
    in_order,
)
from engagement.domain.case_ends import CaseEnds
from engagement.domain.day_grid import DayGrid
from engagement.domain.index import LEAST_DAYS, WINDOW_DAYS, engagement_indexes
from engagement.domain.insufficient import Insufficient, Need
from engagement.domain.tenure import Tenure
from engagement.selectors import Index, LearnerIndex
from engagement.standing import WEEKS, Standing, Weeks, back_since, paused_until, score_of
from interactions.domain.scoring import ACTIVE_DAY_POINTS, levels_of
from interactions.policies import PolicyBook

# Days on which cases ended, newest first.
DaysWithEnds = Iterable[tuple[date, CaseEnds]]


def indexes_of_many(grid: DayGrid, as_of: date, book: PolicyBook) -> list[Index]:
    """The index of each learner as of a day (as `engagement.selectors.indexes_of`)."""
    points, best, days = grid.windows(as_of, WINDOW_DAYS, book.on(as_of).effective_from)
    measured = engagement_indexes(points, best, days)
    columns = (measured.activity, measured.regularity, measured.depth, measured.days)
    return [
        LearnerIndex(score, level, *parts, count)
        if count >= LEAST_DAYS
        else Insufficient((Need("counting days", count, LEAST_DAYS),))
        for score, level, *parts, count in zip(
            measured.score.tolist(), levels_of(measured.score), *(column.tolist() for column in columns), strict=True
        )
    ]


def standings_of_many(
    grid: DayGrid,
    tenures: Sequence[Tenure],
    case_ends: Sequence[DaysWithEnds],
    today: date,
    book: PolicyBook,
) -> list[Standing]:
    """The standing of each learner. No query.

    grid        reaches back LOOK_BACK_DAYS counting days of each, and WEEKS weeks at least; its last day is today
    case_ends   of each learner, back to the newest 28 counting days at least; read as far as they are needed
    """
    now, before = (indexes_of_many(grid, day, book) for day in (today, today - timedelta(days=WINDOW_DAYS)))
    reasons = _reasons(grid, tenures, case_ends, today, now, before)
    return [
        Standing(
            today=today,
            index=now[row],
            before=before[row],
            reasons=reasons[row],
            paused_until=paused_until(tenure, today),
            back_since=back_since(tenure, today),
            weeks=weeks,
        )
        for row, (tenure, weeks) in enumerate(zip(tenures, _weeks(grid, today), strict=True))
    ]


def _reasons(
    grid: DayGrid,
    tenures: Sequence[Tenure],
    case_ends: Sequence[DaysWithEnds],
    today: date,
    now: Sequence[Index],
    before: Sequence[Index],
) -> list[tuple[Attention, ...]]:
    ages = grid.ages(today)
    active = (grid.points >= ACTIVE_DAY_POINTS) & (ages >= 0)
    newest = np.where(active, ages, RHYTHM_DAYS).min(axis=1, initial=RHYTHM_DAYS)
    lately = (active & (ages < WINDOW_DAYS)).sum(axis=1)
    counting = (ages >= 0).sum(axis=1)
    few = lately < np.minimum(counting, WINDOW_DAYS) // 7
    # Silence and absence are longer than the shortest limit; little is less than one active day a week.
    quiet = ((newest > LEAST_SILENT_DAYS) | few).tolist()
    of_active = _ascending(ages, active & (ages < RHYTHM_DAYS))
    counted = np.minimum(counting, RHYTHM_DAYS).tolist()
    return [
        ()
        if tenure.is_paused(today)
        else in_order(
            _work(of_active[row], counted[row], score_of(now[row]), score_of(before[row]), quiet[row]),
            abandoned_in(_counting_lately(case_ends[row], grid, ages[row])),
        )
        for row, tenure in enumerate(tenures)
    ]


def _ascending(ages: np.ndarray, chosen: np.ndarray) -> list[list[int]]:
    """The chosen ages of each learner, the newest day first."""
    rows, columns = np.nonzero(chosen[:, ::-1])
    ends = np.searchsorted(rows, np.arange(1, len(ages) + 1)).tolist()
    told = ages[:, ::-1][rows, columns].tolist()
    return [told[first:end] for first, end in zip([0, *ends], ends, strict=False)]


def _work(
    ages: list[int], counting: int, score: float | None, score_before: float | None, is_quiet: bool
) -> Attention | None:
    has_fallen = score is not None and score_before is not None and score_before - score >= FALL_POINTS
    if not is_quiet and not has_fallen:
        return None
    return attention_by_ages(ages, counting, score, score_before)


def _counting_lately(ends: DaysWithEnds, grid: DayGrid, ages: np.ndarray) -> Iterator[CaseEnds]:
    for day, told in ends:
        if 0 <= ages[grid.column(day)] < WINDOW_DAYS:
            yield told


def _weeks(grid: DayGrid, today: date) -> list[Weeks]:
    starts = tuple(today - timedelta(days=7 * ago - 1) for ago in range(WEEKS, 0, -1))
    last = grid.column(today) + 1
    points, counts = (part[:, last - 7 * WEEKS : last].reshape(-1, WEEKS, 7) for part in (grid.points, grid.counts))
    told = np.where(counts.any(axis=2), points.sum(axis=2).astype(object), None).tolist()
    active = (points >= ACTIVE_DAY_POINTS).sum(axis=2).tolist()
    return [Weeks(starts, tuple(points), tuple(days)) for points, days in zip(told, active, strict=True)]

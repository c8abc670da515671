"""Where many learners stand, at once: the same as `engagement.standing` learner by learner, as arrays.

The rules for attention are asked only about learners to whom one may apply; who that is, is decided here by what each
rule needs at least, and never by less. A test compares all of it with `standings_of`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import repeat

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
from engagement.domain.index import LEAST_DAYS, WINDOW_DAYS, Indexes, engagement_indexes
from engagement.domain.insufficient import Insufficient, Need
from engagement.domain.tenure import Tenure
from engagement.selectors import Index, LearnerIndex
from engagement.standing import WEEKS, Standing, Weeks, back_since, paused_until
from interactions.domain.scoring import ACTIVE_DAY_POINTS, levels_of
from interactions.policies import PolicyBook

# Days on which cases ended, newest first.
DaysWithEnds = Iterable[tuple[date, CaseEnds]]


def indexes_of_many(grid: DayGrid, as_of: date, book: PolicyBook) -> list[Index]:
    """The index of each learner as of a day (as `engagement.selectors.indexes_of`)."""
    return _told(_measured(grid, as_of, book))


def _measured(grid: DayGrid, as_of: date, book: PolicyBook) -> Indexes:
    return engagement_indexes(*grid.windows(as_of, WINDOW_DAYS, book.on(as_of).effective_from))


def _told(measured: Indexes) -> list[Index]:
    columns = (measured.activity, measured.regularity, measured.depth, measured.days)
    parts = (measured.score.tolist(), levels_of(measured.score), *(column.tolist() for column in columns))
    found: list[Index] = list(map(LearnerIndex._make, zip(*parts, strict=True)))
    for row in np.flatnonzero(measured.days < LEAST_DAYS).tolist():
        found[row] = Insufficient((Need("counting days", int(measured.days[row]), LEAST_DAYS),))
    return found


def standings_of_many(
    grid: DayGrid,
    tenures: Sequence[Tenure],
    case_ends: Mapping[int, DaysWithEnds],
    today: date,
    book: PolicyBook,
) -> list[Standing]:
    """The standing of each learner. No query.

    grid        reaches back LOOK_BACK_DAYS counting days of each, and WEEKS weeks at least; its last day is today
    case_ends   by a learner's place, of those who gave any case up: back to the newest 28 counting days at least
    """
    now, before = (_measured(grid, day, book) for day in (today, today - timedelta(days=WINDOW_DAYS)))
    reasons = _reasons(grid, tenures, case_ends, today, now.score, before.score)
    return [
        Standing(
            today=today,
            index=index,
            before=index_before,
            reasons=why,
            paused_until=paused_until(tenure, today),
            back_since=back_since(tenure, today),
            weeks=weeks,
        )
        for tenure, index, index_before, why, weeks in zip(
            tenures, _told(now), _told(before), reasons, _weeks(grid, today), strict=True
        )
    ]


def _reasons(
    grid: DayGrid,
    tenures: Sequence[Tenure],
    case_ends: Mapping[int, DaysWithEnds],
    today: date,
    now: np.ndarray,
    before: np.ndarray,
) -> list[tuple[Attention, ...]]:
    """now, before   the index of each learner, NaN: not measured"""
    ages = grid.ages(today)
    is_at_work = np.array([not tenure.is_paused(today) for tenure in tenures], dtype=bool)
    work = _work(grid, ages, is_at_work, now, before)
    found: list[tuple[Attention, ...]] = [()] * len(tenures)
    for row in work.keys() | case_ends.keys():
        if is_at_work[row]:
            left = abandoned_in(_counting_lately(case_ends.get(row, ()), grid, ages[row]))
            found[row] = in_order(work.get(row), left)
    return found


def _work(
    grid: DayGrid, ages: np.ndarray, is_at_work: np.ndarray, now: np.ndarray, before: np.ndarray
) -> dict[int, Attention | None]:
    """The reason about how much is done, by the place of each learner to whom one of its rules may apply."""
    active = (grid.points >= ACTIVE_DAY_POINTS) & (ages >= 0)
    newest = np.where(active, ages, RHYTHM_DAYS).min(axis=1, initial=RHYTHM_DAYS)
    lately = (active & (ages < WINDOW_DAYS)).sum(axis=1)
    counting = (ages >= 0).sum(axis=1)
    few = lately < np.minimum(counting, WINDOW_DAYS) // 7
    # Silence and absence are longer than the shortest limit; little is less than one active day a week.
    [rows] = np.nonzero(is_at_work & ((newest > LEAST_SILENT_DAYS) | few | (before - now >= FALL_POINTS)))
    of_active = _ascending(ages[rows], active[rows] & (ages[rows] < RHYTHM_DAYS))
    scores = (np.where(np.isnan(scores), None, scores)[rows].tolist() for scores in (now, before))
    counted = np.minimum(counting, RHYTHM_DAYS)[rows].tolist()
    return dict(zip(rows.tolist(), map(attention_by_ages, of_active, counted, *scores), strict=True))


def _ascending(ages: np.ndarray, chosen: np.ndarray) -> list[list[int]]:
    """The chosen ages of each learner, the newest day first."""
    rows, columns = np.nonzero(chosen[:, ::-1])
    ends = np.searchsorted(rows, np.arange(1, len(ages) + 1)).tolist()
    told = ages[:, ::-1][rows, columns].tolist()
    return [told[first:end] for first, end in zip([0, *ends], ends, strict=False)]


def _counting_lately(ends: DaysWithEnds, grid: DayGrid, ages: np.ndarray) -> Iterator[CaseEnds]:
    for day, told in ends:
        if 0 <= ages[grid.column(day)] < WINDOW_DAYS:
            yield told


def _weeks(grid: DayGrid, today: date) -> list[Weeks]:
    starts = tuple(today - timedelta(days=7 * ago - 1) for ago in range(WEEKS, 0, -1))
    last = grid.column(today) + 1
    points, counts = (part[:, last - 7 * WEEKS : last].reshape(-1, WEEKS, 7) for part in (grid.points, grid.counts))
    told, active = points.sum(axis=2).tolist(), (points >= ACTIVE_DAY_POINTS).sum(axis=2).tolist()
    for row, week in zip(*map(np.ndarray.tolist, np.nonzero(~counts.any(axis=2))), strict=True):
        told[row][week] = None
    return list(map(Weeks, repeat(starts), map(tuple, told), map(tuple, active)))

"""How regular a learner was before each interaction: C, from the active days of the two weeks before it."""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from datetime import date, timedelta

import numpy as np

from interactions.domain.scoring import consistency_of, day_points, is_active
from interactions.policies import PolicyBook
from interactions.storage import Question, Rows, active_days_asked, units_asked

_WEEK = timedelta(days=7)


def two_weeks_before_asked(owners: set[str], days: Collection[date], book: PolicyBook) -> list[Question | None]:
    """What learners (public ids) did in the two weeks before these days, for `consistency_values`.

    Of the days before the first only whether they were active: a busy learner's two weeks are two hundred daily sums.
    """
    first, last = min(days), max(days)
    return [
        active_days_asked(owners, _earlier(first, 2 * _WEEK), first, book.daily_caps),
        units_asked(owners, first, last) if first < last else None,
    ]


def consistency_values(
    users: Sequence[int],
    days: Sequence[date],
    types: Sequence[str],
    base_units: np.ndarray,
    before: Sequence[Rows | None],
    book: PolicyBook,
) -> np.ndarray:
    """C of n new interactions, 0-1, shape (n,).

    users, days  their n learners (keys) and days
    types        their n interaction types
    base_units   what each adds to its day; so earlier days of the same batch count for later ones
    before       the answers to `two_weeks_before_asked`
    """
    where = list(zip(users, days, strict=True))
    sums: dict[tuple[int, date], dict[str, int]] = {}
    active_days, units_between = before
    for user, day, kind, units in units_between or ():
        by_type = sums.setdefault((user, _date(day)), {})
        by_type[kind] = by_type.get(kind, 0) + units
    distinct = set(where)
    if len({user for user, _ in distinct}) < len(distinct):
        # Only where a learner's batch spans days does any of it count for another day.
        for key, kind, units in zip(where, types, base_units.tolist(), strict=True):
            by_type = sums.setdefault(key, {})
            by_type[kind] = by_type.get(kind, 0) + units

    active: dict[int, list[date]] = {}
    for user, day in sorted((user, _date(day)) for user, day in active_days):
        active.setdefault(user, []).append(day)
    for (user, day), by_type in sorted(sums.items()):
        if is_active(day_points(book.on(day), by_type)):
            active.setdefault(user, []).append(day)
    values = {key: _consistency(active.get(key[0], []), key[1]) for key in distinct}
    return np.array([values[key] for key in where])


def _consistency(active_days: list[date], day: date) -> float:
    """C on `day`, given ascending active days."""
    two_weeks, one_week, now = (bisect_left(active_days, _earlier(day, span)) for span in (2 * _WEEK, _WEEK, 0 * _WEEK))
    return consistency_of(now - one_week, one_week - two_weeks)


def _date(day: date | str) -> date:
    return date.fromisoformat(day) if type(day) is str else day


def _earlier(day: date, span: timedelta) -> date:
    # The calendar begins at year 1; nothing happened before.
    return day - span if day - date.min > span else date.min

"""Daily sums: from new interactions to the rows they move. The recount uses the same arithmetic."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from interactions.domain.moments import moment_of, numbers_of
from interactions.storage import DailyDelta, DailyKey


def daily_deltas(
    *,
    user_id: Sequence[int],
    day: Sequence[date],
    interaction_type: Sequence[str],
    policy_version: Sequence[str],
    base_units: np.ndarray,
    time_spent_seconds: Sequence[int | None],
    active_seconds: Sequence[int | None],
    occurred_at: np.ndarray,
) -> dict[DailyKey, DailyDelta]:
    """What n interactions add up to, by learner, day, type and policy version. No order of them changes it.

    Columns as in Facts; each has n values.
    """
    keys = list(zip(user_id, day, interaction_type, policy_version, strict=True))
    if not keys:
        return {}
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    group = np.fromiter(map(places.__getitem__, keys), dtype=np.intp, count=len(keys))
    order = np.argsort(group, kind="stable")
    # Where each group begins, once the interactions stand in the order of their groups.
    starts = np.searchsorted(group[order], np.arange(len(places)))

    spent, used = numbers_of(time_spent_seconds), numbers_of(active_seconds)
    no_wall, no_active = np.isnan(spent), np.isnan(used)
    wall = np.where(no_wall, 0, spent)
    sums = [
        np.add.reduceat(column[order].astype(np.int64), starts).tolist()
        for column in (
            np.ones(len(group)),
            base_units,
            np.where(no_active, 0, used),
            wall,
            np.where(no_active, wall, 0),
            no_wall & no_active,
        )
    ]
    count, units, active, walls, unknown, untimed = sums
    best = np.maximum.reduceat(base_units[order], starts).tolist()
    first = np.minimum.reduceat(occurred_at[order], starts).tolist()
    last = np.maximum.reduceat(occurred_at[order], starts).tolist()
    deltas = zip(
        count, units, best, active, walls, unknown, untimed, map(moment_of, first), map(moment_of, last), strict=True
    )
    return {DailyKey(*key): DailyDelta(*delta) for key, delta in zip(places, deltas, strict=True)}

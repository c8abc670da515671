"""Daily sums: from new interactions to the rows they move. The recount uses the same arithmetic."""

from collections.abc import Iterable
from typing import Any

from interactions.storage import DailyDelta, DailyKey


def daily_deltas(rows: Iterable[Any]) -> dict[DailyKey, DailyDelta]:
    """What interactions (Facts or the model's rows) add up to, by learner, day, type and policy version.

    No order of rows changes it.
    """
    groups: dict[tuple, list[Any]] = {}
    for row in rows:
        key = row.user_id, row.day, row.interaction_type, row.policy_version
        group = groups.get(key)
        if group is None:
            groups[key] = [row]
        else:
            group.append(row)
    return {DailyKey(*key): _sum(group) for key, group in groups.items()}


def _sum(rows: list[Any]) -> DailyDelta:
    units = [row.base_units for row in rows]
    moments = [row.occurred_at for row in rows]
    active = wall = unknown = untimed = 0
    for row in rows:
        spent, used = row.time_spent_seconds, row.active_seconds
        if used is not None:
            active += used
            wall += spent or 0
        elif spent is not None:
            wall += spent
            unknown += spent
        else:
            untimed += 1
    return DailyDelta(
        interactions=len(rows),
        base_units=sum(units),
        best_units=max(units),
        active_seconds=active,
        wall_seconds=wall,
        unknown_seconds=unknown,
        untimed=untimed,
        first_at=min(moments),
        last_at=max(moments),
    )

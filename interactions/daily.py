"""Daily sums: from new interactions to the rows they move. The recount uses the same arithmetic."""

from collections.abc import Iterable
from typing import Protocol

from interactions.storage import DailyDelta, DailyKey


class Countable(Protocol):
    """What counting needs of an interaction; the model has it."""

    user_id: int
    interaction_type: str
    policy_version: str
    base_units: int
    time_spent_seconds: int | None
    active_seconds: int | None


def daily_deltas(rows: Iterable[Countable]) -> dict[DailyKey, DailyDelta]:
    """What `rows` add up to, by learner, day, type and policy version. No order of rows changes it."""
    sums: dict[DailyKey, DailyDelta] = {}
    for row in rows:
        key = DailyKey(row.user_id, row.day, row.interaction_type, row.policy_version)
        one = _delta(row)
        before = sums.get(key)
        sums[key] = one if before is None else _add(before, one)
    return sums


def _delta(row: Countable) -> DailyDelta:
    wall, active = row.time_spent_seconds, row.active_seconds
    return DailyDelta(
        interactions=1,
        base_units=row.base_units,
        best_units=row.base_units,
        active_seconds=active or 0,
        wall_seconds=wall or 0,
        unknown_seconds=wall or 0 if active is None else 0,
        untimed=int(wall is None and active is None),
        first_at=row.occurred_at,
        last_at=row.occurred_at,
    )


def _add(a: DailyDelta, b: DailyDelta) -> DailyDelta:
    return DailyDelta(
        a.interactions + b.interactions,
        a.base_units + b.base_units,
        max(a.best_units, b.best_units),
        a.active_seconds + b.active_seconds,
        a.wall_seconds + b.wall_seconds,
        a.unknown_seconds + b.unknown_seconds,
        a.untimed + b.untimed,
        min(a.first_at, b.first_at),
        max(a.last_at, b.last_at),
    )

"""The statements of the write path that the ORM cannot say, or says slowly, for each database."""

from collections.abc import Iterable
from datetime import date

from django.db import connection

from interactions.domain.fact import Facts
from interactions.storage import postgresql, sqlite
from interactions.storage.shapes import DailyDelta, DailyKey, EventKey, Known

__all__ = [
    "DailyDelta",
    "DailyKey",
    "EventKey",
    "Known",
    "add_to_daily_activity",
    "insert_interactions",
    "known_events",
    "lock_learners",
    "units_of_days",
]


def _backend():
    return sqlite if connection.vendor == "sqlite" else postgresql


def lock_learners(public_ids: set[str]) -> dict[str, int]:
    """Primary keys by public id, of those there are, locked until the commit in the order of keys."""
    return _backend().lock_learners(public_ids)


def units_of_days(users: set[int], first: date, end: date) -> Iterable[tuple[int, date, str, int]]:
    """Daily sums of learners in `[first, end)`: user, day, interaction type, base units."""
    return _backend().units_of_days(list(users), first, end)


def insert_interactions(facts: Facts) -> None:
    """Store new facts. Raises IntegrityError when one's event id is stored already."""
    _backend().insert_interactions(facts)


def known_events(keys: set[EventKey]) -> dict[EventKey, Known]:
    """What is stored under pairs (user's key, event id)."""
    return _backend().known_events(sorted(keys)) if keys else {}


def add_to_daily_activity(deltas: dict[DailyKey, DailyDelta]) -> None:
    """Move daily sums by exactly these deltas, in the order of their keys."""
    _backend().add_to_daily_activity(sorted(deltas.items()))

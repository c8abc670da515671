"""The statements of the write path that the ORM cannot say, or says slowly, for each database."""

from django.db import connection

from interactions.domain.fact import Fact
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
]


def _backend():
    return sqlite if connection.vendor == "sqlite" else postgresql


def insert_interactions(facts: list[Fact]) -> None:
    """Store new facts. Raises IntegrityError when one's event id is stored already."""
    _backend().insert_interactions(facts)


def known_events(keys: set[EventKey]) -> dict[EventKey, Known]:
    """What is stored under pairs (user's key, event id)."""
    return _backend().known_events(sorted(keys)) if keys else {}


def add_to_daily_activity(deltas: dict[DailyKey, DailyDelta]) -> None:
    """Move daily sums by exactly these deltas, in the order of their keys."""
    _backend().add_to_daily_activity(sorted(deltas.items()))

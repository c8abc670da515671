"""The statements of the write path that the ORM cannot say, or says slowly, for each database."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from django.db import connection

from interactions.domain.fact import Facts
from interactions.querysets import Cap
from interactions.storage import postgresql, sqlite
from interactions.storage.asking import Question, Rows, answers_to
from interactions.storage.shapes import DailyDelta, DailyKey, EventKey, Known

__all__ = [
    "DailyDelta",
    "DailyKey",
    "EventKey",
    "Known",
    "Question",
    "Rows",
    "active_days_asked",
    "add_to_daily_activity",
    "answers_to",
    "insert_interactions",
    "known_events",
    "learners_asked",
    "rows_asked",
    "turn_to_write",
    "units_asked",
]


def _backend():
    return sqlite if connection.vendor == "sqlite" else postgresql


@contextmanager
def turn_to_write() -> Iterator[None]:
    """Where only one can write, the threads of a process stand in line instead of trying again and again."""
    # Who is in a transaction has had his turn; to wait for another one here could be to wait for oneself.
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
    else:
        with sqlite.line:
            yield


def learners_asked(public_ids: set[str]) -> Question:
    """Public ids and primary keys of those there are, locked until the commit in the order of keys."""
    return _backend().learners_asked(list(public_ids))


def active_days_asked(public_ids: set[str], first: date, end: date, caps: Sequence[Cap]) -> Question:
    """Active days of learners in `[first, end)`: user, day (a date or its ISO text)."""
    return _backend().active_days_asked(list(public_ids), first, end, caps)


def units_asked(public_ids: set[str], first: date, end: date) -> Question:
    """Daily sums of learners in `[first, end)`: user, day (a date or its ISO text), interaction type, base units."""
    return _backend().units_asked(list(public_ids), first, end)


def rows_asked(table: str, columns: Sequence[str], name: str, values: Collection[str]) -> Question:
    """Columns of the rows of a table in which the named column holds one of these values."""
    return _backend().rows_asked(f"SELECT {', '.join(columns)} FROM {table} WHERE {name}", list(values))


def insert_interactions(facts: Facts) -> None:
    """Store new facts. Raises IntegrityError when one's event id is stored already."""
    _backend().insert_interactions(facts)


def known_events(keys: set[EventKey]) -> dict[EventKey, Known]:
    """What is stored under pairs (user's key, event id)."""
    return _backend().known_events(sorted(keys)) if keys else {}


def add_to_daily_activity(deltas: dict[DailyKey, DailyDelta]) -> None:
    """Move daily sums by exactly these deltas, in the order of their keys."""
    if deltas:
        _backend().add_to_daily_activity(sorted(deltas.items()))

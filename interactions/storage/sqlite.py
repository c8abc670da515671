"""SQLite: statements prepared once and run for many rows, which costs nothing in the same process."""

from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

import msgspec
from django.db import connection

from interactions.domain.fact import Fact
from interactions.models import UserInteractionTrackingModel
from interactions.storage.shapes import (
    DAILY,
    DAILY_COLUMNS,
    INTERACTIONS,
    DailyDelta,
    DailyKey,
    EventKey,
    Known,
    merge_clause,
)

_COLUMNS = Fact.__struct_fields__


def insert_interactions(facts: list[Fact]) -> None:
    columns = ", ".join(connection.ops.quote_name(column) for column in _COLUMNS)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {INTERACTIONS} ({columns}) VALUES ({', '.join(['%s'] * len(_COLUMNS))})",
            [_stored(fact) for fact in facts],
        )


def _stored(fact: Fact) -> tuple[Any, ...]:
    """The fact's columns as Django keeps them in SQLite, which has neither times nor UUIDs nor JSON."""
    return (
        fact.id.hex,
        *_values_between_id_and_metadata(fact),
        _json(fact.metadata),
        _json(fact.performance_metrics),
        fact.performance,
        _time(fact.start_time),
        _time(fact.end_time),
        fact.time_spent_seconds,
        fact.active_seconds,
        _time(fact.occurred_at),
        _time(fact.told_at),
        _time(fact.sent_at),
        _time(fact.received_at),
        fact.clock_flag,
        fact.day.isoformat(),
        *_values_after_day(fact),
    )


_values_between_id_and_metadata = attrgetter(*_COLUMNS[1 : _COLUMNS.index("metadata")])
_values_after_day = attrgetter(*_COLUMNS[_COLUMNS.index("day") + 1 :])


def _json(value: dict | None) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _time(moment: datetime | None) -> str | None:
    # All times of a fact are in UTC; Django keeps them without saying so.
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


def known_events(keys: list[EventKey]) -> dict[EventKey, Known]:
    # Pairs, not two IN lists: those would look up every user with every event id.
    pairs = ", ".join(["(%s, %s)"] * len(keys))
    as_id = UserInteractionTrackingModel._meta.pk.to_python
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT user_id, event_id, id, fingerprint FROM {INTERACTIONS} "
            f"WHERE (user_id, event_id) IN (VALUES {pairs})",
            [part for key in keys for part in key],
        )
        return {EventKey(user, event_id): Known(as_id(pk), mark) for user, event_id, pk, mark in cursor.fetchall()}


def add_to_daily_activity(deltas: list[tuple[DailyKey, DailyDelta]]) -> None:
    as_date, as_time = connection.ops.adapt_datefield_value, connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {DAILY} ({', '.join(DAILY_COLUMNS)}) "
            f"VALUES ({', '.join(['%s'] * len(DAILY_COLUMNS))}) {merge_clause('MIN', 'MAX')}",
            [
                (key.user, as_date(key.day), *key[2:], *delta[:-2], as_time(delta.first_at), as_time(delta.last_at))
                for key, delta in deltas
            ],
        )

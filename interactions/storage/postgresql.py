"""PostgreSQL: rows go in by COPY and arrays, which spares writing and reading a long statement."""

from django.db import connection

from interactions.domain.fact import Fact
from interactions.storage import copy_binary
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

# The types of DAILY_COLUMNS, for the arrays below.
_DAILY_TYPES = (
    *("bigint", "date", "text", "text"),
    *("integer", "bigint", "integer", "bigint", "bigint", "bigint", "integer", "timestamptz", "timestamptz"),
)


def insert_interactions(facts: list[Fact]) -> None:
    # COPY goes past Django's cursor wrapper, and so past its translation of errors.
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {INTERACTIONS} ({', '.join(copy_binary.COLUMNS)}) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.write(copy_binary.rows(facts))


def known_events(keys: list[EventKey]) -> dict[EventKey, Known]:
    users, event_ids = zip(*keys, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT user_id, event_id, id, fingerprint FROM {INTERACTIONS} "
            "JOIN unnest(%s::bigint[], %s::text[]) AS asked (u, e) ON user_id = asked.u AND event_id = asked.e",
            [list(users), list(event_ids)],
        )
        return {EventKey(user, event_id): Known(pk, bytes(mark)) for user, event_id, pk, mark in cursor.fetchall()}


def add_to_daily_activity(deltas: list[tuple[DailyKey, DailyDelta]]) -> None:
    columns = zip(*((*key, *delta) for key, delta in deltas), strict=True)
    arrays = ", ".join(f"%s::{kind}[]" for kind in _DAILY_TYPES)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {DAILY} ({', '.join(DAILY_COLUMNS)}) SELECT * FROM unnest({arrays}) "
            + merge_clause("LEAST", "GREATEST"),
            [list(column) for column in columns],
        )

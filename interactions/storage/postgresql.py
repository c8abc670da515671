"""PostgreSQL: rows go in by COPY and arrays, which spares writing and reading a long statement."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from accounts.prepared import make_ready, prepared
from interactions.domain.fact import Facts
from interactions.querysets import Cap
from interactions.storage import copy_binary
from interactions.storage.asking import Question
from interactions.storage.shapes import (
    DAILY,
    DAILY_COLUMNS,
    INTERACTIONS,
    LEARNERS,
    DailyDelta,
    DailyKey,
    EventKey,
    Known,
    active_days,
    merge_clause,
)
from interactions.turns import turn_to_work_out

# The types of DAILY_COLUMNS, for the arrays below.
_DAILY_TYPES = (
    *("bigint", "date", "text", "text"),
    *("integer", "bigint", "integer", "bigint", "bigint", "bigint", "integer", "timestamptz", "timestamptz"),
)
_COPY = f"COPY {INTERACTIONS} ({', '.join(copy_binary.COLUMNS)}) FROM STDIN (FORMAT BINARY)"
_ADD = prepared(
    f"INSERT INTO {DAILY} ({', '.join(DAILY_COLUMNS)}) "
    f"SELECT * FROM unnest({', '.join(f'%s::{kind}[]' for kind in _DAILY_TYPES)}) {merge_clause('LEAST', 'GREATEST')}"
)


def learners_asked(public_ids: list[str]) -> Question:
    return Question(
        f"SELECT public_id, id FROM {LEARNERS} WHERE public_id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [public_ids]
    )


# By public id, for the keys are asked for in the same message.
_WHOSE = f"= ANY(ARRAY(SELECT id FROM {LEARNERS} WHERE public_id = ANY(%s)))"


def active_days_asked(public_ids: list[str], first: date, end: date, caps: Sequence[Cap]) -> Question:
    sql, constants = active_days(_WHOSE, "LEAST", caps)
    return Question(sql, [public_ids, first, end], constants)


def units_asked(public_ids: list[str], first: date, end: date) -> Question:
    return Question(
        f"SELECT user_id, day, interaction_type, base_units FROM {DAILY} "
        f"WHERE user_id {_WHOSE} AND day >= %s AND day < %s",
        [public_ids, first, end],
    )


def rows_asked(rows_whose: str, values: list[str]) -> Question:
    # One mark, however many values: a text that stays the same is taken apart once.
    return Question(f"{rows_whose} = ANY(%s)", [values])


def insert_interactions(facts: Facts) -> None:
    with turn_to_work_out(len(facts)):
        rows = copy_binary.rows(facts)
    # COPY goes past Django's cursor wrapper, and so past its translation of errors.
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.write(rows)


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
    with connection.cursor() as cursor:
        make_ready([_ADD])
        cursor.execute(_ADD.call, [_array(column) for column in columns])


def _array(values: tuple) -> str:
    """As PostgreSQL reads an array. psycopg's own way of writing one takes five times as long."""
    if type(values[0]) in (str, date):
        # The same few words and days again and again.
        quoted = {value: _quoted(str(value)) for value in set(values)}
        values = map(quoted.__getitem__, values)
    return f"{{{','.join(map(str, values))}}}"


def _quoted(text: str) -> str:
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'

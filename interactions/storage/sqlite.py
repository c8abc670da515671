"""SQLite: statements prepared once and run for many rows, which costs nothing in the same process."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import repeat
from threading import Lock

import numpy as np
from django.db import connection

from interactions.domain.fact import Fact, Facts
from interactions.domain.moments import NOT_TOLD
from interactions.models import UserInteractionTrackingModel
from interactions.querysets import Cap
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

# SQLite's own way of waiting for a lock is to sleep and try again, ever longer, and who comes last may win.
line = Lock()
_COLUMNS = Fact.__struct_fields__
_INSERT = f"INSERT INTO {INTERACTIONS} ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))})"
_MOMENTS = ("start_time", "end_time", "occurred_at", "told_at", "sent_at")
_NUMBERS = ("engagement_score", "consistency", "base_units")


def learners_asked(public_ids: list[str]) -> Question:
    # The transaction took the one write lock there is when it began.
    return Question(f"SELECT public_id, id FROM {LEARNERS} WHERE public_id IN ({_marks(public_ids)})", public_ids)


def active_days_asked(public_ids: list[str], first: date, end: date, caps: Sequence[Cap]) -> Question:
    sql, constants = active_days(_whose(public_ids), "MIN", caps)
    return Question(sql, [*public_ids, first.isoformat(), end.isoformat()], constants)


def units_asked(public_ids: list[str], first: date, end: date) -> Question:
    return Question(
        f"SELECT user_id, day, interaction_type, base_units FROM {DAILY} "
        f"WHERE user_id {_whose(public_ids)} AND day >= %s AND day < %s",
        [*public_ids, first.isoformat(), end.isoformat()],
    )


def _whose(public_ids: list[str]) -> str:
    return f"IN (SELECT id FROM {LEARNERS} WHERE public_id IN ({_marks(public_ids)}))"


def _marks(values: Sequence) -> str:
    return ", ".join(["%s"] * len(values))


def rows_asked(rows_whose: str, values: list[str]) -> Question:
    return Question(f"{rows_whose} IN ({', '.join(['%s'] * len(values))})", values)


def insert_interactions(facts: Facts) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, list(zip(*(_stored(name, facts) for name in _COLUMNS), strict=True)))


def _stored(name: str, facts: Facts) -> Sequence:
    """A column as Django keeps it in SQLite, which has neither times nor UUIDs nor JSON."""
    column = getattr(facts, name)
    if name == "id":
        digits = column.tobytes().hex()
        return [digits[at : at + 32] for at in range(0, len(digits), 32)]
    if name == "received_at":
        return [_time(column)] * len(facts)
    if name in _MOMENTS:
        return _times(column)
    if name in _NUMBERS:
        return column.tolist()
    if name == "day":
        names = {day: day.isoformat() for day in set(column)}
        return [names[day] for day in column]
    if name in ("metadata", "performance_metrics"):
        return [None if value is None else value.decode() for value in column]
    return column


def _times(column: np.ndarray) -> Sequence[str | None]:
    told = column != NOT_TOLD
    if not told.any():
        return list(repeat(None, len(column)))
    texts = np.datetime_as_string(np.where(told, column, 0).astype("datetime64[us]")).tolist()
    # As Django spells them: a blank, and no fraction where it is zero.
    return [
        text.replace("T", " ").removesuffix(".000000") if known else None
        for text, known in zip(texts, told.tolist(), strict=True)
    ]


def _time(moment: datetime) -> str:
    # All times of a fact are in UTC; Django keeps them without saying so.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


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

"""SQLite: statements prepared once and run for many rows, which costs nothing in the same process."""

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


def insert_interactions(facts: list[Fact]) -> None:
    fields = UserInteractionTrackingModel._meta.concrete_fields
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {INTERACTIONS} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})",
            [[field.get_db_prep_save(getattr(fact, field.attname), connection) for field in fields] for fact in facts],
        )


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

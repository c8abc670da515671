"""What goes to the database and comes back, the same for every vendor."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from accounts.models import User
from interactions.domain.scoring import ACTIVE_DAY_POINTS, POINT_UNITS
from interactions.models import DailyActivity, UserInteractionTrackingModel
from interactions.querysets import Cap, daily_cap


class EventKey(NamedTuple):
    user: int
    event_id: str


class Known(NamedTuple):
    """What is stored under an event id, as far as a repetition needs it."""

    id: UUID
    fingerprint: bytes


class DailyKey(NamedTuple):
    user: int
    day: date
    interaction_type: str
    policy_version: str


class DailyDelta(NamedTuple):
    """By how much new interactions move one row of DailyActivity."""

    interactions: int
    base_units: int
    best_units: int
    active_seconds: int
    wall_seconds: int
    unknown_seconds: int
    untimed: int
    first_at: datetime
    last_at: datetime


DAILY_COLUMNS = ("user_id", *DailyKey._fields[1:], *DailyDelta._fields)
_SUMMED = ("interactions", "base_units", "active_seconds", "wall_seconds", "unknown_seconds", "untimed")


_ACTIVE_UNITS = round(ACTIVE_DAY_POINTS * POINT_UNITS)


def table(model) -> str:
    return connection.ops.quote_name(model._meta.db_table)


LEARNERS, INTERACTIONS, DAILY = map(table, (User, UserInteractionTrackingModel, DailyActivity))


def active_days(whose: str, least: str, caps: Sequence[Cap]) -> tuple[str, tuple]:
    """The active days of `whose`, in `[%s, %s)`, and the constants that follow these two."""
    cap, values = daily_cap("interaction_type", "policy_version", caps)
    sql = (
        f"SELECT user_id, day FROM {DAILY} WHERE user_id {whose} AND day >= %s AND day < %s "
        f"GROUP BY user_id, day HAVING SUM({least}(base_units, {cap})) >= {_ACTIVE_UNITS}"
    )
    return sql, tuple(values)


def merge_clause(least: str, greatest: str) -> str:
    """How a delta meets the row that is already there; the two names are the vendor's functions."""
    updates = [f"{name} = {DAILY}.{name} + excluded.{name}" for name in _SUMMED]
    updates += [
        f"best_units = {greatest}({DAILY}.best_units, excluded.best_units)",
        f"first_at = {least}({DAILY}.first_at, excluded.first_at)",
        f"last_at = {greatest}({DAILY}.last_at, excluded.last_at)",
    ]
    return f"ON CONFLICT (user_id, day, interaction_type, policy_version) DO UPDATE SET {', '.join(updates)}"

"""Counting again: whether daily sums equal their raw rows.

Learners are taken in blocks, each in a transaction of its own. A learner's facts and daily sums change in
one transaction, so every snapshot must show them in agreement, and none is held for long.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

import numpy as np
from django.db import connection, transaction

from accounts.models import User
from interactions.daily import daily_deltas
from interactions.domain.moments import micros_of
from interactions.models import DailyActivity, UserInteractionTrackingModel
from interactions.storage import DailyDelta, DailyKey, add_to_daily_activity

LEARNERS_A_BLOCK = 50
ROWS_AT_ONCE = 5000
_COUNTED = (
    *("user_id", "day", "interaction_type", "policy_version"),
    *("base_units", "time_spent_seconds", "active_seconds", "occurred_at"),
)
_delta = attrgetter(*DailyDelta._fields)


@dataclass(frozen=True, slots=True)
class Drift:
    """A daily row that differs from the recount; None where there is, or should be, no row."""

    public_id: str
    day: date
    interaction_type: str
    policy_version: str
    expected: DailyDelta | None
    found: DailyDelta | None

    def differences(self) -> list[tuple[str, object, object]]:
        """(field, expected, found) of each field that differs."""
        nothing = (None,) * len(DailyDelta._fields)
        pairs = zip(DailyDelta._fields, self.expected or nothing, self.found or nothing, strict=True)
        return [(name, expected, found) for name, expected, found in pairs if expected != found]


def learner_blocks() -> Iterator[dict[int, str]]:
    """Public ids by key of everybody, some at a time, in the order of keys."""
    everybody = User.objects.order_by("pk").values_list("pk", "public_id")
    last = 0
    while block := dict(everybody.filter(pk__gt=last)[:LEARNERS_A_BLOCK]):
        yield block
        last = max(block)


def recount(learners: dict[int, str], *, since: date | None = None, repair: bool = False) -> list[Drift]:
    """Every daily row of these learners (public ids by key) that differs from their raw rows, from `since` on.

    repair   put right what differs, in the transaction that found it, while the learners' writers wait
    """
    with _locked(learners) if repair else stable_snapshot():
        expected = _counted(
            UserInteractionTrackingModel.objects.filter(user__in=learners, **_from(since))
            .values_list(*_COUNTED)
            .iterator(chunk_size=ROWS_AT_ONCE)
        )
        stored = DailyActivity.objects.filter(user__in=learners, **_from(since))
        found = {
            DailyKey(row.user_id, row.day, row.interaction_type, row.policy_version): row
            for row in stored.iterator(chunk_size=ROWS_AT_ONCE)
        }
        drifts = {}
        for key in sorted(expected.keys() | found.keys()):
            row = found.get(key)
            counted, kept = expected.get(key), DailyDelta(*_delta(row)) if row else None
            if counted != kept:
                drifts[key] = Drift(learners[key.user], *key[1:], counted, kept)
        if repair and drifts:
            DailyActivity.objects.filter(pk__in=[found[key].pk for key in drifts if key in found]).delete()
            add_to_daily_activity({key: drift.expected for key, drift in drifts.items() if drift.expected})
    return list(drifts.values())


def _counted(rows: Iterator[tuple]) -> dict[DailyKey, DailyDelta]:
    columns = dict(zip(_COUNTED, zip(*rows, strict=True), strict=False))
    if not columns:
        return {}
    columns["base_units"] = np.array(columns["base_units"], dtype=np.int64)
    columns["occurred_at"] = micros_of(columns["occurred_at"])
    return daily_deltas(**columns)


def _from(since: date | None) -> dict[str, date]:
    return {} if since is None else {"day__gte": since}


@contextmanager
def stable_snapshot() -> Iterator[None]:
    """A transaction in which several reads see one state. SQLite's transactions are so already."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


@contextmanager
def _locked(learners: dict[int, str]) -> Iterator[None]:
    """A transaction that holds the locks every writer of these learners takes first.

    Not one snapshot: that would be taken before the wait for the locks and miss what was waited for.
    """
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).filter(pk__in=learners).order_by("pk")
        list(locked.values_list("pk"))
        yield

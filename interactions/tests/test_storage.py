"""What goes in comes out: facts and daily sums as each database keeps them."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from uuid_utils.compat import uuid7

from interactions.domain.fact import Fact, Facts
from interactions.domain.moments import micros_of
from interactions.models import DailyActivity, UserInteractionTrackingModel
from interactions.policies import policy_book
from interactions.storage import (
    DailyDelta,
    DailyKey,
    EventKey,
    active_days_asked,
    add_to_daily_activity,
    answers_to,
    copy_binary,
    insert_interactions,
    known_events,
    learners_asked,
    rows_asked,
)

MOMENT = datetime(2026, 3, 16, 12, 0, 0, 123_456, tzinfo=UTC)


def fact(user, **changes):
    full = {
        "id": uuid7(),
        "user_id": user.pk,
        "event_id": "é-1",
        "fingerprint": bytes(range(16)),
        "interaction_type": "case_complete",
        "resource_type": "video",
        "resource_id": "r",
        "resource_name": "Elektrokardiographie für Anfänger 🫀",
        "case_id": "c",
        "case_title": "t",
        "help_request_type": "hint",
        "session_id": "s",
        "specialty": "cardiology",
        "difficulty": "hard",
        "metadata": {"a": [1, 2.5, None, {"ü": "x"}]},
        "performance_metrics": {"score": 85},
        "performance": 85.0,
        "start_time": MOMENT - timedelta(hours=1),
        "end_time": MOMENT.astimezone(timezone(timedelta(hours=5, minutes=45))),
        "time_spent_seconds": 3600,
        "active_seconds": 0,
        "occurred_at": MOMENT,
        "told_at": datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        "sent_at": datetime(9999, 12, 31, tzinfo=UTC),
        "received_at": MOMENT.replace(microsecond=0),
        "clock_flag": "corrected",
        "day": date(1999, 12, 31),
        "engagement_score": 82.95,
        "engagement_level": "very_high",
        "consistency": 0.125,
        "base_units": 921_667,
        "policy_version": "es-1",
    }
    return Fact(**full | changes)


def columns_of(*rows: Fact) -> Facts:
    """Rows as the writer hands them over."""
    columns = {name: [getattr(row, name) for row in rows] for name in Fact.__struct_fields__}
    for name in ("start_time", "end_time", "occurred_at", "told_at", "sent_at"):
        columns[name] = micros_of(columns[name])
    for name in ("engagement_score", "consistency", "base_units"):
        columns[name] = np.array(columns[name])
    for name in ("metadata", "performance_metrics"):
        columns[name] = [None if value is None else json.dumps(value).encode() for value in columns[name]]
    columns["id"] = np.frombuffer(b"".join(value.bytes for value in columns["id"]), np.uint8).reshape(-1, 16)
    columns["received_at"] = rows[0].received_at
    return Facts(**columns)


MAY_BE_EMPTY = "metadata performance_metrics performance start_time end_time time_spent_seconds active_seconds"
EMPTY = dict.fromkeys([*MAY_BE_EMPTY.split(), "told_at", "sent_at"])


def test_a_fact_has_exactly_the_models_columns():
    columns = {field.attname for field in UserInteractionTrackingModel._meta.concrete_fields}
    assert set(Fact.__struct_fields__) == columns


def test_facts_read_back_as_they_were_stored_whatever_each_lacks(lena):
    lacking = [{}, EMPTY, *({name: None} for name in EMPTY)]
    stored = [fact(lena, event_id=f"e-{number}", **changes) for number, changes in enumerate(lacking)]
    insert_interactions(columns_of(*stored))
    for row, told in zip(UserInteractionTrackingModel.objects.order_by("id"), stored, strict=True):
        read = {name: getattr(row, name) for name in Fact.__struct_fields__}
        read["fingerprint"] = bytes(row.fingerprint)
        assert read == {name: getattr(told, name) for name in Fact.__struct_fields__}


def test_a_row_of_facts_is_what_was_put_in(lena):
    told = [fact(lena), fact(lena, **EMPTY)]
    facts = columns_of(*told)
    assert [facts.row(place) for place in range(len(facts))] == told


def test_an_event_id_is_stored_once_within_its_learner(lena, mia):
    insert_interactions(columns_of(fact(lena), fact(mia)))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_interactions(columns_of(fact(lena)))
    assert UserInteractionTrackingModel.objects.count() == 2


def test_known_events_are_found_by_learner_and_event_id_together(lena, mia):
    first = fact(lena, event_id="one")
    insert_interactions(columns_of(first, fact(mia, event_id="two", fingerprint=bytes(16))))
    asked = {EventKey(lena.pk, "one"), EventKey(lena.pk, "two"), EventKey(mia.pk, "one")}
    assert known_events(asked) == {EventKey(lena.pk, "one"): (first.id, first.fingerprint)}
    assert known_events(set()) == {}


def test_deltas_add_up_on_the_row_that_is_there(lena):
    key = DailyKey(lena.pk, MOMENT.date(), "search", "es-1")
    early, late = MOMENT - timedelta(hours=3), MOMENT + timedelta(hours=3)
    add_to_daily_activity({key: DailyDelta(2, 100, 70, 5, 6, 1, 1, MOMENT, late)})
    add_to_daily_activity({key: DailyDelta(1, 30, 30, 1, 1, 0, 0, early, early)})
    names = DailyDelta._fields
    assert DailyActivity.objects.values_list(*names).get() == DailyDelta(3, 130, 70, 6, 7, 1, 1, early, late)


ODD_WORDS = ["", " ", "NULL", "a,b", "{c}", 'd"e', "f\\g", "h\\\\", "i'j", '\\"', "%s", "$1", "é🫀"]


def test_a_type_may_be_called_anything(lena):
    delta = DailyDelta(1, 30, 30, 1, 1, 0, 0, MOMENT, MOMENT)
    add_to_daily_activity({DailyKey(lena.pk, MOMENT.date(), word, "es-1"): delta for word in ODD_WORDS})
    assert sorted(DailyActivity.objects.values_list("interaction_type", flat=True)) == sorted(ODD_WORDS)


def test_each_question_gets_its_own_answer_and_none_gets_none(lena, mia):
    def named(*names):
        return rows_asked("accounts_user", ["public_id", "id"], "public_id", names)

    people = answers_to(named("mia"), None, learners_asked({"lena"}), named("nobody"))
    assert people == [[("mia", mia.pk)], None, [("lena", lena.pk)], []]


@pytest.mark.parametrize(("viewed", "is_active"), [(50_000, True), (49_999, False)])
def test_a_day_is_active_from_twenty_points_on_with_each_type_up_to_its_cap(lena, mia, viewed, is_active):
    day, version = date(2026, 3, 2), policy_book().on(date(2026, 3, 2)).version
    told = {
        # Turned pages count for fifteen points at most; a type or a policy that nobody knows, for nothing.
        ("navigation", version): 10**7,
        ("case_view", version): viewed,
        ("swim", version): 10**7,
        ("search", "never"): 10**7,
    }
    add_to_daily_activity(
        {
            DailyKey(lena.pk, day, *of): DailyDelta(1, units, units, 0, 0, 0, 0, MOMENT, MOMENT)
            for of, units in told.items()
        }
    )
    caps, next_day = policy_book().daily_caps, day + timedelta(days=1)
    [found, outside] = answers_to(
        active_days_asked({"lena", "mia"}, day, next_day, caps),
        active_days_asked({"lena", "mia"}, next_day, day + timedelta(days=9), caps),
    )
    assert [(user, str(on)) for user, on in found] == [(lena.pk, "2026-03-02")] * is_active
    assert outside == []


def test_a_column_that_is_too_short_is_an_error_and_not_fewer_rows(lena):
    facts = columns_of(fact(lena, event_id="1"), fact(lena, event_id="2"), fact(lena, event_id="3"))
    facts.event_id = facts.event_id[:2]
    with pytest.raises(ValueError, match="shorter"):
        copy_binary.rows(facts)

"""Counting again: agreement, every kind of drift, repair, and scores."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from interactions.models import DailyActivity, UserInteractionTrackingModel
from interactions.policies import policy_book
from interactions.recount import learner_blocks, recount
from interactions.rescore import rescore
from interactions.services import track_bulk_interactions

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)


def told(user: str, day: int, kind: str = "case_view", **fields) -> dict:
    # One id for two learners: an event id counts within its learner only.
    event_id = f"{day}-{kind}-{fields.get('activeSeconds')}"
    at = f"2026-03-{day:02}T10:00:00Z"
    return {"userId": user, "eventId": event_id, "interactionType": kind, "occurredAt": at} | fields


@pytest.fixture
def history(db) -> dict[str, User]:
    """Two learners whose daily sums agree with their raw rows."""
    sender = User.objects.create_user("recorder", role=User.Role.SERVICE)
    interactions = [
        told(user, day, kind, **fields)
        for user in ("wren", "finch")
        for day in (2, 3, 9)
        for kind, fields in (
            ("case_view", {"timeSpentSeconds": 40}),
            ("case_view", {"timeSpentSeconds": 90, "activeSeconds": 60}),
            ("case_complete", {"activeSeconds": 700, "performanceMetrics": {"score": 80}}),
            ("search", {}),
        )
    ]
    track_bulk_interactions(sender=sender, interactions=interactions, now=NOW)
    return {user.public_id: user for user in User.objects.filter(public_id__in=["wren", "finch"])}


def drifts(**options) -> list[tuple]:
    return [
        (drift.public_id, drift.day, drift.interaction_type, drift.differences())
        for learners in learner_blocks()
        for drift in recount(learners, **options)
    ]


def row_of(user: User, day: int, kind: str) -> DailyActivity:
    return DailyActivity.objects.get(user=user, day=date(2026, 3, day), interaction_type=kind)


def sums() -> list[tuple]:
    names = [field.attname for field in DailyActivity._meta.fields if field.attname != "id"]
    return list(DailyActivity.objects.order_by("user", "day", "interaction_type").values_list(*names))


def test_what_the_writer_left_agrees_with_the_raw_rows(history):
    assert DailyActivity.objects.count() == 18
    assert drifts() == []


@pytest.mark.parametrize(
    "field",
    ["interactions", "base_units", "best_units", "active_seconds", "wall_seconds", "unknown_seconds", "untimed"],
)
def test_an_altered_sum_is_named_and_nothing_else(history, field):
    row = row_of(history["wren"], 3, "case_view")
    right = getattr(row, field)
    DailyActivity.objects.filter(pk=row.pk).update(**{field: right + 1})
    assert drifts() == [("wren", date(2026, 3, 3), "case_view", [(field, right, right + 1)])]


def test_missing_rows_surplus_rows_and_wrong_times_are_named(history):
    row_of(history["wren"], 2, "search").delete()
    surplus = row_of(history["finch"], 9, "search")
    surplus.pk, surplus.interaction_type = None, "navigation"
    surplus.save()
    DailyActivity.objects.filter(pk=row_of(history["finch"], 2, "search").pk).update(last_at=NOW)
    found = [
        (drift.public_id, drift.interaction_type, drift.expected is None, drift.found is None)
        for learners in learner_blocks()
        for drift in recount(learners)
    ]
    assert sorted(found) == [
        ("finch", "navigation", True, False),
        ("finch", "search", False, False),
        ("wren", "search", False, True),
    ]


def test_repair_makes_the_sums_what_they_were(history):
    before = sums()
    row_of(history["wren"], 2, "search").delete()
    surplus = row_of(history["finch"], 9, "search")
    surplus.pk, surplus.policy_version = None, "es-0"
    surplus.save()
    DailyActivity.objects.filter(user=history["finch"], interaction_type="case_view").update(base_units=1, best_units=9)
    assert len(drifts(repair=True)) == 5
    assert sums() == before
    assert drifts() == []


def test_repair_takes_away_the_sums_of_days_of_which_nothing_is_left(history):
    UserInteractionTrackingModel.objects.filter(user=history["wren"]).delete()
    drifts(repair=True)
    assert not DailyActivity.objects.filter(user=history["wren"]).exists()
    assert DailyActivity.objects.filter(user=history["finch"]).count() == 9


def test_since_looks_at_no_earlier_day(history):
    DailyActivity.objects.filter(user=history["wren"], interaction_type="search").update(interactions=7)
    assert [drift[1].day for drift in drifts(since=date(2026, 3, 3))] == [3, 9]
    drifts(since=date(2026, 3, 3), repair=True)
    assert [drift[1].day for drift in drifts()] == [2]


def test_learners_come_in_blocks_that_miss_nobody(history, monkeypatch):
    monkeypatch.setattr("interactions.recount.LEARNERS_A_BLOCK", 2)
    blocks = list(learner_blocks())
    assert [len(block) for block in blocks] == [2, 1]
    assert {name for block in blocks for name in block.values()} == set(
        User.objects.values_list("public_id", flat=True)
    )


def test_stored_scores_follow_from_stored_inputs(history):
    assert [row for learners in learner_blocks() for row in rescore(learners, policy_book())] == []


@pytest.mark.parametrize(
    "change",
    [
        {"engagement_score": 12.34},
        {"engagement_level": "low"},
        {"base_units": 5},
        {"consistency": 1.0},
        {"active_seconds": 1},
        {"performance": 10.0},
        {"policy_version": "es-0"},
    ],
)
def test_an_altered_score_or_input_is_named_and_nothing_else(history, change):
    altered = UserInteractionTrackingModel.objects.filter(
        user=history["wren"], day=date(2026, 3, 3), interaction_type="case_complete"
    )
    assert altered.update(**change) == 1
    [row] = [row for learners in learner_blocks() for row in rescore(learners, policy_book())]
    assert (row.public_id, row.event_id) == ("wren", altered.get().event_id)
    assert (row.expected is None) == ("policy_version" in change)


def test_the_command_names_drift_and_fails_until_it_is_repaired(history, capsys):
    DailyActivity.objects.filter(pk=row_of(history["wren"], 3, "search").pk).update(interactions=5)
    with pytest.raises(CommandError) as stopped:
        call_command("recount_daily_activity")
    assert stopped.value.returncode == 1
    assert capsys.readouterr().out.splitlines() == [
        "wren 2026-03-03 search (es-1): interactions expected 1, found 5",
        "1 daily rows differ.",
    ]
    call_command("recount_daily_activity", repair=True)
    assert capsys.readouterr().out.splitlines()[-1] == "1 daily rows differed and are repaired."
    call_command("recount_daily_activity", rescore=True)
    assert capsys.readouterr().out.splitlines() == [
        "0 daily rows differ.",
        "0 interactions are scored otherwise than their inputs say.",
    ]


def test_the_command_fails_on_misscored_rows_even_when_it_repairs(history, capsys):
    UserInteractionTrackingModel.objects.filter(user=history["wren"], interaction_type="search").update(
        engagement_level="very_high"
    )
    with pytest.raises(CommandError):
        call_command("recount_daily_activity", rescore=True, repair=True)
    assert capsys.readouterr().out.count("expected (") == 3

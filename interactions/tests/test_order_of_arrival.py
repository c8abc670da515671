"""No order and no grouping of arrival changes the daily sums, and nothing sent twice counts twice."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from accounts.models import User
from interactions.models import DailyActivity, UserInteractionTrackingModel
from interactions.services import DUPLICATE, track_bulk_interactions, track_interaction

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)
KINDS = ("case_view", "case_start", "case_complete", "resource_access", "help_request", "time_spent", "navigation")


def _history() -> list[dict]:
    """Three learners over five weeks: some timed, some scored, some neither."""
    rng = np.random.default_rng(11)
    interactions = []
    for number in range(160):
        interaction = {
            "userId": ("wren", "finch", "robin")[rng.integers(3)],
            "eventId": f"e{number}",
            "interactionType": KINDS[rng.integers(len(KINDS))],
            "occurredAt": (NOW - timedelta(minutes=int(rng.integers(35 * 24 * 60)))).isoformat(),
        }
        if rng.random() < 0.7:
            interaction["timeSpentSeconds"] = int(rng.integers(1, 2000))
        if rng.random() < 0.5:
            interaction["activeSeconds"] = int(rng.integers(0, 900))
        if interaction["interactionType"] == "case_complete":
            interaction["performanceMetrics"] = {"score": int(rng.integers(0, 101))}
        interactions.append(interaction)
    return sorted(interactions, key=lambda interaction: interaction["occurredAt"])


HISTORY = _history()


@pytest.fixture
def sender(db) -> User:
    return User.objects.create_user("recorder", role=User.Role.SERVICE)


def send(sender: User, *batches: list[dict]) -> set[str]:
    return {
        outcome.status
        for batch in batches
        for outcome in track_bulk_interactions(sender=sender, interactions=batch, now=NOW)
    }


def daily() -> list[tuple]:
    names = [field.attname for field in DailyActivity._meta.fields if field.attname not in ("id", "user_id")]
    return sorted(DailyActivity.objects.values_list("user__public_id", *names))


def scores() -> dict[tuple[str, str], float]:
    rows = UserInteractionTrackingModel.objects.values_list("user__public_id", "event_id", "engagement_score")
    return {(user, event_id): score for user, event_id, score in rows}


def _forget() -> None:
    UserInteractionTrackingModel.objects.all().delete()
    DailyActivity.objects.all().delete()


@pytest.fixture
def one_by_one(sender) -> tuple[list, dict]:
    """Sums and scores of the history tracked one by one in the order of time."""
    for interaction in HISTORY:
        track_interaction(sender=sender, interaction=interaction, now=NOW)
    left = daily(), scores()
    assert len(left[1]) == len(HISTORY)
    _forget()
    return left


def test_one_bulk_leaves_the_same_sums_and_scores_as_one_by_one(sender, one_by_one):
    send(sender, HISTORY)
    assert (daily(), scores()) == one_by_one


def test_bulks_in_the_order_of_time_leave_the_same_scores_too(sender, one_by_one):
    send(sender, *(HISTORY[start : start + 37] for start in range(0, len(HISTORY), 37)))
    assert (daily(), scores()) == one_by_one


@pytest.mark.parametrize("seed", [1, 2])
def test_shuffled_bulks_leave_the_same_sums(sender, one_by_one, seed):
    shuffled = [HISTORY[position] for position in np.random.default_rng(seed).permutation(len(HISTORY))]
    send(sender, *(shuffled[start : start + 23] for start in range(0, len(shuffled), 23)))
    assert daily() == one_by_one[0]


def test_one_shuffled_bulk_leaves_the_same_scores(sender, one_by_one):
    send(sender, [HISTORY[position] for position in np.random.default_rng(3).permutation(len(HISTORY))])
    assert (daily(), scores()) == one_by_one


def test_everything_sent_twice_changes_nothing(sender):
    send(sender, HISTORY)
    before = daily(), scores()
    assert send(sender, HISTORY, HISTORY[50:], HISTORY[:9][::-1]) == {DUPLICATE}
    assert (daily(), scores()) == before


def test_a_bulk_that_holds_everything_twice_counts_it_once(sender, one_by_one):
    send(sender, HISTORY + HISTORY)
    assert daily() == one_by_one[0]

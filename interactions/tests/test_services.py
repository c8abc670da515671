"""The writer: every way of sending the same interactions leaves the same facts and the same daily sums."""

import random
from datetime import timedelta

import pytest

from accounts.models import User
from interactions.domain.policy import ES_1
from interactions.models import Case, DailyActivity, Resource, ScoringPolicy, ScoringRule, UserInteractionTrackingModel
from interactions.services import track_bulk_interactions, track_interaction
from medsim_tracking.testing import NOW, track

TYPES = sorted(ES_1.interaction_types)


def a_month(seed=1, learners=("lena", "mia")):
    """Some 200 believable interactions of two learners over a month, in order of time."""
    chance = random.Random(seed)
    told = []
    for day in range(30, 0, -1):
        for learner in learners:
            for number in range(chance.choice([0, 0, 2, 5, 9])):
                occurred_at = NOW - timedelta(days=day) + timedelta(minutes=number)
                interaction = {
                    "userId": learner,
                    "eventId": f"{learner}-{day}-{number}",
                    "interactionType": chance.choice(TYPES),
                    "occurredAt": occurred_at.isoformat(),
                    "resourceType": chance.choice([None, "video", "quiz"]),
                }
                if chance.random() < 0.7:
                    interaction["timeSpentSeconds"] = chance.randrange(0, 3000)
                if chance.random() < 0.4:
                    interaction["activeSeconds"] = chance.randrange(0, 900)
                if chance.random() < 0.5:
                    interaction["performanceMetrics"] = {"score": chance.randrange(0, 101)}
                told.append(interaction)
    return told


def daily_sums():
    names = [field.name for field in DailyActivity._meta.fields if field.name != "id"]
    return sorted(DailyActivity.objects.values_list(*names))


def scores():
    rows = UserInteractionTrackingModel.objects.values_list(
        "user", "event_id", "engagement_score", "consistency", "base_units", "engagement_level"
    )
    return sorted(rows)


def send(sim, interactions, size):
    for start in range(0, len(interactions), size):
        track_bulk_interactions(sender=sim, interactions=interactions[start : start + size], now=NOW)


def start_over():
    UserInteractionTrackingModel.objects.all().delete()
    DailyActivity.objects.all().delete()


def test_one_by_one_in_order_and_in_one_bulk_give_the_same_scores_and_sums(sim):
    interactions = a_month()
    for interaction in interactions:
        track_interaction(sender=sim, interaction=interaction, now=NOW)
    one_by_one = daily_sums(), scores()
    start_over()
    send(sim, interactions, len(interactions))
    assert (daily_sums(), scores()) == one_by_one
    assert any(consistency > 0 for _, _, _, consistency, _, _ in one_by_one[1])


@pytest.mark.parametrize("seed", range(3))
def test_shuffled_bulks_leave_the_same_daily_sums(sim, seed):
    interactions = a_month()
    send(sim, interactions, len(interactions))
    in_order = daily_sums()
    start_over()
    random.Random(seed).shuffle(interactions)
    send(sim, interactions, 17)
    assert daily_sums() == in_order


def test_sending_everything_twice_changes_nothing(sim):
    interactions = a_month()
    send(sim, interactions, 50)
    before = daily_sums(), scores()
    send(sim, interactions, 31)
    send(sim, interactions + interactions, 1000)
    assert (daily_sums(), scores()) == before


def test_a_late_interaction_moves_the_day_on_which_it_happened(sim, lena):
    track(lena, "search", occurred_at=NOW)
    track(lena, "search", occurred_at=NOW - timedelta(days=3))
    assert [(row.day, row.interactions) for row in DailyActivity.objects.order_by("day")] == [
        ((NOW - timedelta(days=3)).date(), 1),
        (NOW.date(), 1),
    ]


def test_consistency_counts_active_days_before_the_day_and_not_the_day_itself(sim, lena):
    for days in (1, 2, 3, 4, 8):
        track(lena, "case_complete", occurred_at=NOW - timedelta(days=days), time_spent_seconds=1800)
    track(lena, "case_complete", occurred_at=NOW, time_spent_seconds=1800)
    row = track(lena, "case_complete", occurred_at=NOW + timedelta(minutes=1), time_spent_seconds=1800)
    assert row.consistency == (4 / 4 + 1 / 4) / 2


def test_a_day_of_few_points_is_not_active(sim, lena):
    track(lena, "navigation", occurred_at=NOW - timedelta(days=1))
    assert track(lena, "search").consistency == 0


def test_the_catalogue_fills_itself(sim, lena):
    about = {"difficulty": "hard", "specialty": "cardiology"}
    track(lena, "case_start", case_id="c-1", case_title="Chest pain", metadata=about)
    track(lena, "resource_access", resource_type="video", resource_id="v-1", resource_name="ECG basics")
    assert Case.objects.values("case_id", "title", "specialty", "difficulty").get() == {
        "case_id": "c-1",
        "title": "Chest pain",
        "specialty": "cardiology",
        "difficulty": "hard",
    }
    assert Resource.objects.values("resource_type", "resource_id", "name").get() == {
        "resource_type": "video",
        "resource_id": "v-1",
        "name": "ECG basics",
    }


def test_a_learner_fills_gaps_of_the_catalogue_but_retitles_nothing(sim, lena):
    track(lena, "case_start", case_id="c-1", case_title="Chest pain")
    vandal = {"interactionType": "case_start", "caseId": "c-1", "caseTitle": "Haha", "metadata": {"specialty": "ENT"}}
    track_interaction(sender=lena, interaction=vandal, now=NOW)
    case = Case.objects.get()
    assert (case.title, case.specialty) == ("Chest pain", "ENT")


def test_the_simulators_later_title_replaces_the_earlier(sim, lena):
    track(lena, "case_start", case_id="c-1", case_title="Chest pain")
    track(lena, "case_start", case_id="c-1", case_title="Chest pain, revised")
    assert Case.objects.get().title == "Chest pain, revised"


@pytest.fixture
def es_2(db):
    """A later policy in which a search is worth twice as much, from ten days ago on."""
    policy = ScoringPolicy.objects.create(version="es-2", effective_from=(NOW - timedelta(days=10)).date())
    for rule in ScoringRule.objects.filter(policy__version="es-1"):
        rule.pk, rule.policy = None, policy
        rule.weight = 0.80 if rule.interaction_type == "search" else rule.weight
        rule.save()
    ScoringRule.objects.create(policy=policy, interaction_type="ward_round", weight=0.5)
    return policy


def test_each_day_is_scored_by_the_policy_in_force_on_it(sim, lena, es_2):
    before = track(lena, "search", occurred_at=NOW - timedelta(days=11))
    since = track(lena, "search", occurred_at=NOW - timedelta(days=9))
    assert [(row.policy_version, row.base_units) for row in (before, since)] == [("es-1", 400_000), ("es-2", 800_000)]


def test_a_type_that_is_only_a_row_is_taken_from_its_policys_first_day_on(sim, lena, es_2):
    assert track(lena, "ward_round").engagement_score == 45.0
    told = {"userId": "lena", "interactionType": "ward_round", "occurredAt": (NOW - timedelta(days=11)).isoformat()}
    outcome = track_interaction(sender=sim, interaction=told, now=NOW)
    assert [(error.pointer, error.code) for error in outcome.errors] == [("/interactionType", "unknown_type")]


def test_history_may_be_older_than_retention(sim):
    told = {"userId": "alumna", "interactionType": "search", "occurredAt": "2013-02-01T12:00:00Z"}
    (outcome,) = track_bulk_interactions(sender=sim, interactions=[told], now=NOW, historical=True)
    assert (outcome.status, User.objects.get(public_id="alumna").interactions.get().day.year) == ("created", 2013)


def test_a_failure_between_rows_and_sums_leaves_neither(sim, lena, monkeypatch):
    def fail(deltas):
        raise RuntimeError("planted")

    monkeypatch.setattr("interactions.services.add_to_daily_activity", fail)
    with pytest.raises(RuntimeError, match="planted"):
        track(lena, "search")
    assert not UserInteractionTrackingModel.objects.exists()

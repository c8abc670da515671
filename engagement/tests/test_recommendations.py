"""What is recommended, to whom, why, and at which cost."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.models import ItemStatistic, LearnerAbility, LearnerItem, ProgressMark
from engagement.progress import count_progress
from engagement.recommendations import recommendations
from engagement.tests.people import catalogue, complete
from interactions.services import track_interaction
from interactions.windows import read_window
from medsim_tracking.testing import NOW, person, track

LATER = NOW + timedelta(hours=1)


def asked(learner, query="all", **more):
    return recommendations(learner, window=read_window({"timeRange": query}, LATER), now=LATER, **more)


def ids(found):
    return [item.id for item in found.items]


def counted():
    """Everything that is counted, without keys."""
    tables = LearnerItem, LearnerAbility, ItemStatistic
    rows = [sorted(map(str, model.objects.values_list(*names(model)))) for model in tables]
    return [*rows, ProgressMark.objects.values_list("last_id", "received_at").first()]


def names(model):
    return [field.attname for field in model._meta.concrete_fields if not field.primary_key]


@pytest.mark.django_db
class TestTheList:
    def test_before_three_scored_attempts_it_is_a_cold_start_and_says_what_is_missing(self, cast):
        complete(cast["lena"], "c1", 80)
        catalogue("hard", difficulty="advanced")
        catalogue("easy", difficulty="beginner")
        found = asked(cast["lena"])
        assert ids(found) == ["easy", "hard"]  # c1 was done today
        assert {item.basis for item in found.items} == {"cold_start"}
        assert [(need.have, need.need) for need in found.missing.needs] == [(1, 3)]
        assert [part.name for part in found.items[0].evidence.parts] == ["order", "prior", "novelty"]

    def test_an_empty_catalogue_recommends_nothing(self, cast):
        assert asked(cast["lena"]).items == []

    def test_a_fitting_case_of_the_weak_specialty_comes_first_and_the_parts_add_up(self, lena, history):
        found = asked(lena, limit=2)
        assert found.items[0].id == "card-8"
        for item in found.items:
            evidence = item.evidence
            assert evidence.utility == pytest.approx(sum(part.points for part in evidence.parts), abs=1e-9)
            assert sum(part.weight for part in evidence.parts) == pytest.approx(1)
            assert all(0 <= part.value <= 1 for part in evidence.parts)
        assert found.items[0].evidence.attempts == 4
        assert found.items[0].evidence.last_practised == NOW - timedelta(days=17)
        assert found.missing is None and found.items[0].basis == "personal"

    def test_a_specialty_never_tried_leans_on_the_others(self, lena, history):
        catalogue("neuro-1", specialty="neurology")
        [item] = [item for item in asked(lena, limit=20).items if item.id == "neuro-1"]
        values = {part.name: part.value for part in item.evidence.parts}
        assert (item.basis, values["gap"], values["due"], values["novelty"]) == ("shrunk", 0, 0, 1)
        assert item.evidence.last_practised is None

    def test_what_was_done_within_a_week_or_passed_waits_until_it_is_due(self, lena, history):
        complete(lena, "surg-8", 50, specialty="surgery")
        complete(lena, "card-8", 20, days=6)
        found = ids(asked(lena, limit=20))
        assert "surg-8" not in found
        # Five failures leave a half-life of a day: cardiology is due again after six.
        assert "card-8" in found
        # Passed 17 days ago: with four passes half of it is forgotten after 147.
        assert "surg-3" not in found

    def test_at_most_two_of_a_specialty_in_five_while_there_are_others(self, lena, history):
        for specialty in ("neurology", "paediatrics"):
            catalogue(*(f"{specialty}-{number}" for number in range(3)), specialty=specialty)
        found = [item.specialty for item in asked(lena).items]
        assert len(found) == 5 and max(found.count(name) for name in found) == 2

    def test_one_place_is_drawn_by_lot_the_same_all_day_and_says_so(self, lena, history):
        found = asked(lena)
        assert [item.evidence.propensity for item in found.items[:4]] == [None] * 4
        assert found.items[4].evidence.propensity == pytest.approx(1 / 4)
        assert ids(asked(lena)) == ids(found)
        drawn = {ids(asked(lena, seed=seed))[4] for seed in range(40)}
        assert len(drawn) == 4

    def test_places_only_passed_through_are_no_recommendation(self, lena, mia):
        track(mia, "navigation", resource_type="homepage", resource_id="home")
        track(mia, "resource_access", resource_type="video", resource_id="film")
        count_progress(now=LATER)
        assert ids(asked(lena)) == ["film"]

    def test_what_one_learner_made_up_is_recommended_to_nobody_until_three_have_opened_it(self, lena):
        for number in range(3):
            learner = person(f"p{number}")
            told = {"interactionType": "case_start", "caseId": "made-up", "caseTitle": "Made up"}
            track_interaction(sender=learner, interaction=told, now=NOW)
            count_progress(now=LATER)
            assert ids(asked(lena)) == (["made-up"] if number == 2 else [])
            assert ids(asked(learner)) == ["made-up"]

    def test_what_was_opened_before_the_range_is_half_new(self, lena, history):
        def novelty(query):
            found = asked(lena, query, limit=20).items
            return next(
                p.value for item in found if item.id == "card-0" for p in item.evidence.parts if p.name == "novelty"
            )

        assert (novelty("7d"), novelty("30d"), novelty("all")) == (0.5, 0.0, 0.0)

    def test_a_case_that_nobody_gave_a_title_or_a_specialty_is_not_recommended(self, cast):
        track(cast["mia"], "case_start", case_id="stray")
        track(cast["mia"], "case_start", case_id="titled", case_title="Chest pain")
        track(cast["mia"], "case_start", case_id="placed", metadata={"specialty": "surgery"})
        track(cast["mia"], "resource_access", resource_type="video", resource_id="v1")
        found = asked(cast["lena"]).items
        assert {(item.id, item.title) for item in found} == {
            ("titled", "Chest pain"),
            ("placed", "placed"),
            ("v1", "v1"),
        }

    def test_what_ten_used_and_nobody_has_for_ninety_days_comes_only_where_there_is_nothing_else(self, lena):
        for number in range(10):
            complete(person(f"p{number}"), "old", 80, days=91)
        catalogue("new")
        count_progress(now=LATER)
        assert ids(asked(lena, limit=1)) == ["new"]
        assert ids(asked(lena, limit=2)) == ["new", "old"]

    def test_openers_are_told_from_ten_on(self, lena):
        for number in range(9):
            catalogue("c1", by=f"p{number}")
        count_progress(now=LATER)
        assert asked(lena).items[0].evidence.openers is None
        catalogue("c1", by="p9")
        count_progress(now=LATER)
        assert asked(lena).items[0].evidence.openers == 10

    def test_what_was_done_a_minute_ago_is_known_before_it_is_counted(self, lena, history):
        before = asked(lena, limit=20)
        count_progress(now=LATER)
        after = asked(lena, limit=20)
        assert [item.evidence.attempts for item in before.items] == [item.evidence.attempts for item in after.items]
        complete(lena, "card-8", 100)
        assert "card-8" not in ids(asked(lena, limit=20))

    def test_it_costs_as_many_queries_for_one_as_for_many(self, lena, history):
        def queries():
            with CaptureQueriesContext(
                connection,
            ) as seen:
                asked(lena)
            return len(seen)

        count_progress(now=LATER)
        few = queries()
        for number in range(30):
            catalogue(*(f"case-{number}-{k}" for k in range(2)), by=f"p{number}")
            complete(lena, f"mine-{number}", 70)
        count_progress(now=LATER)
        assert (few, queries()) == (10, 10)


@pytest.mark.django_db
class TestTheCount:
    def test_counting_on_equals_counting_anew(self, lena, history):
        count_progress(now=LATER, block=3)
        complete(lena, "card-9", 40, difficulty="advanced")
        track(lena, "help_request", case_id="card-8")
        count_progress(now=LATER, block=2)
        before = counted()
        assert before[0] and before[1] and before[2]
        call_command("count_progress", "--recount", verbosity=0)
        # The command's clock stands at NOW, when the last minutes still wait.
        assert count_progress(now=LATER).interactions > 0
        assert counted() == before

    def test_what_was_received_within_minutes_waits(self, lena):
        complete(lena, "c1", 80)
        assert count_progress(now=NOW + timedelta(minutes=4)).interactions == 0
        assert count_progress(now=NOW + timedelta(minutes=6)).interactions == 1

    def test_help_before_an_attempt_costs_a_tenth_each(self, lena):
        for _ in range(2):
            track(lena, "help_request", case_id="c1")
        complete(lena, "c1", 100)
        count_progress(now=LATER)
        assert LearnerItem.objects.get().last_credit == pytest.approx(0.8)
        assert LearnerAbility.objects.get().general == pytest.approx(0.5 * 0.3)

    def test_only_first_attempts_move_difficulty(self, lena, mia):
        complete(lena, "c1", 85)
        count_progress(now=LATER)
        complete(lena, "c1", 10)
        count_progress(now=LATER)
        row = ItemStatistic.objects.get()
        assert (row.difficulty, row.attempts, row.openers) == (pytest.approx(-0.35), 1, 1)
        complete(mia, "c1", 10)
        count_progress(now=LATER)
        assert ItemStatistic.objects.get().attempts == 2

"""`manage.py load_demo`, with a year of two weeks."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Cohort, Enrolment, Pause, User
from analytics.demo.people import DEMO_PASSWORD
from analytics.models import Count
from engagement.models import LearnerAbility
from interactions.models import Case, CaseAttempt, UserInteractionTrackingModel
from interactions.services import track_interaction

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 16)


@pytest.fixture(autouse=True)
def short_year(monkeypatch):
    monkeypatch.setattr("analytics.demo.terms.WEEKS_SHOWN", 2)


def load(today: date = TODAY, **options) -> None:
    call_command("load_demo", today=today, **options)


def facts() -> list[tuple]:
    return sorted(
        UserInteractionTrackingModel.objects.values_list(
            "user__username", "event_id", "interaction_type", "occurred_at", "engagement_score"
        )
    )


def test_its_counts_are_there_at_once():
    load()
    counted = sum(Count.objects.filter(span="day", by="all").values_list("values__policies__es-1", flat=True))
    assert counted == UserInteractionTrackingModel.objects.count() > 0
    assert LearnerAbility.objects.filter(user__username="lena", attempts__gt=0).exists()


def test_the_demo_has_everybody_and_prints_how_to_sign_in(client, capsys):
    load()
    told = capsys.readouterr().out
    assert all(word in told for word in ("edda", "otto", "ada", "lena", "sim", DEMO_PASSWORD))
    assert sorted(User.objects.exclude(role="student").values_list("username", "role", "is_staff")) == [
        ("ada", "admin", True),
        ("edda", "educator", False),
        ("otto", "educator", False),
        ("sim", "service", False),
    ]
    assert (User.objects.learners().count(), Enrolment.objects.count(), Pause.objects.count()) == (60, 60, 2)
    assert list(Cohort.objects.order_by("name").values_list("name", "educators__username")) == [
        ("Cardiology A", "edda"),
        ("Emergency Medicine B", "edda"),
        ("Surgery C", "otto"),
    ]
    sepsis = Case.objects.get(case_id="emer-06")
    assert (sepsis.title, sepsis.changed_on) == ("Sepsis II: The First Hour", TODAY - timedelta(weeks=14))
    assert client.login(username="lena", password=DEMO_PASSWORD)
    call_command("recount_daily_activity", rescore=True)
    # Some left a case without a word, which is inferred at once.
    assert CaseAttempt.objects.standing().exists()
    assert CaseAttempt.objects.filter(outcome="abandoned").exists()


def test_the_same_seed_and_day_give_the_same_demo():
    load()
    before = facts()
    assert len(before) > 500
    UserInteractionTrackingModel.objects.all().delete()
    User.objects.all().delete()
    Cohort.objects.all().delete()
    load()
    assert facts() == before


def test_a_second_run_does_nothing_and_a_later_one_adds_the_days_between(capsys):
    load(date(2026, 3, 12))
    first = facts()
    capsys.readouterr()
    load(date(2026, 3, 12))
    assert facts() == first
    assert capsys.readouterr().out.startswith("0 interactions added.")
    # Somebody tries the API as Lena: that is no day of the demo.
    live = {"interactionType": "search", "userId": "lena", "occurredAt": "2026-03-15T10:00:00Z"}
    received = UserInteractionTrackingModel.objects.first().received_at
    track_interaction(sender=User.objects.get(username="sim"), interaction=live, now=received)
    load(date(2026, 3, 16))
    topped_up = [row for row in facts() if row not in first]
    assert {row[3].date() for row in topped_up} == {date(2026, 3, day) for day in range(12, 17)}
    assert set(first) < set(facts())


def test_a_load_that_was_cut_off_goes_on(monkeypatch):
    load()
    whole = facts()
    ids = UserInteractionTrackingModel.objects.order_by("-occurred_at").values_list("pk", flat=True)[:400]
    UserInteractionTrackingModel.objects.filter(pk__in=list(ids)).delete()
    load()
    assert [row[:4] for row in facts()] == [row[:4] for row in whole]


def test_production_has_no_demo(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="never loaded in production"):
        load()
    assert not User.objects.exists()


def test_a_name_that_is_taken_stops_the_demo_before_it_begins():
    User.objects.create_user("edda", public_id="t-12")
    with pytest.raises(CommandError, match="edda"):
        load()
    assert User.objects.count() == 1

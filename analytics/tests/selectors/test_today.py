"""Who comes first of all whom somebody may see, judged now or by the clock."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Cohort, Pause
from analytics.models import KeptStanding
from analytics.rollups.counting import count_changes
from analytics.rollups.kept_standings import keep_standings, standings_at
from analytics.selectors import today as urgency
from analytics.selectors.cohorts import cohort_overviews, together
from analytics.selectors.today import today_of
from analytics.tests.work import classmates, work
from interactions.policies import policy_book
from medsim_tracking.testing import NOW, enrol, person


@pytest.fixture
def house(cardiology, surgery, lena, mia, sim):
    """Lena works, Ben is silent, Cleo came back, Mia of surgery is silent longest, Dov is in both and rose."""
    ben, cleo, dov = person("ben"), person("cleo"), person("dov")
    enrol(ben, cardiology)
    leave = enrol(cleo, cardiology)
    enrol(dov, cardiology)
    enrol(dov, surgery)
    Pause.objects.create(enrolment=leave, start=NOW.date() - timedelta(days=30), end=NOW.date() - timedelta(days=3))
    work(lena, days_ago=range(1, 60, 2), sim=sim)
    work(ben, days_ago=range(10, 60, 2), sim=sim)
    work(mia, days_ago=range(20, 80, 2), sim=sim)
    work(cleo, days_ago=[2, 35, 37, 39], sim=sim)
    work(dov, days_ago=range(1, 20), sim=sim)
    count_changes(now=NOW)
    return [cardiology, surgery]


@pytest.fixture
def many(monkeypatch):
    """As if three learners were too many to judge for one page."""
    monkeypatch.setattr(urgency, "MOST_JUDGED", 3)


def names(rows) -> list[str]:
    return [row.learner.username for row in rows]


def test_the_order_holds_over_cohorts_that_have_no_card(house, ada):
    found = today_of(ada, house, house[:1], now=NOW)
    assert names(found.needing) == ["mia", "ben"]
    assert [card.cohort.slug for card in found.cards] == ["cardiology"]
    assert (found.everybody.size, found.is_kept, found.judged_at) == (5, False, NOW)


def test_of_too_many_to_judge_the_clocks_order_is_told_with_its_moment(house, ada, many):
    keep_standings(now=NOW)
    found = today_of(ada, house, house[:1], now=NOW + timedelta(minutes=7))
    assert names(found.needing) == ["mia", "ben"]
    assert (names(found.risen), names(found.back)) == (["dov"], ["cleo"])
    assert (found.is_kept, found.judged_at) == (True, NOW)


def test_until_the_clock_has_judged_the_page_judges_itself(house, ada, many):
    found = today_of(ada, house, house, now=NOW)
    assert (names(found.needing), found.is_kept) == (["mia", "ben"], False)


def test_what_is_counted_is_the_same_whoever_judged(house, ada, monkeypatch):
    enrol(person("enno"), house[0], start=NOW.date())
    keep_standings(now=NOW)
    judged = [(one := today_of(ada, house, house, now=NOW)).everybody, *one.cards]
    monkeypatch.setattr(urgency, "MOST_JUDGED", 3)
    kept = [(one := today_of(ada, house, house, now=NOW)).everybody, *one.cards]
    assert one.is_kept
    told = ("cohort", "size", "kinds", "needing_size", "levels", "levels_before", "moves", "active", "active_before")
    for ours, theirs in zip(judged, kept, strict=True):
        for name in (*told, "last_interaction"):
            assert getattr(ours, name) == getattr(theirs, name), name
    for ours, theirs in zip(judged[1:], kept[1:], strict=True):
        assert (ours.median_index, ours.median_index_before) == (theirs.median_index, theirs.median_index_before)


def test_an_educator_of_many_reads_nobody_elses_learners(house, edda, otto, many):
    for number in range(4):
        enrol(person(f"otto-{number}"), house[1])
    keep_standings(now=NOW)
    assert "mia" not in names(today_of(edda, house[:1], house[:1], now=NOW).needing)
    found = today_of(otto, house[1:], house[1:], now=NOW)
    assert found.is_kept
    assert (found.everybody.size, names(found.back)) == (6, [])
    assert set(found.cohorts) == {row.learner.pk for row in [*found.needing, *found.risen]}
    assert {cohort.slug for cohorts in found.cohorts.values() for cohort in cohorts} == {"surgery"}


def test_who_is_named_is_judged_anew(house, ada, mia, sim, many):
    """Mia came back since: her index has fallen still, which asks for less than silence does."""
    keep_standings(now=NOW)
    work(mia, days_ago=[0], sim=sim)
    found = today_of(ada, house, house, now=NOW)
    assert [(row.learner.username, row.standing.attention.kind) for row in found.needing] == [
        ("ben", "silent"),
        ("mia", "fallen"),
    ]


def test_who_has_left_is_neither_counted_nor_kept(house, ada, mia, many):
    keep_standings(now=NOW)
    mia.enrolments.update(end=NOW.date())
    found = today_of(ada, house, house, now=NOW)
    assert (names(found.needing), found.everybody.size) == (["ben"], 4)
    keep_standings(now=NOW)
    assert not KeptStanding.objects.filter(user=mia).exists()


def test_a_learner_enrolled_twice_in_one_cohort_counts_once(house, ada, lena, many):
    enrol(lena, house[0], start=NOW.date() - timedelta(days=9))
    keep_standings(now=NOW)
    found = today_of(ada, house, house[:1], now=NOW)
    assert [found.cards[0].size, len(found.cards[0].scores), found.everybody.size] == [4, 4, 5]


def test_the_command_judges_all_and_writes_what_changed(house):
    out = StringIO()
    call_command("keep_standings", stdout=out)
    assert out.getvalue() == "Standings of 5 learners are kept.\n"
    assert standings_at() == NOW
    kept = dict(KeptStanding.objects.values_list("user__username", "points"))
    rows = together(cohort_overviews(list(Cohort.objects.all()), now=NOW), now=NOW).rows
    assert kept == {row.learner.username: row.standing.points for row in rows}
    with CaptureQueriesContext(connection) as asked:
        call_command("keep_standings", stdout=StringIO())
    assert not [query for query in asked if query["sql"].startswith('INSERT INTO "analytics_keptstanding"')]


@pytest.mark.parametrize("mates", [1, 29])
def test_the_clocks_order_costs_the_same_for_few_and_for_many(house, ada, mates, many, django_assert_num_queries):
    classmates(house[0], mates)
    keep_standings(now=NOW)
    policy_book()
    with django_assert_num_queries(21):
        today_of(ada, house, house, now=NOW)

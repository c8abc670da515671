"""Who is compared with whom, in which words, and at which cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Enrolment
from engagement.domain.insufficient import Insufficient, Need
from engagement.peers import peer_comparison, set_peer_comparison
from engagement.tests.people import peers, work
from interactions.windows import read_window
from medsim_tracking.testing import NOW


def asked(learner, now=NOW, **query):
    return peer_comparison(learner, window=read_window(query or {"timeRange": "30d"}, now), now=now)


def bands(found):
    return {measure.name: measure.band for measure in found.measures}


def test_a_learner_is_set_beside_ten_others_and_his_own_past(lena, ten):
    for day in (1, 2, 40):
        work(lena, day)
    found = asked(lena)
    assert (found.others, found.matched_on, found.takes_part) == (10, ("cohort", "tenure"), True)
    assert set(bands(found).values()) == {"lower_third"}
    days = found.measures[0]
    assert (days.name, days.value, days.previous) == ("activeDays", pytest.approx(7 * 2 / 30), pytest.approx(7 / 30))
    assert found.measures[2].value == pytest.approx(7 * 60 / 30)


def test_nine_others_are_too_few_and_how_many_is_told_in_fives(lena, cardiology):
    nine = peers(cardiology, 9)
    work(lena, 1)
    assert asked(lena).measures == Insufficient((Need("others to compare with", 5, 10),))
    assert asked(nine[0]).measures == Insufficient((Need("others to compare with", 5, 10),))
    peers(cardiology, 1, first=9)
    assert asked(lena).others == 10


def test_whoever_takes_no_part_sees_none_and_is_in_nobody_elses(lena, ten):
    work(lena, 1)
    set_peer_comparison(lena, takes_part=False)
    found = asked(lena)
    assert (found.takes_part, found.measures, found.others) == (False, None, None)
    # Each of the ten now has nine others.
    assert isinstance(asked(ten[0]).measures, Insufficient)
    set_peer_comparison(lena, takes_part=True)
    assert asked(ten[0]).others == 10


def test_today_changes_nothing_so_nobody_is_found_out_by_asking_twice(lena, ten):
    work(lena, 1)
    before = asked(lena)
    for learner in (lena, *ten):
        work(learner, 0)
    assert asked(lena) == before
    assert before.complete_through == NOW.replace(hour=0)
    assert (before.window.end - before.window.start).days == 30


def test_newcomers_neither_compare_nor_count(lena, ten):
    Enrolment.objects.filter(learner=lena).update(start=(NOW - timedelta(days=13)).date())
    assert asked(lena).measures == Insufficient((Need("counting days", 13, 14),))
    Enrolment.objects.filter(learner=ten[0]).update(start=(NOW - timedelta(days=5)).date())
    Enrolment.objects.filter(learner=lena).update(start=(NOW - timedelta(days=60)).date())
    assert asked(lena).measures == Insufficient((Need("others to compare with", 5, 10),))


def test_others_who_are_all_alike_give_no_band(lena, ten):
    assert bands(asked(lena, **{"from": "2026-02-01", "to": "2026-02-10"})) == dict.fromkeys(
        ("activeDays", "interactions", "activeMinutes", "casesCompleted")
    )


def test_it_costs_as_many_queries_for_ten_as_for_thirty(lena, ten, cardiology):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            asked(lena)
        return len(seen)

    few = queries()
    peers(cardiology, 20, first=10)
    assert (few, queries()) == (4, 4)
    assert asked(lena).measures[0].band == "lowest_quarter"

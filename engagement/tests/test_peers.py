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
    assert (days.name, days.value, days.previous) == ("activeDays", pytest.approx(2 / 4), pytest.approx(1 / 4))
    assert found.measures[2].value == pytest.approx(60 / 4)


def test_nine_others_are_too_few_and_how_many_is_told_in_fives(lena, cardiology):
    nine = peers(cardiology, 9)
    work(lena, 1)
    assert asked(lena).measures == Insufficient((Need("others to compare with", 5, 10),))
    assert asked(nine[0]).measures == Insufficient((Need("others to compare with", 5, 10),))
    peers(cardiology, 1, first=9)
    assert asked(lena).others == 10


def test_whoever_takes_no_part_sees_none_and_is_in_nobody_elses_from_monday_on(lena, ten):
    work(lena, 1)
    set_peer_comparison(lena, takes_part=False, now=NOW)
    found = asked(lena)
    assert (found.takes_part, found.measures, found.others) == (False, None, None)
    # Each of the ten has nine others then.
    sunday, monday, later = (NOW + timedelta(days=days) for days in (6, 7, 14))
    assert (asked(ten[0], sunday).others, isinstance(asked(ten[0], monday).measures, Insufficient)) == (10, True)
    set_peer_comparison(lena, takes_part=True, now=monday)
    assert asked(lena, monday).others == 10
    assert (isinstance(asked(ten[0], monday).measures, Insufficient), asked(ten[0], later).others) == (True, 10)


def test_a_choice_that_is_taken_back_within_the_week_changes_nothing_for_others(lena, ten):
    for takes_part in (False, True, False, True):
        set_peer_comparison(lena, takes_part=takes_part, now=NOW)
    assert [asked(ten[0], NOW + timedelta(days=days)).others for days in (0, 7)] == [10, 10]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ({"timeRange": "7d"}, "2026-03-09"),
        ({"timeRange": "30d"}, "2026-02-16"),
        ({"timeRange": "365d"}, "2025-03-17"),
        ({"timeRange": "all"}, "2025-03-17"),
        ({"from": "2026-03-03"}, "2026-03-02"),
        ({"from": "2026-03-15", "to": "2026-03-15"}, "2026-03-09"),
    ],
)
def test_a_range_is_answered_for_as_many_whole_weeks_up_to_the_last(lena, ten, query, first):
    window = asked(lena, **query).window
    assert (str(window.first_day), str(window.last_day)) == (first, "2026-03-15")


def test_a_range_that_ends_before_the_last_week_is_not_answered(lena, ten):
    needs = asked(lena, **{"from": "2026-02-01", "to": "2026-03-14"}).measures.needs
    assert needs == (Need("complete last week", 0, 1),)


def test_today_changes_nothing_so_nobody_is_found_out_by_asking_twice(lena, ten):
    work(lena, 1)
    before = asked(lena)
    for learner in (lena, *ten):
        work(learner, 0)
    assert asked(lena) == before
    assert before.complete_through == NOW.replace(hour=0)
    assert (before.window.end - before.window.start).days == 28


def test_newcomers_neither_compare_nor_count(lena, ten):
    Enrolment.objects.filter(learner=lena).update(start=(NOW - timedelta(days=13)).date())
    assert asked(lena).measures == Insufficient((Need("counting days", 13, 14),))
    Enrolment.objects.filter(learner=ten[0]).update(start=(NOW - timedelta(days=5)).date())
    Enrolment.objects.filter(learner=lena).update(start=(NOW - timedelta(days=60)).date())
    assert asked(lena).measures == Insufficient((Need("others to compare with", 5, 10),))


def test_others_who_are_all_alike_give_no_band(lena, ten):
    # Nobody has done anything in the week before this moment.
    assert bands(asked(lena, NOW + timedelta(days=14), timeRange="7d")) == dict.fromkeys(
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

"""Kept days: a page reads the same with them as without, whatever happens in between."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError

from accounts.models import Cohort, Pause
from analytics.models import CountingProgress, KeptDays
from analytics.rollups import changes
from analytics.rollups.counting import count_changes
from analytics.selectors.cohorts import cohort_overviews
from analytics.tests.work import classmates, work
from engagement.selectors import records_of
from engagement.standing import standings_of
from interactions.policies import policy_book
from medsim_tracking.testing import NOW, track

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def no_lag(monkeypatch):
    """What was stored before the last look is looked at: nothing is seen twice for safety's sake."""
    monkeypatch.setattr(changes, "LAG", timedelta())


@pytest.fixture
def known(cardiology, lena, sim):
    """Lena and two others, counted once and kept by a reader."""
    work(lena, *classmates(cardiology, 2), days_ago=range(1, 60, 2), sim=sim)
    track(lena, "case_abandon", occurred_at=NOW - 4 * DAY, case_id="sepsis-2")
    count_changes(now=NOW)
    cohort_overviews([cardiology], now=NOW)
    assert KeptDays.objects.count() == 3


def standings(cohort: Cohort, now=NOW) -> dict:
    [overview] = cohort_overviews([cohort], now=now)
    return {row.learner.pk: (row.standing, row.last_seen) for row in overview.rows}


def read_anew(cohort: Cohort, now=NOW) -> dict:
    """The same from all daily sums, learner by learner."""
    keys, book = [row.learner_id for row in cohort.enrolments.current(now.date())], policy_book()
    records = records_of(keys, since=None, today=now.date(), book=book)
    seen = [max((day.last_at for day in records[key].days.values()), default=None) for key in keys]
    return dict(
        zip(keys, zip(standings_of([records[key] for key in keys], now.date(), book), seen, strict=True), strict=True)
    )


def test_what_is_kept_reads_like_what_is_read_anew(known, cardiology, django_assert_num_queries):
    expected = read_anew(cardiology)
    with django_assert_num_queries(6):
        assert standings(cardiology) == expected


def test_today_is_seen_at_once_without_keeping_anew(known, cardiology, lena):
    kept = list(KeptDays.objects.values())
    track(lena, "case_abandon", case_id="asthma")
    assert standings(cardiology) == read_anew(cardiology)
    assert standings(cardiology)[lena.pk][1] == NOW
    assert list(KeptDays.objects.values()) == kept


def test_what_arrives_late_is_seen_at_once_and_after_the_next_count(known, cardiology, lena):
    before = standings(cardiology)
    for days in range(2, 20, 2):
        track(lena, "case_complete", occurred_at=NOW - days * DAY, time_spent_seconds=900, case_id="late")
    now_seen = standings(cardiology)
    assert now_seen == read_anew(cardiology)
    assert now_seen[lena.pk][0].score > before[lena.pk][0].score
    count_changes(now=NOW)
    assert standings(cardiology) == now_seen


def test_a_count_forgets_those_for_whom_something_came_late(known, lena):
    track(lena, "navigation", occurred_at=NOW - 3 * DAY)
    track(lena, "navigation")
    count_changes(now=NOW)
    assert not KeptDays.objects.filter(user=lena).exists()
    assert KeptDays.objects.count() == 2


def test_nothing_is_kept_that_a_count_has_passed_over_meanwhile(cardiology, lena, sim, monkeypatch):
    work(lena, days_ago=[1, 3], sim=sim)
    count_changes(now=NOW)
    before = CountingProgress.objects.get().settled - timedelta(seconds=1)
    monkeypatch.setattr("analytics.rollups.kept_days.settled_through", lambda: before)
    cohort_overviews([cardiology], now=NOW)
    assert KeptDays.objects.count() == 0


def test_days_that_cannot_be_kept_are_read_all_the_same(known, cardiology, monkeypatch):
    expected = standings(cardiology)
    KeptDays.objects.all().delete()

    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(KeptDays.objects, "bulk_create", locked)
    assert standings(cardiology) == expected
    assert not KeptDays.objects.exists()


def test_days_go_on(known, cardiology, lena):
    for days in (1, 2, 5, 30):
        later = NOW + days * DAY
        assert standings(cardiology, later) == read_anew(cardiology, later)
    assert {row.through for row in KeptDays.objects.all()} == {(NOW + 29 * DAY).date()}
    assert standings(cardiology) == read_anew(cardiology)


def test_a_pause_entered_afterwards_reaches_further_back(known, cardiology, lena, sim):
    work(lena, days_ago=range(61, 200, 3), sim=sim)
    count_changes(now=NOW)
    cohort_overviews([cardiology], now=NOW)
    enrolment = cardiology.enrolments.get(learner=lena)
    Pause.objects.create(enrolment=enrolment, start=(NOW - 50 * DAY).date(), end=(NOW - 10 * DAY).date())
    assert standings(cardiology) == read_anew(cardiology)


def test_the_job_keeps_yesterday_of_all_who_are_enrolled(known, cardiology, mia, clock):
    clock.forward(days=1)
    call_command("keep_days", stdout=StringIO())
    assert {row.through for row in KeptDays.objects.all()} == {NOW.date()}
    assert KeptDays.objects.filter(user=mia).exists()
    assert standings(cardiology, NOW + DAY) == read_anew(cardiology, NOW + DAY)

"""Cohorts at a glance."""

from datetime import date, timedelta

import pytest

from accounts.models import Cohort, Enrolment, Pause
from analytics.selectors.cohorts import LevelCounts, cohort_overviews, together
from analytics.tests.work import classmates, work
from engagement.analytics import engagement_analytics
from engagement.standing import NEEDING, PAUSED, PLAIN, UNMEASURED
from interactions.windows import read_window
from medsim_tracking.testing import NOW, TERM_START, enrol, person

TODAY = NOW.date()


def overview_of(cohort):
    [overview] = cohort_overviews([cohort], now=NOW)
    return overview


@pytest.fixture
def class_of_four(cardiology, lena, mia, sim):
    """Lena works, Ben fell silent, Cleo is on leave, Dov is new; Mia of the other cohort could leak."""
    ben, cleo, dov = person("ben"), person("cleo"), person("dov")
    enrol(ben, cardiology)
    Pause.objects.create(
        enrolment=enrol(cleo, cardiology), start=TODAY - timedelta(days=5), end=TODAY + timedelta(days=5)
    )
    enrol(dov, cardiology, start=TODAY - timedelta(days=2))
    work(lena, mia, days_ago=range(0, 60, 2), sim=sim)
    work(ben, days_ago=range(12, 60, 2), sim=sim)
    work(cleo, days_ago=range(6, 60, 2), sim=sim)
    return cardiology


def test_an_overview_counts_everybody_once_and_nobody_of_another_cohort(class_of_four):
    overview = overview_of(class_of_four)
    assert [row.learner.username for row in overview.rows] == ["ben", "cleo", "lena", "dov"]
    assert [row.learner.username for row in overview.needing] == ["ben"]
    assert overview.kinds == {PLAIN: 1, NEEDING: 1, PAUSED: 1, UNMEASURED: 1}
    assert overview.levels.total == overview.levels_before.total == 4
    assert overview.levels.unmeasured == 1
    assert (overview.active, overview.active_before) == (2, 3)
    assert overview.last_interaction == NOW


def test_levels_are_those_of_the_rows(class_of_four):
    overview = overview_of(class_of_four)
    levels = [row.standing.level for row in overview.rows]
    assert dict(overview.levels.levels) == {
        level: levels.count(level) for level in ("low", "medium", "high", "very_high")
    }


def test_last_seen_is_the_newest_interaction_of_all_time(cardiology, lena, sim):
    work(lena, days_ago=[300, 299], sim=sim)
    [row] = overview_of(cardiology).rows
    assert row.last_seen == NOW - timedelta(days=299)


def test_the_index_in_the_table_is_that_of_the_learners_own_analytics(class_of_four):
    window = read_window({}, NOW)
    for row in overview_of(class_of_four).rows:
        analytics = engagement_analytics(row.learner, window=window, granularity="day", now=NOW)
        assert row.standing.index == analytics.index, row.learner


def test_leave_longer_than_the_look_back_hides_nothing(cardiology, lena, sim):
    """Before four months of leave she worked daily: the index reaches back over them."""
    Pause.objects.create(
        enrolment=lena.enrolments.get(), start=TODAY - timedelta(days=125), end=TODAY - timedelta(days=5)
    )
    work(lena, days_ago=range(126, 160), sim=sim)
    [row] = overview_of(cardiology).rows
    assert row.standing.score > 60


def test_an_enrolment_that_has_ended_is_not_in_the_cohort(cardiology, lena):
    Enrolment.objects.filter(learner=lena).update(end=TODAY)
    assert overview_of(cardiology).rows == ()


def test_a_learner_enrolled_twice_is_one_row(cardiology, lena):
    enrol(lena, cardiology, start=date(2026, 1, 1))
    assert [row.learner for row in overview_of(cardiology).rows] == [lena]


def test_a_cohort_of_nobody_is_an_answer(db):
    overview = overview_of(Cohort.objects.create(slug="empty", name="Empty"))
    nobody = LevelCounts((("low", 0), ("medium", 0), ("high", 0), ("very_high", 0)), 0)
    assert (overview.levels, overview.median_index, overview.last_interaction) == (nobody, None, None)
    assert (overview.active, overview.kinds) == (0, {})


def test_of_several_cohorts_each_learner_counts_once(cardiology, surgery, lena, mia):
    enrol(lena, surgery)
    overviews = cohort_overviews([cardiology, surgery], now=NOW)
    assert [overview.size for overview in overviews] == [1, 2]
    assert {row.learner for row in together(overviews, now=NOW).rows} == {lena, mia}


@pytest.mark.parametrize("mates", [0, 29])
def test_an_overview_costs_the_same_for_one_learner_and_for_thirty(
    cardiology, lena, sim, mates, django_assert_num_queries
):
    work(lena, *classmates(cardiology, mates), days_ago=[1, 3], sim=sim)
    with django_assert_num_queries(6):
        overview = overview_of(cardiology)
    assert overview.size == 1 + mates


def test_tenure_runs_from_the_enrolment_that_still_runs(cardiology, lena):
    assert lena.enrolments.get().start == TERM_START
    [row] = overview_of(cardiology).rows
    assert row.standing.attention.kind == "silent"

"""One learner read for his page."""

from datetime import timedelta

import pytest

from accounts.models import Pause
from analytics.selectors.cohorts import cohort_overviews
from analytics.selectors.learners import Before, CaseResult, cohorts_of, learner_overview
from analytics.selectors.steps import days_per_step
from analytics.tests.work import work
from interactions.attempts import infer_abandonments
from interactions.windows import read_window
from medsim_tracking.testing import NOW, enrol, track


def overview_of(learner, name="30d"):
    return learner_overview(learner, window=read_window({"timeRange": name}, NOW), now=NOW)


@pytest.mark.parametrize(("days", "width"), [(7, 1), (31, 1), (32, 7), (365, 7), (1098, 7), (1099, 28)])
def test_bars_stay_wide_enough_to_point_at(days, width):
    assert days_per_step(days) == width


@pytest.mark.parametrize(("name", "weeks"), [("90d", 13), ("365d", 53), ("all", 6)])
def test_no_week_is_cut_or_unfinished_and_the_last_ends_today(lena, sim, name, weeks):
    work(lena, days_ago=range(40), sim=sim)
    steps = overview_of(lena, name).steps
    assert {(step.end - step.start).days for step in steps} == {7}
    assert steps[-1].end == NOW.date() + timedelta(days=1)
    assert len(steps) == weeks
    assert [step.interactions for step in steps[-6:]] == [5, 7, 7, 7, 7, 7]


def test_a_window_before_tells_its_paused_days_and_those_before_the_enrolment(lena, sim):
    today, enrolment = NOW.date(), lena.enrolments.get()
    lena.enrolments.update(start=today - timedelta(days=11))
    assert overview_of(lena, "7d").before == Before(7, 0, 2)
    Pause.objects.create(enrolment=enrolment, start=today - timedelta(days=20), end=today - timedelta(days=6))
    overview = overview_of(lena, "7d")
    assert (overview.before, overview.before.counts, overview.points_before) == (Before(7, 5, 2), False, None)


def test_the_standing_is_that_of_the_cohorts_table(cardiology, lena, sim):
    work(lena, days_ago=[*range(10, 60, 2), 200], sim=sim)
    [cohort] = cohort_overviews([cardiology], now=NOW)
    for name in ("7d", "30d", "365d", "all"):
        overview = overview_of(lena, name)
        assert overview.standing == cohort.rows[0].standing
        assert overview.last_seen == cohort.rows[0].last_seen


def test_the_past_behind_each_bar_is_the_day_one_window_earlier(lena, sim):
    work(lena, days_ago=[0, 3, 7, 9], sim=sim)
    overview = overview_of(lena, "7d")
    points = [step.points for step in overview.steps]
    one = points[-1]
    assert one > 0
    assert points == [0, 0, 0, one, 0, 0, one]
    assert overview.points_before == [0, 0, 0, 0, one, 0, one]


@pytest.mark.parametrize(("name", "days"), [("90d", 91), ("365d", 371)])
def test_the_past_behind_weeks_adds_up_to_as_many_weeks_before(lena, sim, name, days):
    lena.enrolments.update(start=NOW.date() - timedelta(days=800))
    work(lena, days_ago=range(0, 729, 13), sim=sim)
    overview = overview_of(lena, name)
    assert len(overview.points_before) == len(overview.steps)
    one = overview.steps[-1].points
    assert one > 0
    assert sum(overview.points_before) == pytest.approx(one * sum(days <= ago < 2 * days for ago in range(0, 729, 13)))


def test_an_open_start_has_no_window_before(lena, sim):
    work(lena, days_ago=[40], sim=sim)
    overview = overview_of(lena, "all")
    assert (overview.points_before, overview.step_days) == (None, 7)


def test_cases_tell_what_became_of_them_in_the_window(lena, mia, sim):
    hours = [NOW - timedelta(hours=hours) for hours in range(6)]
    track(lena, "case_start", case_id="a", case_title="Sepsis", occurred_at=hours[5])
    for hour, score in ((4, 60), (3, 90)):
        track(lena, "case_complete", case_id="a", occurred_at=hours[hour], performance_metrics={"score": score})
    track(lena, "case_start", case_id="b", occurred_at=hours[2])
    track(lena, "case_abandon", case_id="b", occurred_at=hours[1])
    track(lena, "case_complete", case_id="c", occurred_at=NOW - timedelta(days=40))
    track(mia, "case_complete", case_id="secret", occurred_at=hours[0])
    assert overview_of(lena).cases == [
        CaseResult("b", "b", 1, 0, 1, 0, None, None, 2, hours[1]),
        CaseResult("a", "Sepsis", 1, 2, 0, 0, None, 90.0, 3, hours[3]),
    ]


def test_a_case_left_without_a_word_is_told_apart_from_one_declared_so_until_the_learner_is_back(lena, mia):
    days = [NOW - timedelta(days=days) for days in range(5)]
    for user in (lena, mia):
        track(user, "case_start", case_id="a", occurred_at=days[4])
    track(lena, "case_view", case_id="a", occurred_at=days[3])
    track(lena, "case_start", case_id="b", occurred_at=days[0])
    list(infer_abandonments(now=NOW, lag=timedelta()))
    assert [(case.case_id, case.inferred_abandonments, case.silent_since) for case in overview_of(lena).cases] == [
        ("b", 0, None),
        ("a", 1, days[3]),
    ]
    track(lena, "navigation", case_id="a", occurred_at=days[2])
    assert [case.inferred_abandonments for case in overview_of(lena).cases] == [0, 0]


def test_a_learners_cohorts_are_those_the_viewer_may_see(lena, edda, otto, ada, cardiology, surgery):
    enrol(lena, surgery)
    seen = {viewer.username: cohorts_of(lena, viewer=viewer, today=NOW.date()) for viewer in (lena, edda, otto, ada)}
    assert seen == {"lena": [], "edda": [cardiology], "otto": [surgery], "ada": [cardiology, surgery]}


@pytest.mark.parametrize(("name", "queries"), [("30d", 20), ("all", 20)])
@pytest.mark.parametrize("days", [1, 60])
def test_an_overview_costs_the_same_however_much_was_done(lena, sim, days, name, queries, django_assert_num_queries):
    work(lena, days_ago=range(1, days + 1), sim=sim)
    with django_assert_num_queries(queries):
        overview_of(lena, name)

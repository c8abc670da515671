"""One learner read for his page."""

from datetime import timedelta

import pytest

from analytics.selectors.cohorts import cohort_overviews
from analytics.selectors.learners import CaseResult, cohorts_of, granularity_for, learner_overview
from analytics.tests.work import work
from engagement.analytics import engagement_analytics
from interactions.windows import read_window
from medsim_tracking.testing import NOW, enrol, track


def overview_of(learner, name="30d"):
    return learner_overview(learner, window=read_window({"timeRange": name}, NOW), now=NOW)


@pytest.mark.parametrize(
    ("days", "granularity"), [(7, "day"), (31, "day"), (32, "week"), (365, "week"), (1098, "week"), (1099, "month")]
)
def test_bars_stay_wide_enough_to_point_at(days, granularity):
    assert granularity_for(days) == granularity


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
    points = [bucket.points for bucket in overview.analytics.series]
    one = points[-1]
    assert one > 0
    assert points == [0, 0, 0, one, 0, 0, one]
    assert overview.points_before == [0, 0, 0, 0, one, 0, one]


@pytest.mark.parametrize("name", ["90d", "365d"])
def test_the_past_behind_weeks_adds_up_to_the_window_before(lena, sim, name):
    work(lena, days_ago=range(0, 729, 13), sim=sim)
    overview = overview_of(lena, name)
    before = engagement_analytics(lena, window=overview.analytics.window.previous, granularity="day", now=NOW)
    assert len(overview.points_before) == len(overview.analytics.series)
    assert sum(overview.points_before) == pytest.approx(sum(bucket.points for bucket in before.series))


def test_an_open_start_has_no_window_before(lena, sim):
    work(lena, days_ago=[40], sim=sim)
    overview = overview_of(lena, "all")
    assert (overview.points_before, overview.analytics.granularity) == (None, "week")


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
        CaseResult("b", "b", 1, 0, 1, None, 2, hours[1]),
        CaseResult("a", "Sepsis", 1, 2, 0, 90.0, 3, hours[3]),
    ]


def test_a_learners_cohorts_are_those_the_viewer_may_see(lena, edda, otto, ada, cardiology, surgery):
    enrol(lena, surgery)
    seen = {viewer.username: cohorts_of(lena, viewer=viewer, today=NOW.date()) for viewer in (lena, edda, otto, ada)}
    assert seen == {"lena": [], "edda": [cardiology], "otto": [surgery], "ada": [cardiology, surgery]}


@pytest.mark.parametrize(("name", "queries"), [("30d", 8), ("all", 8)])
@pytest.mark.parametrize("days", [1, 60])
def test_an_overview_costs_the_same_however_much_was_done(lena, sim, days, name, queries, django_assert_num_queries):
    work(lena, days_ago=range(1, days + 1), sim=sim)
    with django_assert_num_queries(queries):
        overview_of(lena, name)

"""`global-patterns` and `/api/analytics/engagement`: whose learners, which weeks, and nothing about fewer than ten."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Cohort
from analytics.models import CountedDay
from analytics.rollups.counting import count_changes
from analytics.selectors.crowds.scope import REASON
from analytics.tests.crowd_work import crowd, work
from interactions.attempts import infer_abandonments
from interactions.models import UserInteractionTrackingModel
from medsim_tracking.testing import NOW, enrol

PATTERNS, ENGAGEMENT = "/api/interaction-tracking/global-patterns", "/api/analytics/engagement"
BOTH = pytest.mark.parametrize("url", [PATTERNS, ENGAGEMENT])
CARDIOLOGY, NEUROLOGY = {"metadata": {"specialty": "cardiology"}}, {"metadata": {"specialty": "neurology"}}


def read(api, url, **query):
    answer = api.get(url, query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def without_moments(answer):
    return {key: value for key, value in answer.items() if key not in ("completeThrough", "timeRange", "filters")}


def test_an_educator_reads_the_learners_of_his_own_cohorts(edda_api, otto_api, ada_api, cardiology, surgery):
    work(crowd(cardiology, 12, "c"), kind="case_start")
    work(crowd(surgery, 15, "s"), kind="search")
    assert read(edda_api, PATTERNS)["interactionsByType"] == {"case_start": 12}
    assert read(otto_api, PATTERNS)["interactionsByType"] == {"search": 15}
    assert read(ada_api, PATTERNS)["interactionsByType"] == {"search": 15, "case_start": 12}
    assert [read(api, PATTERNS)["n"] for api in (edda_api, otto_api, ada_api)] == [12, 15, 27]


def test_a_learner_in_two_cohorts_counts_once(edda, edda_api, cardiology, surgery):
    surgery.educators.add(edda)
    learners = crowd(cardiology, 12)
    for learner in learners:
        enrol(learner, surgery)
    work(learners)
    answer = read(edda_api, PATTERNS)
    assert (answer["n"], answer["caseFunnel"]["started"]) == (12, 12)
    assert read(edda_api, PATTERNS, cohort="surgery")["n"] == 12


def test_the_patterns_say_when_what_and_how_far(edda_api, cardiology):
    learners = crowd(cardiology, 10)
    work(learners, kind="case_start", case_id="c")
    work(learners[:7], kind="case_complete", case_id="c", time_spent_seconds=600)
    work(learners[7:9], kind="case_abandon", case_id="c")
    answer = read(edda_api, PATTERNS)
    assert answer["caseFunnel"] == {
        **{"started": 10, "completed": 7, "abandoned": 2},
        **{"inferredAbandoned": 0, "restarted": 0, "unresolved": 1},
    }
    # All at 11:59 on a Monday.
    assert answer["activityByHour"] == [0] * 11 + [19] + [0] * 12
    assert answer["activityByWeekday"]["monday"] == answer["activityByWeekdayAndHour"][0][11] == 19
    assert answer["levels"]["n"] == 11
    assert answer["timeRange"] == {"from": "2026-02-09T00:00:00Z", "to": "2026-03-16T12:00:00Z", "timeZone": "UTC"}
    assert (answer["policy"], answer["suppressed"], answer["reason"]) == ("es-1", False, None)
    assert "2026-03-16T11:58:59" < answer["completeThrough"] <= "2026-03-16T12:00:00Z"


def test_starts_that_were_left_without_a_word_are_told_apart(edda_api, cardiology):
    learners = crowd(cardiology, 12)
    work(learners, days_ago=20, kind="case_start", case_id="c")
    work(learners[:9], days_ago=19, kind="case_complete", case_id="c")
    assert read(edda_api, PATTERNS)["caseFunnel"]["unresolved"] == 3
    list(infer_abandonments(now=NOW, lag=timedelta()))
    count_changes(now=NOW, everything=True)
    funnel = read(edda_api, PATTERNS)["caseFunnel"]
    assert (funnel["completed"], funnel["inferredAbandoned"], funnel["unresolved"]) == (9, 3, 0)


def test_engagement_says_how_much_how_well_and_how_it_moves(edda_api, cardiology):
    learners = crowd(cardiology, 11)
    metrics = {"performance_metrics": {"score": 80}}
    work(learners, days_ago=7, kind="case_complete", case_id="c", active_seconds=600, **CARDIOLOGY, **metrics)
    work(learners[:10], kind="case_start", **CARDIOLOGY)
    work(learners, days_ago=40, kind="search")
    answer = read(edda_api, ENGAGEMENT)
    totals = answer["totals"]
    assert (answer["n"], totals["interactions"], totals["timeSpent"]["active"]) == (11, 21, 6600)
    assert totals["completionSeconds"]["mean"] == 600.0
    assert totals["completionSeconds"]["median"] == pytest.approx(600, rel=0.045)
    assert (totals["scores"]["count"], totals["scores"]["mean"]) == (11, 80.0)
    assert [(week["start"], week["activeLearners"], week["interactions"]) for week in answer["series"][-2:]] == [
        ("2026-03-09", 11, 11),
        ("2026-03-16", 10, 10),
    ]
    assert [(part["name"], part["n"]) for part in answer["specialties"]] == [("cardiology", 11)]
    assert (answer["previous"]["n"], answer["previous"]["totals"]["interactions"]) == (11, 11)


@BOTH
def test_medians_survive_the_purge_of_the_raw_rows_whatever_comes_to_their_week_later(
    edda_api, cardiology, url, monkeypatch
):
    monkeypatch.setattr("analytics.rollups.changes.LAG", timedelta())
    learners = crowd(cardiology, 12)
    # A Tuesday and the Wednesday after it.
    for days_ago, seconds, score in ((34, 1200, 90), (33, 300, 50)):
        told = {"active_seconds": seconds, "performance_metrics": {"score": score}}
        work(learners[: days_ago - 22], days_ago=days_ago, kind="case_complete", case_id="c", **told, **CARDIOLOGY)
    count_changes(now=NOW)
    before = read(edda_api, url, timeRange="90d")
    tuesday = (NOW - timedelta(days=34)).date()
    CountedDay.objects.filter(day__lte=tuesday).update(sealed=True)
    UserInteractionTrackingModel.objects.filter(day__lte=tuesday).delete()
    count_changes(now=NOW, everything=True)
    assert without_moments(read(edda_api, url, timeRange="90d")) == without_moments(before)
    # The other days of the week go on: its sums are made of what is kept and what is new.
    work(learners, days_ago=32, kind="case_complete", case_id="c", active_seconds=1300, **CARDIOLOGY)
    count_changes(now=NOW)
    after = read(edda_api, url, timeRange="90d")
    assert after["n"] == before["n"] == 12
    if url == ENGAGEMENT:
        times = [answer["totals"]["completionSeconds"] for answer in (before, after)]
        assert [told["count"] for told in times] == [23, 35]
        # A bin is 9 % wide, and 1,200 s lie at the end of theirs.
        assert [told["median"] for told in times] == [pytest.approx(1200, rel=0.09)] * 2
        assert after["totals"]["scores"] == before["totals"]["scores"]
        assert before["totals"]["scores"]["median"] == pytest.approx(90, abs=1)


@BOTH
@pytest.mark.parametrize("number", range(13))
def test_fewer_than_ten_learners_give_no_figure(edda_api, otto_api, cardiology, url, number):
    work(crowd(cardiology, number), kind="case_complete", case_id="c", time_spent_seconds=300, **CARDIOLOGY)
    answer, nothing = read(edda_api, url), read(otto_api, url)
    if number >= 10:
        assert (answer["n"], answer["suppressed"]) == (number, False)
        return
    assert (answer["n"], answer["suppressed"], answer["reason"]) == (None, True, REASON)
    withheld = {"suppressed": True, "value": None, "reason": REASON}
    for name in {"interactionsByType", "caseFunnel", "activityByHour", "totals"} & answer.keys():
        assert answer[name] == withheld
    # Small and empty answer alike. Otto's cohort has one learner, who did nothing.
    for name in {"interactionsByType", "caseFunnel", "totals", "specialties", "n"} & answer.keys():
        assert answer[name] == nothing[name]


@BOTH
def test_a_specialty_of_few_is_kept_back_and_cannot_be_had_by_subtraction(edda_api, cardiology, url):
    learners = crowd(cardiology, 14)
    work(learners, **CARDIOLOGY)
    work(learners[:3], **NEUROLOGY)
    assert read(edda_api, url)["n"] == 14
    assert read(edda_api, url, specialty="neurology")["n"] is None
    # The total less cardiology would be the three.
    assert read(edda_api, url, specialty="cardiology")["n"] is None
    small, empty = (without_moments(read(edda_api, url, specialty=name)) for name in ("neurology", "dentistry"))
    assert small == empty


@BOTH
def test_a_day_of_few_cannot_be_had_by_another_window(edda_api, cardiology, url):
    learners = crowd(cardiology, 12)
    work(learners, days_ago=6)
    work(learners[:2], days_ago=5)

    def without_the_day():
        return without_moments(read(edda_api, url, **{"from": "2026-03-01", "to": "2026-03-10"}))

    assert without_the_day() == without_moments(read(edda_api, url, **{"from": "2026-03-01", "to": "2026-03-11"}))


@BOTH
def test_a_week_of_few_is_in_no_sum(edda_api, cardiology, url):
    learners = crowd(cardiology, 12)
    work(learners, days_ago=14)
    work(learners[:2], days_ago=7)
    several = read(edda_api, url, **{"from": "2026-03-02", "to": "2026-03-15"})
    one = read(edda_api, url, **{"from": "2026-03-02", "to": "2026-03-08"})
    figure = "totals" if url == ENGAGEMENT else "interactionsByType"
    assert several[figure] == one[figure]


def test_a_small_cohort_beside_a_large_one_is_not_in_the_sum_of_both(edda, edda_api, cardiology, surgery):
    surgery.educators.add(edda)
    work(crowd(cardiology, 12, "c"))
    work(crowd(surgery, 4, "s"))
    assert read(edda_api, PATTERNS)["n"] == 12
    assert read(edda_api, PATTERNS, cohort="cardiology")["n"] == 12
    assert read(edda_api, PATTERNS, cohort="surgery")["n"] is None


def test_small_cohorts_that_are_ten_together_are_shown_together(edda, edda_api, cardiology, surgery):
    surgery.educators.add(edda)
    work(crowd(cardiology, 6, "c"))
    work(crowd(surgery, 7, "s"))
    assert read(edda_api, PATTERNS)["n"] == 13
    assert [read(edda_api, PATTERNS, cohort=slug)["n"] for slug in ("cardiology", "surgery")] == [None, None]


def test_a_cohort_of_ten_enrolled_is_not_told_with_small_ones(edda, edda_api, cardiology, surgery):
    """Its retention says how many worked, so the number of all would be that of the small ones."""
    surgery.educators.add(edda)
    work(crowd(cardiology, 6, "c"))
    work(crowd(surgery, 12, "s")[:7])
    assert read(edda_api, PATTERNS)["n"] is None


def test_what_a_learner_did_before_and_after_is_not_the_cohorts(edda_api, cardiology):
    learners = crowd(cardiology, 12)
    work(learners, days_ago=14)
    cardiology.enrolments.update(end=(NOW - timedelta(days=10)).date())
    work(learners, days_ago=7)
    assert read(edda_api, PATTERNS)["interactionsByType"] == {"case_start": 12}


def test_retention_is_told_once_a_week_is_over_for_a_week(edda_api, cardiology):
    learners = crowd(cardiology, 12)
    cardiology.enrolments.update(start=(NOW - timedelta(weeks=3)).date())
    work(learners[:9], days_ago=21)
    work(learners[:6], days_ago=7)

    def points():
        [curve] = read(edda_api, PATTERNS)["retention"]
        return [(point["week"], point["enrolled"], point["active"]) for point in curve["points"]]

    # Lena is the thirteenth. The third week is not over for a week.
    assert points() == [(0, 13, 9), (1, 13, 0)]


@BOTH
def test_students_have_no_access_and_a_strange_cohort_reads_like_a_missing_one(lena_api, edda_api, surgery, url):
    assert lena_api.get(url).status_code == 403
    hidden, missing = (edda_api.get(url, {"cohort": slug}) for slug in ("surgery", "missing"))
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert {**hidden.json(), "requestId": ""} == {**missing.json(), "requestId": ""}


@BOTH
@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"speciality": "x"}, "/speciality"),
        ({"timeRange": "8d"}, "/timeRange"),
        ({"specialty": "a\0b"}, "/specialty"),
        ({"difficulty": "x" * 201}, "/difficulty"),
        ({"cohort": "a\0b"}, "/cohort"),
    ],
)
def test_a_query_that_means_nothing_is_refused_by_name(edda_api, url, query, pointer):
    answer = edda_api.get(url, query)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


@BOTH
def test_the_queries_do_not_grow(edda, edda_api, cardiology, url):
    def queries():
        read(edda_api, url, timeRange="90d")
        with CaptureQueriesContext(connection) as captured:
            read(edda_api, url, timeRange="90d")
        return len(captured)

    learners = crowd(cardiology, 12)
    work(learners)
    before = queries()
    for number in range(3):
        other = Cohort.objects.create(slug=f"other-{number}", name=f"Other {number}")
        other.educators.add(edda)
        work(crowd(other, 11, f"o{number}-"), days_ago=14 * number, kind="search", **CARDIOLOGY)
    assert queries() == before

"""GET learning-insights: one learner's worked example whole, who may read it, and what it costs."""

from datetime import timedelta

import pytest
from django.utils import translation

from accounts.models import Pause
from engagement.api.insight_answers import insights_json
from engagement.insights import learning_insights
from engagement.words.insights import LIMITS, OPPORTUNITIES, STRENGTHS
from interactions.windows import read_window
from medsim_tracking.testing import NOW, track

URL = "/api/interaction-tracking/learning-insights/"


def read(api, query="", who="lena"):
    answer = api.get(f"{URL}{who}{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def complete(learner, days, **more):
    told = {"case_id": "sepsis", "time_spent_seconds": 1200, "performance_metrics": {"score": 85}} | more
    return track(learner, "case_complete", occurred_at=NOW - timedelta(days=days), **told)


@pytest.fixture
def lena_fell_silent(lena, mia):
    """Every other day until 13 days ago; then two cases left, the last one 9 days ago. Mia worked today."""
    complete(mia, 0)
    for days in range(13, 45, 2):
        complete(lena, days)
    for days in (11, 9):
        # Without a time it makes no day active.
        track(lena, "case_abandon", case_id=f"hard-{days}", occurred_at=NOW - timedelta(days=days))


def test_points_add_up_and_say_what_clears_them(edda_api, lena_fell_silent):
    body = read(edda_api)
    summary, factors = body["engagementSummary"], body["riskFactors"]
    assert [(factor["kind"], factor["points"]) for factor in factors] == [("silent", 44), ("abandoned", 18)]
    assert summary["urgency"] == sum(factor["points"] for factor in factors) == 62
    assert (summary["status"], summary["asOf"]) == ("may_need_somebody", "2026-03-16")
    assert "62 points: silence 44 · cases left in a row 18." in summary["text"]
    silent, left = factors
    assert silent["text"] == "No work for 13 days; the usual gap is 2 days."
    assert silent["evidence"] == {"days": 13, "orMore": False, "usual": 2.0, "limit": 7.0}
    assert silent["clears"] == {
        "text": "It clears with one active day, or with a pause entered for leave or exams.",
        "activeDays": 1,
        "casesCompleted": None,
        "by": "2026-03-16",
        "pauseFrom": "2026-03-04",
        "urgencyAfter": 18,
    }
    assert left["clears"]["text"] == "It clears with one case worked to the end."
    assert left["clears"]["urgencyAfter"] == 0


def test_the_learner_reads_the_same_figures_in_the_second_person(lena_api, edda_api, lena_fell_silent):
    own, told = read(lena_api, who="me"), read(edda_api)

    def without_words(value):
        if isinstance(value, dict):
            return {name: without_words(inner) for name, inner in value.items() if name != "text"}
        return [without_words(inner) for inner in value] if isinstance(value, list) else value

    assert without_words(own) == without_words(told)
    assert own["riskFactors"][0]["text"].startswith("You have not worked for 13 days; usually you pause 2 days.")
    assert own["riskFactors"][0]["clears"]["text"] == "One active day clears it."
    assert "Lena" not in str(own)


def test_the_summary_is_the_engagement_endpoints_own(edda_api, lena_fell_silent):
    engagement = edda_api.get("/api/interaction-tracking/engagement/lena").json()
    summary = read(edda_api)["engagementSummary"]
    shared = engagement.keys() & summary.keys()
    assert {"engagementScore", "parts", "timeSpent", "sessions", "streak", "previous", "cases"} <= shared
    assert {name: summary[name] for name in shared} == {name: engagement[name] for name in shared}


def test_who_is_on_leave_has_no_points(edda_api, lena, lena_fell_silent):
    Pause.objects.create(enrolment=lena.enrolments.get(), start=NOW.date(), end=NOW.date() + timedelta(days=9))
    body = read(edda_api)
    summary = body["engagementSummary"]
    assert (summary["status"], summary["urgency"], body["riskFactors"]) == ("paused", 0, [])


def test_a_newcomer_is_told_what_is_missing(edda_api, lena):
    lena.enrolments.update(start=NOW.date() - timedelta(days=2))
    body = read(edda_api)
    assert body["engagementSummary"]["status"] == "unmeasured"
    assert (body["strengths"], body["riskFactors"]) == ([], [])
    told = {limit["kind"]: limit for limit in body["limits"]}
    assert told["no_performance"]["needs"] == [{"what": "scored attempts", "have": 0, "need": 3}]
    assert {"not_competence", "pattern"} <= told.keys()


def test_a_range_that_has_ended_tells_the_status_of_its_last_day(edda_api, lena_fell_silent):
    body = read(edda_api, "?from=2026-02-01&to=2026-03-01")
    assert (body["engagementSummary"]["asOf"], body["engagementSummary"]["urgency"]) == ("2026-03-01", 0)


def test_strengths_and_the_next_step_are_told(edda_api, lena):
    for days in (0, 1, 2, 4, 6, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27):
        complete(lena, days)
    body = read(edda_api)
    told = [strength["kind"] for strength in body["strengths"]]
    assert told == ["risen", "regular", "streak", "depth", "sees_through", "rising"]
    assert all(one["text"] for name in ("strengths", "opportunities", "limits") for one in body[name])


def test_otto_finds_nobody_and_a_parameter_that_cannot_be_is_named(otto_api, mia_api, lena_api, lena):
    assert otto_api.get(URL + "lena").status_code == mia_api.get(URL + "lena").status_code == 404
    answer = lena_api.get(URL + "me?timeRange=1y")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/timeRange")


@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_queries_is_constant(lena_api, lena, rows, django_assert_num_queries):
    for number in range(rows):
        complete(lena, number % 20, event_id=f"n-{number}", case_id=f"c-{number % 7}")
    with django_assert_num_queries(17):
        read(lena_api, who="me")


def test_a_german_reads_german(lena, lena_fell_silent):
    found = learning_insights(lena, window=read_window({}, NOW), now=NOW)
    with translation.override("de"):
        told = insights_json(found, "UTC", to_the_learner=False)
    assert "ohne Arbeit" in told["riskFactors"][0]["text"]
    assert "62 Punkte: Stille 44 · hintereinander abgebrochene Fälle 18." in told["engagementSummary"]["text"]


def test_every_kind_has_its_words():
    assert len(STRENGTHS) + len(OPPORTUNITIES) + len(LIMITS) == 16

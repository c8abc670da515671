"""GET recommendations: shape, refusals, and who may ask about whom."""

import pytest

from engagement.tests.people import catalogue

URL = "/api/interaction-tracking/recommendations/"


def test_each_recommendation_has_a_reason_and_its_figures(lena_api, history):
    body = lena_api.get(f"{URL}me?timeRange=30d&limit=2").json()
    assert (body["userId"], body["policy"], body["coldStart"]) == ("lena", "es-1", None)
    assert body["timeRange"]["to"] == body["completeThrough"] == "2026-03-16T12:00:00Z"
    assert len(body["recommendations"]) == 2
    first = body["recommendations"][0]
    assert set(first) == {
        *("kind", "id", "resourceType", "title", "specialty", "difficulty", "reason", "evidence", "basis")
    }
    assert first["reason"] == "About the right difficulty: a score near 68 of 100 is expected."


def test_a_cold_start_says_so(lena_api):
    catalogue("c1")
    body = lena_api.get(f"{URL}me").json()
    assert body["coldStart"]["needs"] == [{"what": "scored attempts", "have": 0, "need": 3}]
    assert [(item["basis"], item["id"]) for item in body["recommendations"]] == [("cold_start", "c1")]


@pytest.mark.parametrize("limit", ["0", "21", "-1", "x", "1.5", "٣", "999999999999"])
def test_a_limit_beyond_1_to_20_is_refused_by_name(lena_api, limit):
    answer = lena_api.get(URL + "me", {"limit": limit})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/limit"


def test_unknown_parameters_and_ranges_are_refused(lena_api):
    assert lena_api.get(URL + "me?limits=3").json()["errors"][0]["pointer"] == "/limits"
    assert lena_api.get(URL + "me?timeRange=8d").status_code == 400


def test_only_who_may_see_the_learner_gets_an_answer(lena_api, mia_api, edda_api, otto_api, ada_api, anonymous_api):
    asked = {"lena": lena_api, "mia": mia_api, "edda": edda_api, "otto": otto_api, "ada": ada_api, "": anonymous_api}
    answered = {name: api.get(URL + "lena").status_code for name, api in asked.items()}
    assert answered == {"lena": 200, "mia": 404, "edda": 200, "otto": 404, "ada": 200, "": 401}

"""GET peers and the learner's own choice, by PUT and on his page."""

import pytest

from engagement.tests.people import work
from medsim_tracking.testing import person

URL = "/api/interaction-tracking/peers/"
NAMES = ["activeDays", "interactions", "activeMinutes", "casesCompleted"]


def test_it_tells_bands_and_nothing_of_others(lena_api, lena, ten):
    work(lena, 1)
    answer = lena_api.get(f"{URL}me?timeRange=30d")
    body = answer.json()
    assert (body["userId"], body["policy"], body["takesPart"], body["othersAtLeast"]) == ("lena", "es-1", True, 10)
    assert body["timeRange"] == {"from": "2026-02-16T00:00:00Z", "to": "2026-03-16T00:00:00Z", "timeZone": "UTC"}
    assert body["completeThrough"] == "2026-03-16T00:00:00Z"
    assert [measure["name"] for measure in body["measures"]] == NAMES
    assert "peer0" not in answer.content.decode()


def test_too_few_others_say_so(lena_api):
    assert lena_api.get(URL + "lena").json()["measures"]["needs"] == [
        {"what": "others to compare with", "have": 0, "need": 10}
    ]


def test_a_learner_takes_no_part_by_the_api_and_again_on_his_page(lena_api, lena_client, lena):
    assert lena_api.put(URL + "me", {"takesPart": False}, "application/json").json() == {
        "userId": "lena",
        "takesPart": False,
    }
    body = lena_api.get(URL + "me").json()
    assert (body["takesPart"], body["measures"], body["othersAtLeast"]) == (False, None, None)
    assert "Take part again" in lena_client.get("/me").content.decode()
    assert lena_client.post("/me/peers", {"takes_part": "on"}).status_code == 302
    assert lena_api.get(URL + "me").json()["takesPart"] is True


def test_nobody_else_decides(edda_api, mia_api, ada_api, anonymous_api, lena):
    asked = [api.put(URL + "lena", {"takesPart": False}, "application/json") for api in (edda_api, ada_api, mia_api)]
    assert [answer.status_code for answer in asked] == [403, 403, 404]
    assert anonymous_api.put(URL + "lena", {"takesPart": False}, "application/json").status_code == 401
    lena.refresh_from_db()
    assert lena.peer_comparison is True


@pytest.mark.parametrize("body", [{}, {"takesPart": "no"}, {"takesPart": False, "more": 1}, [], {"takesPart": None}])
def test_a_choice_that_is_none_is_refused(lena_api, body):
    answer = lena_api.put(URL + "me", body, "application/json")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/takesPart")


def test_only_who_may_see_the_learner_gets_an_answer(lena_api, mia_api, edda_api, otto_api, ada_api, anonymous_api):
    asked = {"lena": lena_api, "mia": mia_api, "edda": edda_api, "otto": otto_api, "ada": ada_api, "": anonymous_api}
    answered = {name: api.get(URL + "lena").status_code for name, api in asked.items()}
    assert answered == {"lena": 200, "mia": 404, "edda": 200, "otto": 404, "ada": 200, "": 401}


def test_no_person_without_a_cohort_is_compared(lena, lena_api, ten):
    person("alone")
    lena.enrolments.all().delete()
    assert lena_api.get(URL + "me").json()["measures"]["status"] == "insufficient_data"

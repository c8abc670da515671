"""POST track-bulk: each item answered for itself, in order; one bad item never sinks the others."""

import json

import pytest

from interactions.models import DailyActivity, UserInteractionTrackingModel

URL = "/api/interaction-tracking/track-bulk"
OLD = "2020-01-01T00:00:00Z"


def search(event_id, **more):
    return {"interactionType": "search", "eventId": event_id, **more}


def counts(answer):
    body = answer.json()
    return {name: body[name] for name in ("created", "duplicate", "conflict", "invalid", "refused") if body[name]}


def test_a_plain_array_and_an_envelope_are_both_taken(lena_api):
    assert lena_api.post(URL, [search("a"), search("b")]).status_code == 201
    envelope = {"sentAt": "2026-03-16T12:00:00Z", "interactions": [search("c")]}
    assert (lena_api.post(URL, envelope).status_code, UserInteractionTrackingModel.objects.count()) == (201, 3)


def test_every_item_is_answered_in_its_place(lena_api):
    lena_api.post(URL, [search("known"), search("other", caseId="one")])
    answer = lena_api.post(
        URL,
        [
            search("new"),
            search("known"),
            search("other", caseId="two"),
            {"eventId": "bad", "interactionType": "search", "timeSpentSeconds": -1},
            search("old", occurredAt=OLD),
            search("foreign", userId="mia"),
            search("new"),
            "no object",
        ],
    )
    assert answer.status_code == 207
    assert [(line["index"], line["eventId"], line["status"], line["code"]) for line in answer.json()["results"]] == [
        (0, "new", "created", None),
        (1, "known", "duplicate", None),
        (2, "other", "conflict", "id_conflict"),
        (3, "bad", "invalid", "invalid"),
        (4, "old", "refused", "too_old"),
        (5, "foreign", "refused", "not_your_user"),
        (6, "new", "duplicate", None),
        (7, None, "invalid", "invalid"),
    ]
    assert counts(answer) == {"created": 1, "duplicate": 2, "conflict": 1, "invalid": 2, "refused": 2}
    assert answer.json()["results"][3]["errors"][0]["pointer"] == "/3/timeSpentSeconds"
    assert answer.json()["results"][6]["id"] == answer.json()["results"][0]["id"]
    assert UserInteractionTrackingModel.objects.count() == 3


@pytest.mark.parametrize("place", [0, 250, 499])
@pytest.mark.parametrize(
    "bad", [b'{"interactionType":"\\u0000"}', b'{"a":1,"a":1}', b'{"x":"\\ud800"}', b"17", b"null"]
)
def test_one_bad_item_among_five_hundred_sinks_none(lena_api, place, bad):
    items = [json.dumps(search(f"e-{number}")).encode() for number in range(499)]
    items.insert(place, bad)
    answer = lena_api.generic("POST", URL, b"[" + b",".join(items) + b"]", content_type="application/json")
    assert (answer.status_code, counts(answer)) == (207, {"created": 499, "invalid": 1})
    assert answer.json()["results"][place]["status"] == "invalid"
    assert DailyActivity.objects.get().interactions == 499


def test_all_created_is_201_and_a_full_repetition_200(lena_api):
    bulk = [search(f"e-{number}") for number in range(5)]
    first, again = lena_api.post(URL, bulk), lena_api.post(URL, bulk)
    assert (first.status_code, again.status_code) == (201, 200)
    assert [line["id"] for line in again.json()["results"]] == [line["id"] for line in first.json()["results"]]


def test_nothing_sent_is_nothing_created(lena_api):
    answer = lena_api.post(URL, [])
    assert (answer.status_code, answer.json()["results"]) == (200, [])


@pytest.mark.parametrize(
    "bad", [{"interactionType": "swim"}, search("known", caseId="other"), search("x", occurredAt=OLD)]
)
def test_an_atomic_bulk_stores_all_or_nothing(lena_api, bad):
    lena_api.post(URL, [search("known")])
    answer = lena_api.post(URL + "?atomic=true", [search("good"), bad])
    assert (answer.status_code, answer.json()["code"]) == (422, "nothing_stored")
    assert answer.json()["errors"][0]["pointer"].startswith("/1")
    assert UserInteractionTrackingModel.objects.get().event_id == "known"


def test_an_atomic_bulk_without_fault_is_stored(lena_api):
    assert lena_api.post(URL + "?atomic=true", [search("a"), search("b")]).status_code == 201


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "invalid"),
        ({"interactions": 3}, 400, "not_a_list"),
        ({"interactions": [], "extra": 1}, 400, "invalid"),
        ({"interactions": [], "sentAt": "yesterday"}, 400, "invalid"),
        ("text", 400, "not_a_list"),
        ([{"interactionType": "search"}] * 1001, 413, "too_many_items"),
    ],
)
def test_a_broken_envelope_stores_nothing(lena_api, body, status, code):
    answer = lena_api.generic("POST", URL, json.dumps(body).encode(), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not UserInteractionTrackingModel.objects.exists()


def test_a_thousand_items_fit(lena_api, settings):
    settings.MEDSIM_RATE_LEARNER = "1000/m"
    assert lena_api.post(URL, [{"interactionType": "search"}] * 1000).json()["created"] == 1000


def test_the_number_of_queries_does_not_grow_with_the_bulk(sim_api, django_assert_max_num_queries):
    def bulk(name, size):
        return [
            search(f"{name}-{number}", userId=f"learner-{number % 30}", caseId=f"case-{number % 7}", caseTitle="A case")
            for number in range(size)
        ]

    sim_api.post(URL, bulk("warm", 60))
    for size in (2, 300):
        with django_assert_max_num_queries(15):
            assert sim_api.post(URL, bulk(f"size-{size}", size)).status_code == 201


@pytest.mark.parametrize(
    "bad",
    [
        rb'{"interactionType":"search","occurredAt":"a\ud800b"}',
        rb'{"interactionType":"search","a\ud800b":1}',
        rb'{"interactionType":"search","eventId":"a\ud800b"}',
        rb'"a\ud800b"',
        b'{"interactionType":"search","metadata":' + b'{"a":' * 500 + b"1" + b"}" * 501,
    ],
)
def test_half_a_surrogate_or_a_depth_bomb_spoils_its_own_item_only(lena_api, bad):
    body = b"[" + json.dumps(search("good")).encode() + b"," + bad + b"]"
    answer = lena_api.generic("POST", URL, body, content_type="application/json")
    assert (answer.status_code, counts(answer)) == (207, {"created": 1, "invalid": 1})


def test_a_flood_of_faults_is_answered_with_less_than_it_sent(lena_api):
    flood = {"interactionType": "search"} | {f"k{number}": 1 for number in range(50_000)}
    body = json.dumps(flood).encode()
    answer = lena_api.generic("POST", URL.removesuffix("-bulk"), body, content_type="application/json")
    assert (answer.status_code, len(answer.content) < len(body) / 50) == (400, True)


def test_free_form_numbers_read_back_the_same_on_every_database(lena_api):
    numbers = [0.1, -0.0, 1e15, 5e-324, 123456789.125, 9007199254740991, 2.5e-7]
    assert lena_api.post(URL, [search("numbers", metadata={"numbers": numbers})]).status_code == 201
    answer = lena_api.get("/api/interaction-tracking/history/me")
    raw = answer.content.decode()
    assert '"numbers":[0.1,0,1000000000000000,5e-324,123456789.125,9007199254740991,2.5e-7]' in raw


def test_a_misspelt_parameter_is_refused_not_ignored(lena_api):
    answer = lena_api.post(f"{URL}?atomc=true", [{"interactionType": "search"}, {"interactionType": "no-such"}])
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/atomc")
    assert not UserInteractionTrackingModel.objects.exists()

"""GET history: newest first, by page and by cursor, narrowed and windowed."""

from datetime import timedelta
from urllib.parse import quote

import pytest

from medsim_tracking.testing import NOW, person, track

URL = "/api/interaction-tracking/history/"


@pytest.fixture
def five(lena, mia):
    """Five of Lena's, an hour apart, and one of Mia's that must not leak."""
    track(mia, "case_start", case_id="secret")
    return [
        track(
            lena,
            "case_start" if number % 2 else "resource_access",
            event_id=f"e-{number}",
            occurred_at=NOW - timedelta(hours=number),
            case_id="case-1" if number % 2 else None,
            resource_type=None if number % 2 else "video",
        )
        for number in range(5)
    ]


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [row["eventId"] for row in answer.json()["results"]]


def test_a_history_is_newest_first_and_holds_what_was_sent(lena_api, five):
    answer = lena_api.get(URL + "me")
    assert ids(answer) == ["e-0", "e-1", "e-2", "e-3", "e-4"]
    head = {name: value for name, value in answer.json().items() if name != "results"}
    assert head == {
        "userId": "lena",
        "timeRange": {"from": None, "to": "2026-03-16T12:00:00Z", "timeZone": "UTC"},
        "completeThrough": "2026-03-16T12:00:00Z",
        "policy": "es-1",
        "limit": 50,
        "page": 1,
        "next": None,
        "nextCursor": None,
    }
    row = answer.json()["results"][1]
    told = {name: row[name] for name in ("interactionType", "userId", "occurredAt", "receivedAt", "caseId", "policy")}
    assert told == {
        "interactionType": "case_start",
        "userId": "lena",
        "occurredAt": "2026-03-16T11:00:00Z",
        "receivedAt": "2026-03-16T12:00:00Z",
        "caseId": "case-1",
        "policy": "es-1",
    }
    assert sum(row["scoreParts"].values()) == pytest.approx(row["engagementScore"])


def test_pages_and_cursors_walk_the_same_history(lena_api, five):
    by_page = [ids(lena_api.get(URL + f"lena?limit=2&page={page}")) for page in (1, 2, 3, 4)]
    assert by_page == [["e-0", "e-1"], ["e-2", "e-3"], ["e-4"], []]
    answer, by_cursor = lena_api.get(URL + "lena?limit=2"), []
    while True:
        by_cursor.append(ids(answer))
        if answer.json()["next"] is None:
            break
        answer = lena_api.get(answer.json()["next"])
    assert by_cursor == by_page[:3]


@pytest.mark.parametrize("public_id", ["a#b", "a?b=c", "100%", "ä/ö;x"])
def test_the_next_page_is_found_whatever_an_id_holds(ada_api, cast, public_id):
    learner = person("signs", public_id=public_id)
    for number in range(3):
        track(learner, "search", event_id=f"s-{number}")
    first = ada_api.get(URL + quote(public_id, safe="") + "?limit=2")
    assert [*ids(first), *ids(ada_api.get(first.json()["next"]))] == ["s-2", "s-1", "s-0"]


def test_what_arrives_while_paging_does_not_shift_the_pages(lena_api, lena, five):
    following = lena_api.get(URL + "me?limit=2").json()["next"]
    track(lena, "search", event_id="meanwhile")
    assert ids(lena_api.get(following)) == ["e-2", "e-3"]


def test_interactions_of_the_same_moment_appear_once_each(lena_api, lena):
    for number in range(7):
        track(lena, "search", event_id=f"same-{number}", occurred_at=NOW)
    seen, url = [], URL + "me?limit=2"
    while url:
        answer = lena_api.get(url)
        seen += ids(answer)
        url = answer.json()["next"]
    assert sorted(seen) == [f"same-{number}" for number in range(7)]


def test_a_cursor_of_somebody_elses_history_opens_nothing(lena_api, mia_api, mia, five):
    for number in range(3):
        track(mia, "search", event_id=f"m-{number}")
    cursor = mia_api.get(URL + "me?limit=1").json()["nextCursor"]
    answer = lena_api.get(URL + "me", {"cursor": cursor})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/cursor")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("interactionType=case_start", ["e-1", "e-3"]),
        ("resourceType=video", ["e-0", "e-2", "e-4"]),
        ("caseId=case-1", ["e-1", "e-3"]),
        ("caseId=secret", []),
        ("from=2026-03-16T09:00:00Z&to=2026-03-16T11:00:00Z", ["e-2", "e-3"]),
        ("from=2026-03-16&to=2026-03-16", ["e-0", "e-1", "e-2", "e-3", "e-4"]),
        ("from=2026-03-16T09:00:00+00:00", ["e-0", "e-1", "e-2", "e-3"]),
        ("timeRange=7d&interactionType=search", []),
    ],
)
def test_a_history_is_narrowed_by_its_parameters(lena_api, five, query, expected):
    assert ids(lena_api.get(URL + "me?" + query)) == expected


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "/limit"),
        ("limit=201", "/limit"),
        ("limit=ten", "/limit"),
        ("limit=٣", "/limit"),
        ("page=0", "/page"),
        ("page=100000", "/page"),
        ("cursor=forged", "/cursor"),
        ("timeRange=8d", "/timeRange"),
        ("timeRange=7d&from=2026-01-01", "/timeRange"),
        ("to=2026-01-01", "/from"),
        ("from=2026-01-01T00:00:00", "/from"),
        ("from=2026-02-01&to=2026-01-01", "/to"),
        ("from=0001-01-01", "/from"),
        ("ordering=password", "/ordering"),
        ("user__email__startswith=a", "/user__email__startswith"),
        ("caseId=a%00b", "/caseId"),
    ],
)
def test_a_parameter_that_cannot_be_is_named(lena_api, query, pointer):
    answer = lena_api.get(URL + "me?" + query)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


def test_edda_reads_lena_and_otto_finds_nobody(edda_api, otto_api, five):
    assert len(ids(edda_api.get(URL + "lena"))) == 5
    hidden, missing = otto_api.get(URL + "lena"), otto_api.get(URL + "no-such-learner")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert {**hidden.json(), "requestId": ""} == {**missing.json(), "requestId": ""}


@pytest.mark.parametrize("public_id", ["ümlaut", "a/b", "mail@school.edu", "with blank", "100%"])
def test_any_public_id_can_be_asked_for(ada_api, sim_api, public_id):
    sim_api.post("/api/interaction-tracking/track", {"interactionType": "search", "userId": public_id})
    for tail in ("", "/"):
        assert len(ids(ada_api.get(URL + quote(public_id, safe="") + tail))) == 1


@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_queries_is_constant(lena_api, lena, rows, django_assert_num_queries):
    for number in range(rows):
        track(lena, "case_complete", event_id=f"n-{number}", occurred_at=NOW - timedelta(minutes=number))
    with django_assert_num_queries(2):
        assert len(ids(lena_api.get(URL + "me"))) == rows

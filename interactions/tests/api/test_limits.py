"""What an account may send: counted in interactions, refused whole, told on every answer."""

import logging
import random

import pytest
import yaml
from django.conf import settings as live_settings

from accounts.limits import ledger
from interactions.models import UserInteractionTrackingModel
from medsim_tracking.testing import ApiClient, api_of

TRACK = "/api/interaction-tracking/track"
BULK = "/api/interaction-tracking/track-bulk"
SEARCH = {"interactionType": "search"}


def stored() -> int:
    return UserInteractionTrackingModel.objects.count()


def told(answer) -> dict[str, int]:
    names = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After")
    return {name: int(answer[name]) for name in names if name in answer}


def left(limit, remaining, reset, **retry):
    wait = {"Retry-After": retry["retry"]} if retry else {}
    return {"RateLimit-Limit": limit, "RateLimit-Remaining": remaining, "RateLimit-Reset": reset} | wait


def test_an_accepted_answer_tells_what_is_left(lena_api, clock):
    assert told(lena_api.post(TRACK, SEARCH)) == left(600, 599, 60)
    clock.forward(seconds=20)
    assert told(lena_api.post(BULK, [SEARCH] * 99)) == left(600, 500, 60)
    clock.forward(seconds=40)
    assert told(lena_api.post(TRACK, SEARCH)) == left(600, 500, 60)


def test_a_bulk_over_what_is_left_is_refused_whole_and_costs_nothing(lena_api, clock):
    assert lena_api.post(BULK, [SEARCH] * 400).status_code == 201
    for _ in range(3):
        answer = lena_api.post(BULK, [SEARCH] * 201)
        assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")
        assert answer.json()["code"] == "rate_limited"
        assert told(answer) == left(600, 200, 60, retry=60)
    assert stored() == 400
    assert lena_api.post(BULK, [SEARCH] * 200).status_code == 201
    assert stored() == 600


def test_after_the_wait_the_same_request_fits_and_a_second_before_it_does_not(lena_api, clock):
    lena_api.post(BULK, [SEARCH] * 300)
    clock.forward(seconds=25)
    lena_api.post(BULK, [SEARCH] * 300)
    clock.forward(seconds=5)
    for size, wait in ((1, 30), (300, 30), (301, 55)):
        assert told(lena_api.post(BULK, [SEARCH] * size)) == left(600, 0, 55, retry=wait)
    clock.forward(seconds=29)
    assert lena_api.post(BULK, [SEARCH] * 300).status_code == 429
    clock.forward(seconds=1)
    assert lena_api.post(BULK, [SEARCH] * 300).status_code == 201


def test_nothing_doubles_where_a_minute_begins(lena_api, clock):
    clock.forward(seconds=59)
    assert lena_api.post(BULK, [SEARCH] * 600).status_code == 201
    clock.forward(seconds=1)
    assert lena_api.post(TRACK, SEARCH).status_code == 429


def test_a_bulk_larger_than_the_limit_is_not_to_be_sent_again(lena_api):
    answer = lena_api.post(BULK, [SEARCH] * 601)
    assert (answer.status_code, answer.json()["code"]) == (413, "larger_than_limit")
    assert "Retry-After" not in answer
    assert stored() == 0
    assert told(lena_api.post(BULK, [SEARCH] * 600))["RateLimit-Remaining"] == 0


def test_each_account_has_its_own_limit(lena_api, mia_api, sim_api, edda_api, settings):
    settings.MEDSIM_RATE_LEARNER, settings.MEDSIM_RATE_SERVICE = "10/m", "50/m"
    lena_api.post(BULK, [SEARCH] * 10)
    assert lena_api.post(TRACK, SEARCH).status_code == 429
    for client, limit in ((mia_api, 10), (edda_api, 10), (sim_api, 50)):
        told_for_lena = [SEARCH | {"userId": "lena"}] * limit if client is sim_api else [SEARCH] * limit
        answer = client.post(BULK, told_for_lena)
        assert (answer.status_code, told(answer)) == (201, left(limit, 0, 60))
        assert client.post(TRACK, SEARCH).status_code == 429


def test_the_service_account_may_send_a_hundred_times_as_much(sim_api):
    answer = sim_api.post(BULK, [SEARCH | {"userId": "lena"}] * 700)
    assert (answer.status_code, told(answer)) == (201, left(60_000, 59_300, 60))


def test_two_doors_share_one_limit_and_a_second_token_brings_no_second_one(lena, lena_api, settings):
    settings.MEDSIM_RATE_LEARNER = "3/m"
    again = api_of(lena)
    statuses = [lena_api.post(TRACK, SEARCH).status_code, again.post(BULK, [SEARCH] * 2).status_code]
    assert statuses == [201, 201]
    assert [client.post(TRACK, SEARCH).status_code for client in (lena_api, again)] == [429, 429]


def test_no_header_makes_one_sender_look_like_many(lena_api, settings):
    settings.MEDSIM_RATE_LEARNER = "100/m"
    dice, statuses = random.Random(1), []
    for _ in range(300):
        address = ".".join(str(dice.randint(1, 254)) for _ in range(4))
        headers = dict.fromkeys(("X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP"), address)
        statuses.append(lena_api.post(TRACK, SEARCH, headers=headers, REMOTE_ADDR=address).status_code)
    assert (statuses.count(201), statuses.count(429)) == (100, 200)
    assert stored() == 100


@pytest.mark.parametrize(
    ("path", "body", "status", "cost"),
    [
        (TRACK, b'{"interactionType": "nonsense"}', 400, 1),
        (TRACK, b'{"interactionType": "search", "userId": "mia"}', 403, 1),
        (TRACK, b"{", 400, 1),
        (TRACK, b'"' + b"a" * 1_048_576 + b'"', 413, 1),
        (BULK, b"{", 400, 1),
        (BULK, b"7", 400, 1),
        (BULK, b"[]", 200, 1),
        (BULK, b'[1, {"interactionType": "search"}, null]', 207, 3),
        (BULK + "?atomic=1", b'[1, {"interactionType": "search"}]', 422, 2),
        (BULK + "?atomic=perhaps", b"[1, 2]", 400, 1),
        (BULK, b"[" + b",".join([b"1"] * 1001) + b"]", 413, 1),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_each_answer_costs(lena_api, path, body, status, cost):
    answer = lena_api.generic("POST", path, body, content_type="application/json")
    assert answer.status_code == status
    assert told(answer) == left(600, 600 - cost, 60)


def test_a_repeated_interaction_costs_again(lena_api):
    known = SEARCH | {"eventId": "e1"}
    assert lena_api.post(TRACK, known).status_code == 201
    answer = lena_api.post(TRACK, known)
    assert (answer.status_code, told(answer)) == (200, left(600, 598, 60))


def test_nobody_signed_in_costs_nobody(lena, lena_api):
    answer = ApiClient().post(TRACK, SEARCH)
    assert (answer.status_code, told(answer)) == (401, {})
    assert told(lena_api.post(TRACK, SEARCH))["RateLimit-Remaining"] == 599


def test_a_clock_set_back_an_hour_locks_nobody_out(lena_api, clock):
    lena_api.post(BULK, [SEARCH] * 600)
    clock.forward(hours=-1)
    assert lena_api.post(TRACK, SEARCH).status_code == 201


def test_while_the_store_is_down_each_process_counts_for_itself_and_says_so(
    lena_api, settings, tmp_path, caplog, clock
):
    settings.MEDSIM_RATE_LEARNER = "5/m"
    # A folder is no file: the store cannot be opened.
    settings.MEDSIM_LIMIT_STORE = f"file:{tmp_path}"
    with caplog.at_level(logging.ERROR):
        answers = [lena_api.post(TRACK, SEARCH) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [201] * 5 + [429] * 2
    assert told(answers[0]) == left(5, 4, 60)
    alerts = [record.message for record in caplog.records if "rate_limit_store_down" in record.message]
    assert len(alerts) == 1
    settings.MEDSIM_LIMIT_STORE = f"file:{tmp_path / 'limits.sqlite3'}"
    assert lena_api.post(TRACK, SEARCH).status_code == 201


@pytest.mark.postgresql
def test_the_table_counts_as_the_file_does(lena_api, settings, clock):
    settings.MEDSIM_LIMIT_STORE = "database"
    assert told(lena_api.post(BULK, [SEARCH] * 400)) == left(600, 200, 60)
    clock.forward(seconds=10)
    assert told(lena_api.post(BULK, [SEARCH] * 201)) == left(600, 200, 50, retry=50)
    assert told(lena_api.post(BULK, [SEARCH] * 200)) == left(600, 0, 60)
    assert stored() == 600


def test_no_test_meets_what_another_spent(lena_api):
    assert live_settings.MEDSIM_LIMIT_STORE.startswith("file:")
    lena_api.post(BULK, [SEARCH] * 600)
    ledger().clear()
    assert lena_api.post(TRACK, SEARCH).status_code == 201


@pytest.mark.parametrize("path", [TRACK, BULK])
def test_openapi_declares_the_refusal_and_its_headers(client, db, path):
    responses = yaml.safe_load(client.get("/api/schema").content)["paths"][path]["post"]["responses"]
    limit = {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"}
    assert set(responses["429"]["headers"]) == limit | {"Retry-After", "X-Request-ID"}
    assert set(responses["201"]["headers"]) == limit | {"X-Request-ID"}

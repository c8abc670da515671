"""What was refused for its content is kept as it was sent; what was refused for another reason is not."""

import sqlite3
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from interactions.models import RejectedInteraction, UserInteractionTrackingModel
from interactions.quarantine import keeping
from interactions.quarantine.opening import body_of
from interactions.sealing import Unavailable
from interactions.tests.quarantine.kept import BULK, TRACK, kept, send, send_bulk
from medsim_tracking.testing import NOW

SEARCH = b'{"interactionType":"search","eventId":"good"}'
INVALID = b'{"interactionType":"swim","eventId":"e-1","userId":"lena"}'
CANARY = b"canary-in-the-coal-mine"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (INVALID, "unknown_type"),
        (b'{"interactionType":"search","caseId":"\\u0000"}', "nul_character"),
        (b'{"interactionType":"search","metadata":{"x":"\\ud800"}}', "invalid_unicode"),
        (b'{ "interactionType":"search", "eventId":"a", "eventId":"b" }', "duplicate_key"),
        (b'{"interactionType":"search","\\ud800\\u0000":1.50}', "unknown_field"),
        (b'{"interactionType":"search","timeSpentSeconds":' + b"9" * 6000 + b"}", "out_of_range"),
        (b"17", "wrong_type"),
    ],
)
def test_an_invalid_interaction_is_kept_byte_for_byte_from_both_doors(lena_api, sim_api, body, code):
    assert send(lena_api, TRACK, body).status_code == 400
    assert kept() == [(code, body)]
    assert send_bulk(sim_api, SEARCH, body).status_code == 207
    assert kept() == [(code, body)] * 2
    assert [*RejectedInteraction.objects.order_by("door").values_list("sender__public_id", "door", "place")] == [
        ("lena", "track", None),
        ("sim", "track-bulk", 1),
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "invalid_json"),
        (b"\xff\xfe\0", "invalid_unicode"),
        (b"[NaN]", "invalid_json"),
        (b"[" * 100_000, "too_deep"),
    ],
)
@pytest.mark.parametrize("url", [TRACK, BULK])
def test_a_body_that_cannot_be_read_is_kept_up_to_a_limit(lena_api, url, body, code):
    assert send(lena_api, url, body).status_code == 400
    assert kept() == [(code, body[: 64 * 1024])]
    row = RejectedInteraction.objects.get()
    assert (row.complete, row.size, row.owner, row.event_id) == (len(body) <= 64 * 1024, len(body[: 64 * 1024]), "", "")


@pytest.mark.parametrize(
    ("body", "code"),
    [(b'{"interactions":[],"extra":1}', "unknown_field"), (b"17", "not_a_list"), (b'{"a":1,"a":2}', "duplicate_key")],
)
def test_a_broken_envelope_is_kept_as_a_whole(lena_api, body, code):
    assert send(lena_api, BULK, body).status_code == 400
    assert kept() == [(code, body)]
    assert RejectedInteraction.objects.get().is_whole_bulk


def test_the_new_body_of_a_conflict_is_kept_and_the_first_record_stays(lena_api):
    changed = SEARCH.replace(b"}", b',"caseId":"other"}')
    send(lena_api, TRACK, SEARCH)
    assert send(lena_api, TRACK, changed).status_code == 409
    assert send_bulk(lena_api, SEARCH, changed).status_code == 207
    assert kept() == [("id_conflict", changed)]
    assert RejectedInteraction.objects.get().times == 2
    assert UserInteractionTrackingModel.objects.get().case_id == ""


def test_the_reason_is_kept_with_the_body(sim_api):
    body = b'{"interactionType":"swim","userId":"lena","eventId":"e","timeSpentSeconds":-1}'
    sent = b'{"sentAt":"2026-03-16T11:59:00Z","interactions":[' + SEARCH + b"," + body + b"]}"
    assert send(sim_api, BULK, sent).status_code == 207
    row = RejectedInteraction.objects.get()
    assert {
        name: getattr(row, name) for name in ("owner", "event_id", "status", "code", "pointer", "times", "place")
    } == {
        "owner": "lena",
        "event_id": "e",
        "status": "invalid",
        "code": "out_of_range",
        "pointer": "/timeSpentSeconds",
        "times": 1,
        "place": 1,
    }
    assert row.errors == [
        {"pointer": "/timeSpentSeconds", "code": "out_of_range"},
        {"pointer": "/interactionType", "code": "unknown_type"},
    ]
    assert (row.received_at, row.expires_at) == (NOW, NOW + timedelta(days=30))
    assert row.sent_at == NOW - timedelta(minutes=1)


@pytest.mark.parametrize(
    "body",
    [
        b'{"interactionType":"search","userId":"mia"}',
        b'{"interactionType":"search","occurredAt":"2020-01-01T00:00:00Z"}',
        SEARCH,
        b"",
    ],
)
def test_other_refusals_and_what_is_stored_leave_nothing_behind(lena_api, body):
    send(lena_api, TRACK, body)
    send(lena_api, BULK, b"[" + body + b"]")
    send_bulk(lena_api, SEARCH, SEARCH)
    send(lena_api, BULK, b"[" + b",".join([b"1"] * 1001) + b"]")
    assert not RejectedInteraction.objects.exists()


def test_a_body_that_comes_again_is_one_row_that_counts(lena_api, mia_api, clock):
    send(lena_api, TRACK, INVALID)
    again = clock.forward(days=2)
    lena_api.post(TRACK, INVALID, content_type="application/json")
    send_bulk(lena_api, INVALID, SEARCH, INVALID)
    send(mia_api, TRACK, INVALID)
    [of_lena, of_mia] = RejectedInteraction.objects.order_by("sender__public_id")
    assert (of_lena.times, of_mia.times) == (4, 1)
    assert (of_lena.received_at, of_lena.last_received_at) == (NOW, again)
    assert of_lena.expires_at == again + timedelta(days=30)
    assert body_of(of_lena) == INVALID


def test_invalid_items_of_an_atomic_bulk_are_kept_though_nothing_is_stored(lena_api):
    answer = send(lena_api, BULK + "?atomic=true", b"[" + SEARCH + b"," + INVALID + b"]")
    assert (answer.status_code, kept()) == (422, [("unknown_type", INVALID)])
    assert not UserInteractionTrackingModel.objects.exists()


def test_conflicts_of_an_atomic_bulk_are_kept_though_nothing_is_stored(lena_api):
    changed = SEARCH.replace(b"}", b',"caseId":"other"}')
    answer = send(lena_api, BULK + "?atomic=true", b"[" + SEARCH + b"," + changed + b"]")
    assert (answer.status_code, kept()) == (422, [("id_conflict", changed)])
    assert not UserInteractionTrackingModel.objects.exists()


def test_no_refusal_costs_no_query_and_a_thousand_cost_as_many_as_one(lena_api, settings):
    settings.MEDSIM_RATE_LEARNER = "2000/m"

    def bulk(name, good, bad):
        items = [b'{"interactionType":"search","eventId":"%s-%d"}' % (name, number) for number in range(good)]
        return [*items, *(b'{"%s":%d}' % (name, number) for number in range(bad))]

    def queries(name, good, bad):
        with CaptureQueriesContext(connection) as captured:
            send_bulk(lena_api, *bulk(name, good, bad))
        return len(captured)

    queries(b"warm", 1, 1)
    none, one, many = queries(b"none", 1, 0), queries(b"one", 1, 1), queries(b"many", 1, 999)
    assert (one - none, many) == (4, one)  # a savepoint around: how much is kept, the rows
    assert RejectedInteraction.objects.count() == 1001


@pytest.mark.parametrize("planted", ["_within_limits", "_insert_or_count"])
@pytest.mark.parametrize(
    ("url", "raw"), [(TRACK, INVALID), (BULK, b"[" + SEARCH + b"," + INVALID + b"]"), (BULK, b"{")]
)
def test_when_it_cannot_be_kept_nothing_is_stored_and_the_client_comes_again(lena_api, monkeypatch, planted, url, raw):
    def fail(rows):
        raise OperationalError("database is locked") from sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(keeping, planted, fail)
    answer = send(lena_api, url, raw)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    monkeypatch.undo()
    assert not UserInteractionTrackingModel.objects.exists()
    assert not RejectedInteraction.objects.exists()


def test_a_sender_without_end_fills_his_own_share_only(lena_api, mia_api, settings, caplog):
    settings.MEDSIM_QUARANTINE_ROWS = 3
    send_bulk(lena_api, b"1", b"2")
    assert send_bulk(lena_api, b"1", b"3", b"4", SEARCH).json()["created"] == 1
    send(mia_api, TRACK, b"4")
    of_lena = RejectedInteraction.objects.filter(sender__public_id="lena").order_by("received_at", "place")
    assert len(of_lena) == 3
    assert of_lena.get(place=0).times == 2
    assert RejectedInteraction.objects.filter(sender__public_id="mia").count() == 1
    assert "is full: 1 refused bodies are not kept" in caplog.text
    assert "lena" not in caplog.text


def test_a_sender_has_so_many_bytes(lena_api, monkeypatch):
    monkeypatch.setattr(keeping, "MAX_SENDER_BYTES", 100)
    for sign in b"abc":
        send(lena_api, TRACK, b'"%s"' % (bytes([sign]) * 45))
    assert [len(body) for _, body in kept()] == [47, 47]


def test_a_body_swapped_between_rows_cannot_be_opened(lena_api):
    send_bulk(lena_api, b"1", b"2")
    first, second = RejectedInteraction.objects.order_by("place")
    RejectedInteraction.objects.filter(pk=first.pk).update(body=second.body)
    with pytest.raises(Unavailable):
        body_of(RejectedInteraction.objects.get(pk=first.pk))
    assert body_of(RejectedInteraction.objects.get(pk=second.pk)) == b"2"


def test_a_row_given_to_another_sender_cannot_be_opened(lena_api, mia):
    send(lena_api, TRACK, b"1")
    RejectedInteraction.objects.update(sender=mia)
    with pytest.raises(Unavailable):
        body_of(RejectedInteraction.objects.get())


def _database_bytes() -> bytes:
    """Everything that is stored: the file of SQLite, every row of PostgreSQL as text."""
    if connection.vendor == "sqlite":
        return connection.connection.serialize()
    with connection.cursor() as cursor:
        lines = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row::text FROM "{table}" AS row')
            lines += [line for (line,) in cursor.fetchall()]
    return "\n".join(lines).encode()


def test_what_is_kept_stands_nowhere_in_the_database_in_the_clear(lena_api):
    stored = b'{"interactionType":"search","metadata":{"x":"stored-%s"}}' % CANARY
    refused = b'{"interactionType":"swim","metadata":{"x":"%s"}}' % CANARY
    assert send_bulk(lena_api, stored, refused).status_code == 207
    assert send(lena_api, TRACK, refused + b"{").status_code == 400
    everything = _database_bytes()
    # What was stored is found, so the search can find.
    assert everything.count(CANARY) == everything.count(b"stored-" + CANARY) > 0
    assert CANARY.hex().encode() not in everything
    assert {body for _, body in kept()} == {refused + b"{", refused}

"""Storage trouble is 503 with Retry-After, in words of each door, and never a 500."""

import sqlite3

import psycopg
import pytest
from django.db import OperationalError, close_old_connections, connection, models
from django.test import Client

from interactions.models import UserInteractionTrackingModel
from medsim_tracking.testing import client_of

TRACK = "/api/interaction-tracking/track"


def trouble(cause):
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


def full():
    cause = sqlite3.OperationalError("database or disk is full")
    cause.sqlite_errorcode = sqlite3.SQLITE_FULL
    return trouble(cause)


TROUBLES = [
    (lambda: trouble(sqlite3.OperationalError("database is locked")), "storage_unavailable"),
    (lambda: trouble(psycopg.errors.AdminShutdown()), "storage_unavailable"),
    (lambda: trouble(psycopg.errors.DiskFull()), "storage_full"),
    (full, "storage_full"),
]


@pytest.fixture
def broken_storage(monkeypatch):
    def break_with(error):
        def fail(*args, **kwargs):
            raise error

        monkeypatch.setattr("interactions.services.insert_interactions", fail)
        monkeypatch.setattr(models.QuerySet, "_fetch_all", fail)

    return break_with


@pytest.mark.parametrize(("error", "code"), TROUBLES)
def test_the_api_asks_to_come_again_and_stores_nothing(lena_api, broken_storage, monkeypatch, error, code):
    broken_storage(error())
    answer = lena_api.post(TRACK, {"interactionType": "search", "eventId": "e"})
    assert (answer.status_code, answer.json()["code"], answer["Content-Type"]) == (
        503,
        code,
        "application/problem+json",
    )
    assert int(answer["Retry-After"]) > 0
    monkeypatch.undo()
    assert not UserInteractionTrackingModel.objects.exists()


def test_the_same_request_goes_through_afterwards_without_a_restart(lena_api, broken_storage, monkeypatch):
    told = {"interactionType": "search", "eventId": "e"}
    broken_storage(TROUBLES[0][0]())
    assert lena_api.post(TRACK, told).status_code == 503
    monkeypatch.undo()
    assert lena_api.post(TRACK, told).status_code == 201


@pytest.mark.parametrize(("error", "code"), TROUBLES)
def test_a_page_says_so_in_words(edda, broken_storage, error, code):
    client = client_of(edda)
    client.raise_request_exception = False
    broken_storage(error())
    answer = client.get("/")
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (503, True)
    assert "Back in a moment" in answer.content.decode()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_lost_connection_is_trouble_too(lena_api):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connection to lose")
    with connection.cursor() as cursor, psycopg.connect(connection.connection.info.dsn) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [cursor.connection.info.backend_pid])
    told = {"interactionType": "search", "eventId": "e"}
    statuses = [lena_api.post(TRACK, told).status_code]
    close_old_connections()  # as a server does between two requests, and the test client does not
    statuses.append(lena_api.post(TRACK, told).status_code)
    assert statuses == [503, 201]


def test_other_errors_are_no_storage_trouble(monkeypatch, edda):
    def fail(*args, **kwargs):
        raise RuntimeError("planted")

    client = client_of(edda)
    client.raise_request_exception = False
    monkeypatch.setattr(models.QuerySet, "_fetch_all", fail)
    answer = client.get("/")
    assert (answer.status_code, "Retry-After" in answer) == (500, False)
    assert "planted" not in answer.content.decode()


def test_an_unknown_address_of_the_api_is_a_problem_too(db):
    answer = Client().get("/api/no-such-thing")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")

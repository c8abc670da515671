"""Deadlocks and their like are tried again unseen, three times; then the client is asked to come again."""

import sqlite3

import psycopg
import pytest
from django.db import OperationalError, transaction

from interactions import retry, services
from interactions.models import DailyActivity, UserInteractionTrackingModel
from interactions.services import track_bulk_interactions
from medsim_tracking.testing import NOW

BULK = "/api/interaction-tracking/track-bulk"


def locked(code=sqlite3.SQLITE_BUSY):
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = code
    return cause


PASSING = [
    psycopg.errors.DeadlockDetected(),
    psycopg.errors.SerializationFailure(),
    locked(),
    locked(sqlite3.SQLITE_BUSY_SNAPSHOT),
    locked(sqlite3.SQLITE_LOCKED),
]
LASTING = [psycopg.errors.AdminShutdown(), psycopg.errors.DiskFull(), locked(sqlite3.SQLITE_FULL), None]


@pytest.fixture
def fails(monkeypatch):
    """Let the last statement of the next `times` transactions fail; what happened is in the list returned."""
    monkeypatch.setattr(retry, "LONGEST_FIRST_PAUSE", 0)
    learn, left, tried = services.learn_from, [], []

    def fail(*args, **kwargs):
        tried.append(1)
        learn(*args, **kwargs)
        if left:
            raise OperationalError("planted") from left.pop()

    def plant(cause, times):
        left.extend([cause] * times)
        return tried

    monkeypatch.setattr(services, "learn_from", fail)
    return plant


def two(number=0):
    return [{"interactionType": "search", "eventId": f"{name}-{number}", "timeSpentSeconds": 60} for name in "ab"]


def stored():
    sums = list(DailyActivity.objects.values_list("interactions", "wall_seconds"))
    return UserInteractionTrackingModel.objects.count(), sums


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("cause", PASSING)
def test_what_passes_is_tried_again_unseen(lena_api, fails, cause):
    tried = fails(cause, 3)
    answer = lena_api.post(BULK, two())
    assert (answer.status_code, answer.json()["created"], len(tried)) == (201, 2, 4)
    assert stored() == (2, [(2, 120)])


@pytest.mark.django_db(transaction=True)
def test_what_does_not_pass_in_four_tries_is_503(lena_api, fails):
    tried = fails(PASSING[0], 4)
    answer = lena_api.post(BULK, two())
    assert (answer.status_code, answer.json()["code"], len(tried)) == (503, "storage_unavailable", 4)
    assert int(answer["Retry-After"]) > 0
    assert stored() == (0, [])
    assert lena_api.post(BULK, two()).status_code == 201


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("cause", LASTING)
def test_what_lasts_is_not_tried_again(lena_api, fails, cause):
    tried = fails(cause, 1)
    assert (lena_api.post(BULK, two()).status_code, len(tried)) == (503, 1)
    assert stored() == (0, [])


@pytest.mark.django_db(transaction=True)
def test_who_has_waited_long_is_not_kept_for_another_wait(lena_api, fails, monkeypatch):
    monkeypatch.setattr(retry, "GIVES_UP_AFTER_SECONDS", 0)
    tried = fails(locked(), 1)
    assert (lena_api.post(BULK, two()).status_code, len(tried)) == (503, 1)


@pytest.mark.django_db(transaction=True)
def test_inside_somebody_elses_transaction_nothing_is_tried_again(lena, fails):
    tried = fails(PASSING[0], 1)
    with pytest.raises(OperationalError), transaction.atomic():
        track_bulk_interactions(sender=lena, interactions=two(), now=NOW)
    assert (len(tried), stored()) == (1, (0, []))


@pytest.mark.django_db(transaction=True)
def test_an_id_that_somebody_else_stored_between_two_tries_is_a_conflict(lena, fails, monkeypatch):
    """The first try had made a row of it; nothing of that may be in the answer."""
    fails(PASSING[0], 1)
    other = [two()[0] | {"timeSpentSeconds": 61}]

    def meanwhile(seconds):
        track_bulk_interactions(sender=lena, interactions=other, now=NOW)

    monkeypatch.setattr(retry, "sleep", meanwhile)
    outcomes = track_bulk_interactions(sender=lena, interactions=two(), now=NOW)
    assert [(outcome.status, outcome.row is None) for outcome in outcomes] == [("conflict", True), ("created", False)]
    assert stored() == (2, [(2, 121)])


@pytest.fixture
def deleted(monkeypatch):
    """Let whom the next `times` tries enter be deleted before he is locked."""
    enter, left = services._enter_newcomers, []
    monkeypatch.setattr(services, "_enter_newcomers", lambda names: left.pop() if left else enter(names))
    return lambda times: left.extend([None] * times)


def test_who_is_deleted_while_he_is_told_of_is_entered_anew(sim_api, deleted):
    deleted(2)
    answer = sim_api.post(BULK, [{"interactionType": "search", "userId": "new"}])
    assert (answer.status_code, stored()[0]) == (201, 1)


def test_who_is_deleted_again_and_again_is_told_of_later(sim_api, deleted):
    deleted(3)
    answer = sim_api.post(BULK, [{"interactionType": "search", "userId": "new"}])
    assert (answer.status_code, answer.json()["code"], stored()) == (503, "storage_unavailable", (0, []))

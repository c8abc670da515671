"""Large batches take turns in Python for all there is to do, and nobody keeps his turn while he asks the database."""

import threading
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import psycopg
import pytest
from django.db import connection

from interactions import services, turns
from interactions.api import answers, views
from interactions.intake import Intake
from interactions.storage import copy_binary
from interactions.turns import LONG, MUCH, turn_to_read, turn_to_work_out

BULK = "/api/interaction-tracking/track-bulk"
THREADS = 4


def most_at_once(turn) -> int:
    """How many of several threads that enter together are in their turn at the same time, at most."""
    inside, most, together = [], [], threading.Barrier(THREADS)

    def work_out():
        together.wait(10)
        with turn():
            inside.append(1)
            most.append(len(inside))
            sleep(0.02)
            inside.pop()

    with ThreadPoolExecutor(THREADS) as threads:
        for each in [threads.submit(work_out) for _ in range(THREADS)]:
            each.result(10)
    return max(most)


def test_large_batches_are_worked_out_one_at_a_time():
    assert most_at_once(lambda: turn_to_work_out(MUCH)) == 1


def test_long_bodies_are_read_one_at_a_time():
    assert most_at_once(lambda: turn_to_read(bytes(LONG))) == 1


def test_to_read_and_to_work_out_is_one_line():
    with turn_to_read(bytes(LONG)):
        assert turn_to_work_out(MUCH).locked()


def test_who_has_little_to_do_waits_for_nobody():
    def pass_by():
        with turn_to_work_out(MUCH - 1), turn_to_read(bytes(LONG - 1)):
            return "passed"

    # The turn ends before the threads are waited for, so that who does wait fails and does not hang.
    with ThreadPoolExecutor(1) as threads, turn_to_work_out(MUCH):
        assert threads.submit(pass_by).result(10) == "passed"


def test_a_turn_ends_where_the_work_fails():
    with pytest.raises(ZeroDivisionError), turn_to_work_out(MUCH):
        raise ZeroDivisionError
    assert not turn_to_work_out(MUCH).locked()


@pytest.fixture
def asked_in_a_turn(monkeypatch):
    """What was asked of the database by somebody in his turn; and how much was asked in all."""
    asked, in_a_turn = [], []

    def note(what):
        asked.append(what)
        if turns._turn.locked():
            in_a_turn.append(what)

    def execute(execute, sql, params, many, context):
        note(sql)
        return execute(sql, params, many, context)

    wait = psycopg.Connection.wait
    # Also of COPY, which no wrapper of Django's sees.
    monkeypatch.setattr(psycopg.Connection, "wait", lambda *args, **kwargs: note("wait") or wait(*args, **kwargs))
    with connection.execute_wrapper(execute):
        yield in_a_turn
    assert len(asked) > 10


def a_bulk_of(number: int) -> list[dict]:
    told = {"interactionType": "search", "metadata": {"page": "x" * 400}}
    return [{**told, "eventId": f"e{place}"} for place in range(number)]


WORK = [
    (views, "read_bulk"),
    (Intake, "take"),
    (services, "facts_of"),
    (services, "daily_deltas"),
    (copy_binary, "rows"),
    (answers, "bulk_items"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("number", "in_turn"), [(MUCH, True), (MUCH // 2, False)])
def test_all_that_a_large_bulk_takes_is_done_in_a_turn_and_of_a_small_one_nothing(
    lena_api, monkeypatch, number, in_turn
):
    seen = {}

    def watched(name, work):
        def watch(*args, **kwargs):
            seen[name] = turns._turn.locked()
            return work(*args, **kwargs)

        return watch

    for place, name in WORK:
        monkeypatch.setattr(place, name, watched(name, getattr(place, name)))
    assert lena_api.post(BULK, a_bulk_of(number)).status_code == 201
    # SQLite is not written by COPY.
    names = {name for _, name in WORK} - (set() if connection.vendor == "postgresql" else {"rows"})
    assert seen == dict.fromkeys(names, in_turn)


@pytest.mark.django_db
def test_nobody_asks_the_database_in_his_turn(lena_api, asked_in_a_turn):
    new = a_bulk_of(MUCH + 50)
    conflicts = [{**each, "timeSpentSeconds": 7} for each in new[:MUCH]]
    broken = [{**each, "eventId": "other", "interactionType": "none"} for each in new[MUCH:]]
    answers = [lena_api.post(BULK, body) for body in (new, new, conflicts, conflicts[:1] + broken)]
    assert [answer.status_code for answer in answers] == [201, 200, 207, 207]
    assert asked_in_a_turn == []

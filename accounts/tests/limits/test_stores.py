import os
import random
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from accounts.limits.ledger import Ledger
from accounts.limits.rates import Rate
from accounts.limits.stores import (
    DatabaseStore,
    FileStore,
    MemoryStore,
    RedisStore,
    database,
    file,
    memory,
    store_named,
)
from accounts.limits.window import verdict

MINUTE = 60_000
SHARED = ["file", "redis", pytest.param("database", marks=pytest.mark.postgresql)]


@pytest.fixture
def name_of(tmp_path, request):
    """The name of an empty store of a kind."""

    def name(kind: str) -> str:
        if kind == "redis":
            url = request.getfixturevalue("redis_url")
            RedisStore(url).clear()
            return url
        return f"file:{tmp_path / 'limits.sqlite3'}" if kind == "file" else kind

    return name


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["memory", *SHARED])
def test_many_charged_at_once_are_judged_as_each_by_itself(kind, name_of):
    dice, start = random.Random(5), datetime(2026, 3, 16, 12, tzinfo=UTC)
    together, one_by_one = Ledger(store_named(name_of(kind))), Ledger(MemoryStore())
    rates = {"a": Rate(30, MINUTE), "b": Rate(9, MINUTE), "c": Rate(30, 2 * MINUTE)}
    refused = 0
    for step in range(100):
        now = start + timedelta(seconds=3 * step)
        charges = {key: (dice.randint(1, 12), rates[key]) for key in rates if dice.random() < 0.8}
        found = together.spend_many_or_go_on(charges, now)
        singly = {key: one_by_one.spend(key, cost, rate, now) for key, (cost, rate) in charges.items()}
        assert found == {key: verdict for key, verdict in singly.items() if verdict.allowed}
        refused += len(singly) - len(found)
    assert 20 < refused < 200


@pytest.mark.django_db
@pytest.mark.parametrize("kind", SHARED)
def test_every_store_decides_as_the_one_in_memory_does(kind, name_of):
    dice, now = random.Random(3), 1_000_000
    told, expected = [], []
    model, store = MemoryStore(), store_named(name_of(kind))
    for _ in range(300):
        # Now and then the clock is set back.
        now += dice.choice([0, 7, 400, 1000, 2500, 30_000, -500, -200_000])
        key, cost = dice.choice("ab"), dice.randint(1, 12)
        for answers, asked in ((told, store), (expected, model)):
            allowed, entries = asked.spend(key, cost, 30, MINUTE, now)
            answers.append(verdict(entries, cost, 30, MINUTE, now, allowed=allowed))
    assert told == expected
    assert {answer.allowed for answer in told} == {True, False}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["memory", *SHARED])
def test_more_than_the_limit_is_not_let_in_even_as_the_first(kind, name_of):
    store = store_named(name_of(kind))
    assert store.spend("a", 31, 30, MINUTE, 5) == (False, [])
    assert store.spend("a", 30, 30, MINUTE, 5) == (True, [(5, 30)])


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["memory", *SHARED])
def test_what_is_forgotten_counts_no_longer(kind, name_of):
    store = store_named(name_of(kind))
    store.spend("a", 30, 30, MINUTE, 5)
    store.spend("b", 30, 30, MINUTE, 5)
    store.forget("a")
    assert [store.spend(key, 1, 30, MINUTE, 5)[0] for key in "ab"] == [True, False]
    store.clear()
    assert store.spend("b", 1, 30, MINUTE, 5)[0]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["memory", "file", pytest.param("database", marks=pytest.mark.postgresql)])
def test_windows_in_which_nothing_counts_are_swept_out(kind, name_of, monkeypatch):
    for each in (memory, file, database):
        monkeypatch.setattr(each, "SWEEP_EVERY", 10)
    store = store_named(name_of(kind))
    for guess in range(25):
        store.spend(f"guess-{guess}", 1, 5, MINUTE, guess * 2 * MINUTE)
    assert _kept(store) <= 11


def _kept(store) -> int:
    if isinstance(store, MemoryStore):
        return len(store._windows)
    if isinstance(store, FileStore):
        return store._connection().execute("SELECT count(*) FROM spent").fetchone()[0]
    with connection.cursor() as cursor:
        return cursor.execute("SELECT count(*) FROM accounts_spent").fetchone()[0]


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", SHARED)
def test_four_processes_together_let_in_exactly_the_limit(kind, name_of):
    environment = os.environ | ({"DATABASE_URL": _url_of_test_database()} if kind == "database" else {})
    command = [sys.executable, "-m", "accounts.tests.limits.spender", name_of(kind), "400"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    spenders = [subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, **pipes) for _ in range(4)]
    try:
        for spender in spenders:
            assert spender.stdout.readline() == "ready\n"
        # All are ready before one begins, so they do run side by side.
        let_in = [int(spender.communicate("go\n", timeout=60)[0]) for spender in _started(spenders)]
    finally:
        for spender in spenders:
            spender.kill()
        if kind == "database":
            DatabaseStore().clear()
    assert sum(let_in) == 600
    assert sum(part > 0 for part in let_in) > 1


def test_workers_that_open_the_file_at_once_wait_for_each_other(tmp_path):
    path = tmp_path / "limits.sqlite3"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    release = threading.Timer(0.1, other.execute, ["ROLLBACK"])
    release.start()
    assert FileStore(str(path)).spend("a", 1, 1, MINUTE, 5) == (True, [(5, 1)])
    release.join()
    other.close()


def _started(spenders):
    for spender in spenders:
        spender.stdin.write("go\n")
        spender.stdin.flush()
    return spenders


def _url_of_test_database() -> str:
    # Where the connection really went: a server on a Unix socket has no host in its settings.
    connection.ensure_connection()
    told = connection.connection.info
    user, password, host, port, name = (
        quote(str(part), safe="") for part in (told.user, told.password, told.host, told.port, told.dbname)
    )
    return f"postgres://{user}:{password}@/{name}?host={host}&port={port}"


@pytest.mark.parametrize("name", ["", "redis", "redis:", "file:", "Memory"])
def test_a_store_that_does_not_exist_is_refused(name):
    with pytest.raises(ValueError, match="is no store"):
        store_named(name)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "most"), [("file", 0.5), ("redis", 2), pytest.param("database", 5, marks=pytest.mark.postgresql)]
)
def test_counting_costs_little(kind, most, name_of):
    store, took = store_named(name_of(kind)), []
    for step in range(500):
        start = time.perf_counter()
        store.spend("a", 1, 60_000, MINUTE, 1_000_000 + step * 100)
        took.append(1000 * (time.perf_counter() - start))
    print(f"{kind}: {1000 * statistics.median(took):.0f} us a request")
    assert statistics.median(took) < most

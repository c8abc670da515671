"""PostgreSQL that does not answer, or not in time: 503 with Retry-After within seconds, and no restart afterwards."""

import socket
import threading
import time
from contextlib import suppress

import pytest
from django.db import close_old_connections, connection

from medsim_tracking import patience
from medsim_tracking.wsgi import application  # the process that answers requests is bounded

pytestmark = [pytest.mark.postgresql, pytest.mark.server, pytest.mark.django_db(transaction=True)]
TRACK, HISTORY = "/api/interaction-tracking/track", "/api/interaction-tracking/history/me"
SEARCH = {"interactionType": "search"}
assert application


class Proxy:
    """Passes bytes between a free port of this machine and PostgreSQL; `stalled`, takes them and passes none on."""

    def __init__(self, host, port):
        self.target = f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port)
        self.stalled = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.open, self.threads = [self.listener], []
        self._run(self._accept)

    def _run(self, work, *told):
        self.threads.append(threading.Thread(target=work, args=told, daemon=True))
        self.threads[-1].start()

    def _accept(self):
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                self.open.append(client)
                if self.stalled.is_set():
                    continue
                server = socket.socket(socket.AF_UNIX if isinstance(self.target, str) else socket.AF_INET)
                server.connect(self.target)
                self.open.append(server)
                for pair in ((client, server), (server, client)):
                    self._run(self._pass_on, *pair)

    def _pass_on(self, source, sink):
        with suppress(OSError):
            while data := source.recv(65536):
                if not self.stalled.is_set():
                    sink.sendall(data)
            sink.shutdown(socket.SHUT_RDWR)

    def close(self):
        for opened in self.open:
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join()
        for opened in self.open:
            opened.close()


@pytest.fixture
def proxy(lena_api):
    """The test's database, reached through a proxy."""
    told = connection.settings_dict
    before = {name: told[name] for name in ("HOST", "PORT")}
    connection.ensure_connection()
    proxy = Proxy(connection.connection.info.host, connection.connection.info.port)
    connection.close()
    told.update(HOST="127.0.0.1", PORT=proxy.port)
    yield proxy
    connection.close()
    told.update(before)
    proxy.close()


def asked(send, path, *told):
    """What a request is answered, and how many seconds it took. Connections end and begin as in a server."""
    close_old_connections()
    patience._ask_whether_somebody_is_there()
    started = time.monotonic()
    answer = send(path, *told)
    return answer.status_code, answer.headers.get("Retry-After"), time.monotonic() - started


def test_a_database_that_falls_silent_is_noticed_within_seconds_and_needs_no_restart(proxy, lena_api):
    assert asked(lena_api.post, TRACK, SEARCH)[0] == 201
    proxy.stalled.set()
    # Asked on the connection that is open, and then on a new one.
    status, retry, seconds = asked(lena_api.post, TRACK, SEARCH)
    assert (status, retry) == (503, "5")
    assert seconds < patience.GREETING_SECONDS + 3 + 1
    proxy.stalled.clear()
    assert asked(lena_api.post, TRACK, SEARCH)[0] == 201


@pytest.fixture
def slow(monkeypatch):
    """Every list takes 3 seconds of PostgreSQL's time; a statement may take half a second."""
    monkeypatch.setattr(patience, "WRITING_SECONDS", 0.4)
    monkeypatch.setattr(patience, "READING_SECONDS", 0.5)
    connection.close()

    def sleep(*args, **kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(3)")

    return lambda where: monkeypatch.setattr(where, sleep)


def test_a_database_that_falls_silent_in_the_middle_of_a_statement_ends_the_wait(proxy, lena_api, slow, monkeypatch):
    monkeypatch.setattr(patience, "GRACE_SECONDS", 0.3)
    assert asked(lena_api.post, TRACK, SEARCH)[0] == 201
    slow("interactions.services.insert_interactions")
    threading.Timer(0.2, proxy.stalled.set).start()
    status, retry, seconds = asked(lena_api.post, TRACK, SEARCH)
    # The limit and its grace, and at worst one attempt to connect anew.
    assert (status, retry, seconds < 0.4 + 0.3 + 3 + 1) == (503, "5", True)


def limit():
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return cursor.fetchone()[0]


def test_a_read_that_takes_too_long_is_ended_and_told_how_to_ask_for_less(lena_api, slow):
    slow("interactions.querysets.InteractionQuerySet.newest_first")
    answer = lena_api.get(HISTORY)
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "query_timeout", "30")
    assert "shorter" in answer.json()["detail"]


def test_a_read_has_more_time_than_a_write_and_leaves_the_connection_as_it_was(lena_api, monkeypatch):
    connection.close()
    seen = []
    monkeypatch.setattr("interactions.api.views.policy_book", lambda: seen.append(limit()) or 1 / 0)
    lena_api.raise_request_exception = False
    lena_api.get(HISTORY)
    lena_api.post(TRACK, SEARCH)
    assert (seen, limit()) == (["10s", "5s"], "5s")


def test_a_write_that_takes_too_long_is_ended_and_stores_nothing(lena_api, slow):
    slow("interactions.services.insert_interactions")
    answer = lena_api.post(TRACK, SEARCH)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")

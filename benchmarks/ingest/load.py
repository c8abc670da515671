"""Clients that post interactions to a server process of their own, and what that costs the server."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.ingest.events import bulk, single

PROJECT = Path(__file__).resolve().parent.parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
USER, PASSWORD = "bench", "a benchmark has no secrets"


@dataclass(frozen=True)
class Cost:
    """events   stored
    seconds  from the first request to the last answer
    cpu      seconds of processor time the server's processes used meanwhile
    slow     the 99th percentile of a request, in seconds
    """

    events: int
    seconds: float
    cpu: float
    slow: float

    @property
    def a_second(self) -> float:
        return self.events / self.seconds

    @property
    def cpu_microseconds(self) -> float:
        return self.cpu / self.events * 1e6


@contextmanager
def server(application: str, database_url: str):
    """A granian process with one worker; yields (port, pids)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    granian = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", "127.0.0.1"]
    process = subprocess.Popen(
        [*granian, "--port", str(port), "--workers", "1", "--log-level", "error", application],
        cwd=PROJECT,
        # No limit that a minute of load reaches; it is counted all the same, as in use.
        env={**os.environ, "DATABASE_URL": database_url, "MEDSIM_RATE_SERVICE": "1000000000/m"},
    )
    try:
        _wait_for(port)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def measure(port: int, pid: int, *, requests: int, size: int, clients: int, run: str) -> Cost:
    """Post `requests` bulks of `size` (0: single interactions) by some clients."""
    token = _post(http.client.HTTPConnection("127.0.0.1", port), "/api/auth/token", None, _SIGN_IN)["access"]
    path = "/api/interaction-tracking/track" + ("-bulk" if size else "")
    bodies = [
        json.dumps(bulk(f"{run}-{number}", size) if size else single(f"{run}-{number}")).encode()
        for number in range(requests)
    ]
    times: list[float] = []
    waiting = iter(bodies)
    lock = threading.Lock()

    def client():
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while True:
            with lock:
                body = next(waiting, None)
            if body is None:
                return
            began = time.perf_counter()
            _post(connection, path, token, body)
            times.append(time.perf_counter() - began)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    cpu, began = processor_time(pid), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    slow = sorted(times)[int(len(times) * 0.99)]
    return Cost(requests * max(size, 1), seconds, processor_time(pid) - cpu, slow)


def processor_time(pid: int) -> float:
    """Seconds of processor time of a process and its children."""
    total = 0.0
    for child in (pid, *_children(pid)):
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *_children(int(child))]
    return found


_SIGN_IN = json.dumps({"username": USER, "password": PASSWORD}).encode()


def _post(connection: http.client.HTTPConnection, path: str, token: str | None, body: bytes):
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    said = answer.read()
    if answer.status not in (200, 201):
        raise RuntimeError(f"{path}: {answer.status} {said[:300]!r}")
    return json.loads(said)


def _wait_for(port: int) -> None:
    for _ in range(150):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server did not start.")

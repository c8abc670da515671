"""Server processes of the contenders, each under the same server with the same options where it can be."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
PRODUCT, USUAL = "medsim_tracking.rsgi:application", "benchmarks.ingest.usual.wsgi:application"
THREADS = 32  # of each worker, as docs/operations.md has it
# No limit that a minute of load reaches; what is sent is counted all the same, as in use.
NO_LIMIT = {"MEDSIM_RATE_SERVICE": "1000000000/m", "MEDSIM_RATE_LEARNER": "1000000000/m"}


@dataclass(frozen=True)
class Server:
    port: int
    pid: int


@contextmanager
def granian(application: str, database_url: str, workers: int) -> Iterator[Server]:
    port = free_port()
    # Each as it is served in use: the product's door to granian has threads of its own.
    interface = ["rsgi"] if application == PRODUCT else ["wsgi", "--blocking-threads", THREADS]
    command = [Path(sys.executable).parent / "granian", "--host", "127.0.0.1", "--no-ws", "--interface", *interface]
    command += ["--port", port, "--workers", workers, "--log-level", "error"]
    # A token that lives as long as the run.
    environment = {"DATABASE_URL": database_url, "MEDSIM_ACCESS_MINUTES": "600", "MEDSIM_THREADS": str(THREADS)}
    with running([*command, application], environment | NO_LIMIT, port) as server:
        yield server


@contextmanager
def running(command: list, environment: dict[str, str], port: int) -> Iterator[Server]:
    words = [str(word) for word in command]
    process = subprocess.Popen(words, cwd=PROJECT, env=os.environ | environment)
    try:
        _wait_for(port, process)
        yield Server(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def manage(database_url: str, *words: str, settings: str = "medsim_tracking.settings") -> None:
    environment = os.environ | {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": settings}
    subprocess.run([sys.executable, "manage.py", *words], cwd=PROJECT, env=environment, check=True)


def _wait_for(port: int, process: subprocess.Popen) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"The server did not start: {process.args}")

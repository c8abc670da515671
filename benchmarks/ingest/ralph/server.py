"""Starts Ralph under uvicorn, with uvloop and httptools as it installs them, and one account."""

import json
import shutil
import subprocess
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from benchmarks.ingest.events import statements
from benchmarks.ingest.load import request
from benchmarks.ingest.servers import Server, free_port, running

NAME, PASSWORD = "bench", "a benchmark has no secrets"
_HASH = "import bcrypt, sys; print(bcrypt.hashpw(sys.argv[1].encode(), bcrypt.gensalt()).decode())"
# How Ralph finds backends that it does not bring.
_ENTRY_POINT = "[ralph.backends.lrs]\nnothing = storing_nothing:StoringNothing\n"


@contextmanager
def ralph(environment: Path, workers: int) -> Iterator[Server]:
    """`environment`: a virtual environment in which ralph-malph is installed."""
    with tempfile.TemporaryDirectory(prefix="medsim-ralph-") as made:
        folder = Path(made)
        shutil.copy(Path(__file__).with_name("storing_nothing.py"), folder)
        described = folder / "storing_nothing-1.dist-info"
        described.mkdir()
        (described / "METADATA").write_text("Metadata-Version: 2.1\nName: storing-nothing\nVersion: 1\n")
        (described / "entry_points.txt").write_text(_ENTRY_POINT)
        (folder / "auth.json").write_text(json.dumps([_account(environment)]))
        settings = {
            "PYTHONPATH": str(folder),
            "RALPH_APP_DIR": str(folder),
            "RALPH_AUTH_FILE": str(folder / "auth.json"),
            "RALPH_RUNSERVER_BACKEND": "nothing",
            "RALPH_RUNSERVER_AUTH_BACKENDS": "basic",
        }
        port = free_port()
        command = [environment / "bin" / "uvicorn", "ralph.api:app", "--host", "127.0.0.1", "--port", port]
        command += ["--workers", workers, "--log-level", "error", "--no-access-log"]
        with running(command, settings, port) as server:
            yield server


def _account(environment: Path) -> dict:
    # It remembers for an hour whom it let in, so hashing passwords is not what is measured.
    made = subprocess.run(
        [environment / "bin" / "python", "-c", _HASH, PASSWORD], check=True, capture_output=True, text=True
    )
    agent = {"mbox": "mailto:bench@example.org"}
    return {"username": NAME, "hash": made.stdout.strip(), "scopes": ["all"], "agent": agent}


def bulks(count: int, size: int) -> list[bytes]:
    basic = b64encode(f"{NAME}:{PASSWORD}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "X-Experience-API-Version": "1.0.3"}
    return [
        request("/xAPI/statements", msgspec.json.encode(statements(f"{time.time_ns():x}-{turn}", size)), **headers)
        for turn in range(count)
    ]

"""A real server of two worker processes on a free port of this machine, to be killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random

from drills.scratch import PROJECT, Scratch

PRODUCT = "medsim_tracking.rsgi:application"
SUMS_OUTSIDE = "drills.sums_outside:application"
WORKERS, THREADS = 2, 4
START_SECONDS = 60
# Waits on a pipe that closes when the drill ends, be it killed; then the server ends, too.
WATCH = 'read -r _; kill -s KILL -- "-$1"'


class Server:
    """Running once `start` returns. Every process of it is in one group, which ends with the drill."""

    def __init__(self, scratch: Scratch, target: str = PRODUCT):
        self.scratch, self.target = scratch, target
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._process: subprocess.Popen | None = None
        self._watch: subprocess.Popen | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "granian", "--interface", "rsgi", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--workers", str(WORKERS), "--no-ws"]
        command += ["--respawn-failed-workers", "--respawn-interval", "0.1", "--log-level", "critical", self.target]
        self._process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**self.scratch.environment, "MEDSIM_THREADS": str(THREADS)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        watch = ["/bin/sh", "-c", WATCH, "sh", str(self._process.pid)]
        self._watch = subprocess.Popen(watch, stdin=subprocess.PIPE, start_new_session=True)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                self.kill()
                raise RuntimeError("The server did not start.")
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL to every process at once."""
        if self._watch:
            self._watch.kill()
            self._watch.communicate()
            self._watch = None
        if self._process:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def kill_a_worker(self, chance: Random) -> bool:
        """SIGKILL to one worker, which the server replaces; False where workers cannot be told."""
        workers = self._workers()
        if len(workers) < WORKERS:
            return False
        os.kill(chance.choice(workers), signal.SIGKILL)
        return True

    def _workers(self) -> list[int]:
        main = self._process.pid
        try:
            children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
            # Beside the workers there is the tracker of shared resources, which answers nobody.
            return [
                int(child)
                for child in children
                if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes()
            ]
        except OSError:
            return []

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/api/")
            return connection.getresponse().status == 404
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.kill()

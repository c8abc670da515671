"""Scratch databases: prepared once, copied for each drill, removed at the end."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import psycopg

from medsim_tracking.tests.postgresql_server import TemporaryPostgreSQL

PROJECT = Path(__file__).resolve().parent.parent
COMMAND_SECONDS = 120
STORED = (
    "SELECT public_id, event_id, i.id FROM interactions_userinteractiontrackingmodel i "
    "JOIN accounts_user u ON u.id = i.user_id"
)


class Scratch:
    """One database and the token that the simulator's account writes to it with."""

    def __init__(self, url: str, token: str):
        self.url, self.token = url, token

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the developer's own settings; a token that outlives the drill, a limit that no client reaches."""
        return {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": self.url,
            "MEDSIM_ACCESS_MINUTES": "1440",
            "MEDSIM_RATE_SERVICE": "100000000/m",
            "MEDSIM_LOG_LEVEL": "CRITICAL",
        }

    def run(self, *command: str) -> subprocess.CompletedProcess:
        """Run `python <command>` on this database."""
        return subprocess.run(
            [sys.executable, *command],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
        )

    def stored(self) -> list[tuple[str, str, str]]:
        """(learner, event id, id) of all that is stored, read past the product."""
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as connection:
                rows = connection.execute(STORED).fetchall()
        else:
            with psycopg.connect(self.url) as connection:
                rows = connection.execute(STORED).fetchall()
        return [(learner, event_id, str(pk).replace("-", "")) for learner, event_id, pk in rows]

    def recounted(self) -> str | None:
        """What the product's own recount finds wrong with the daily sums, or None."""
        done = self.run("manage.py", "recount_daily_activity")
        return None if done.returncode == 0 else (done.stdout + done.stderr).strip()

    def drop_the_unique_key(self) -> None:
        _checked(self.run("-m", "drills.prepare", "--without-unique-key"))


class Scratches:
    """Where scratch databases come from: files in a folder, or a PostgreSQL of their own."""

    def __init__(self, database: str):
        self.folder = Path(tempfile.mkdtemp(prefix="medsim-drill-"))
        self.postgresql: TemporaryPostgreSQL | None = None
        self._made = 0
        try:
            if database == "postgresql":
                self.postgresql = TemporaryPostgreSQL(keeps_commits=True)
                self._create("prepared")
            self._prepared = Scratch(self._url_of("prepared"), token="")
            self._prepared.token = _checked(self._prepared.run("-m", "drills.prepare")).strip()
        except BaseException:
            self.remove()
            raise

    def new(self) -> Scratch:
        """A fresh copy of what was prepared."""
        self._made += 1
        name = f"drill{self._made}"
        if self.postgresql:
            self._create(f"{name} TEMPLATE prepared")
        else:
            shutil.copy(self.folder / "prepared.sqlite3", self.folder / f"{name}.sqlite3")
        return Scratch(self._url_of(name), self._prepared.token)

    def _create(self, database: str) -> None:
        with psycopg.connect(self.postgresql.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {database}")

    def _url_of(self, name: str) -> str:
        return self.postgresql.url_of(name) if self.postgresql else f"sqlite:///{self.folder / name}.sqlite3"

    def remove(self) -> None:
        if self.postgresql:
            self.postgresql.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.remove()


def _checked(done: subprocess.CompletedProcess) -> str:
    if done.returncode:
        raise RuntimeError(f"{done.args} failed:\n{done.stdout}{done.stderr}")
    return done.stdout

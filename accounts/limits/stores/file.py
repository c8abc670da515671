"""Windows in a file, for all processes of one machine."""

import os
import sqlite3
import threading
import time
from pathlib import Path

import msgspec

from accounts.limits import window
from accounts.limits.window import Entries

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Entries).decode
# One write in so many sweeps out the windows in which nothing counts any longer.
SWEEP_EVERY = 1000
LOCK_SECONDS = 2


class FileStore:
    """An SQLite file of its own, for all processes of one machine.

    Its own, because a write into the product's database waits for the disk; here nothing does: after a power
    cut nobody minds an empty window. Its own lock too, so that counting never waits for a bulk being stored.
    """

    errors = (sqlite3.Error,)

    def __init__(self, path: str):
        self._path = Path(path)
        self._local = threading.local()
        self._writes = 0

    def _connection(self) -> sqlite3.Connection:
        # A connection must not cross a fork.
        if getattr(self._local, "process", None) != os.getpid():
            database = sqlite3.connect(self._path, timeout=LOCK_SECONDS, isolation_level=None)
            _switch_to_wal(database)
            database.execute("PRAGMA synchronous=OFF")
            database.execute(
                "CREATE TABLE IF NOT EXISTS spent (key TEXT PRIMARY KEY, until INTEGER NOT NULL, entries BLOB NOT NULL)"
                " WITHOUT ROWID"
            )
            self._local.database, self._local.process = database, os.getpid()
        return self._local.database

    def spend(self, key: str, cost: int, limit: int, period: int, now: int) -> tuple[bool, Entries]:
        database = self._connection()
        database.execute("BEGIN IMMEDIATE")
        try:
            row = database.execute("SELECT entries FROM spent WHERE key = ?", (key,)).fetchone()
            before = _decode(row[0]) if row else []
            after = window.spend(before, cost, limit, period, now)
            if after is not None:
                database.execute("REPLACE INTO spent VALUES (?, ?, ?)", (key, now + period, _encode(after)))
                self._writes += 1
                if self._writes % SWEEP_EVERY == 0:
                    database.execute("DELETE FROM spent WHERE until < ?", (now,))
        finally:
            database.execute("COMMIT")
        return (False, before) if after is None else (True, after)

    def forget(self, key: str) -> None:
        self._connection().execute("DELETE FROM spent WHERE key = ?", (key,))

    def clear(self) -> None:
        self._connection().execute("DELETE FROM spent")


def _switch_to_wal(database: sqlite3.Connection) -> None:
    """The one statement that SQLite does not let wait: of workers that start together, one would find it locked."""
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            database.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.005)

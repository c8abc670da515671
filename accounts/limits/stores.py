"""Where windows are kept: in a file beside the database, in PostgreSQL, or in one process's memory.

All three decide alike, and the first two for all processes together. `spend` returns the window as it stands
after the decision, and whether the cost was let in.
"""

import os
import sqlite3
import threading
import time
from pathlib import Path

import msgspec
from django.db import connection

from accounts.limits import window
from accounts.limits.window import Entries

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Entries).decode
# One write in so many sweeps out the windows in which nothing counts any longer.
SWEEP_EVERY = 1000
LOCK_SECONDS = 2


class MemoryStore:
    """Windows of this process alone."""

    def __init__(self):
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[int, Entries]] = {}

    def spend(self, key: str, cost: int, limit: int, period: int, now: int) -> tuple[bool, Entries]:
        with self._lock:
            if len(self._windows) >= SWEEP_EVERY:
                self._windows = {name: kept for name, kept in self._windows.items() if kept[0] > now}
            before = self._windows.get(key, (0, []))[1]
            after = window.spend(before, cost, limit, period, now)
            if after is None:
                return False, before
            self._windows[key] = (now + period, after)
            return True, after

    def forget(self, key: str) -> None:
        with self._lock:
            self._windows.pop(key, None)

    def clear(self) -> None:
        with self._lock:
            self._windows.clear()


class FileStore:
    """An SQLite file of its own, for all processes of one machine.

    Its own, because a write into the product's database waits for the disk; here nothing does: after a power
    cut nobody minds an empty window. Its own lock too, so that counting never waits for a bulk being stored.
    """

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


class DatabaseStore:
    """A small unlogged table in the product's PostgreSQL, for all processes of all machines.

    One statement decides and writes. It holds its row only while it runs, for it runs by itself, before the
    transaction that stores the interactions begins. Unlogged: a crash empties it, and nobody minds.
    """

    # The condition is judged on the newest version of the row, under its lock, and so is what is written.
    SPEND = """
        INSERT INTO accounts_spent AS held (key, until, times, costs)
        VALUES (%(key)s::text, %(now)s::bigint + %(period)s::bigint, ARRAY[%(now)s::bigint], ARRAY[%(cost)s::bigint])
        ON CONFLICT (key) DO UPDATE SET
            until = excluded.until,
            (times, costs) = (
                SELECT array_agg(slot.at ORDER BY slot.at), array_agg(slot.cost ORDER BY slot.at)
                FROM (
                    SELECT max(entry.at) AS at, sum(entry.cost)::bigint AS cost
                    FROM (
                        SELECT * FROM unnest(held.times, held.costs) AS kept(at, cost)
                        WHERE at > %(now)s::bigint - %(period)s::bigint AND at <= %(now)s::bigint + %(period)s::bigint
                        UNION ALL SELECT %(now)s::bigint, %(cost)s::bigint
                    ) AS entry
                    GROUP BY entry.at / %(slot)s::bigint
                ) AS slot
            )
        WHERE %(cost)s::bigint + (
            SELECT coalesce(sum(cost), 0) FROM unnest(held.times, held.costs) AS kept(at, cost)
            WHERE at > %(now)s::bigint - %(period)s::bigint AND at <= %(now)s::bigint + %(period)s::bigint
        ) <= %(limit)s::bigint
        RETURNING times, costs
    """

    def __init__(self):
        self._writes = 0

    def spend(self, key: str, cost: int, limit: int, period: int, now: int) -> tuple[bool, Entries]:
        told = {
            "key": key,
            "cost": cost,
            "limit": limit,
            "period": period,
            "now": now,
            "slot": window.slot_length(period),
        }
        with connection.cursor() as cursor:
            # A new row is inserted without the condition being asked.
            row = cursor.execute(self.SPEND, told).fetchone() if cost <= limit else None
            if row:
                self._writes += 1
                if self._writes % SWEEP_EVERY == 0:
                    cursor.execute("DELETE FROM accounts_spent WHERE until < %s", (now,))
                return True, list(zip(*row, strict=True))
            row = cursor.execute("SELECT times, costs FROM accounts_spent WHERE key = %s", (key,)).fetchone()
            return False, list(zip(*row, strict=True)) if row else []

    def forget(self, key: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM accounts_spent WHERE key = %s", (key,))

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM accounts_spent")


def store_named(name: str) -> MemoryStore | FileStore | DatabaseStore:
    """`memory`, `database`, or `file:` and a path. Raises ValueError for anything else."""
    kind, _, path = name.partition(":")
    if kind == "file" and path:
        return FileStore(path)
    if name == "memory":
        return MemoryStore()
    if name == "database":
        return DatabaseStore()
    raise ValueError(f"{name!r} is no store: memory, database, or file:/a/path.")

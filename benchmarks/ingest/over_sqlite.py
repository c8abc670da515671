"""Bulks on SQLite: the product over its whole stack, and raw executemany of the same rows into the same table."""

import sqlite3
import tempfile
import time
from pathlib import Path

from benchmarks.ingest import senders
from benchmarks.ingest.costs import Cost, Costs, Goal
from benchmarks.ingest.load import measure
from benchmarks.ingest.raw_copy import TABLE
from benchmarks.ingest.senders import Senders
from benchmarks.ingest.servers import PRODUCT, granian

BULK, RAW = "product on SQLite", "raw executemany of these"


def run(options, say) -> tuple[Costs, list[Goal]]:
    """One worker: SQLite lets one write at a time."""
    costs = Costs()
    with tempfile.TemporaryDirectory(prefix="medsim-sqlite-") as made:
        ours, raw = Path(made) / "medsim.sqlite3", Path(made) / "raw.sqlite3"
        url = f"sqlite:///{ours}"
        senders.prepare(url)
        with sqlite3.connect(ours) as database:
            database.execute("VACUUM INTO ?", [str(raw)])
        database.close()
        with granian(PRODUCT, url, 1) as server:
            people = Senders(server)

            def a_round(bulks: int) -> None:
                requests = people.bulks(bulks, options.size)
                created = b'"created":%d' % options.size
                load = {"clients": options.clients, "must_hold": created, "backends": None}
                costs.add(BULK, measure(server, requests, events=bulks * options.size, **load))
                costs.add(RAW, _executemany(ours, raw, bulks, options.size))

            a_round(2)
            costs.by_name.clear()
            for number in range(options.rounds):
                say(f"SQLite, round {number + 1} of {options.rounds}")
                a_round(options.bulks)
    return costs, [costs.faster("SQLite: events/s at least 0.6 of raw executemany", 0.6, BULK, RAW)]


def _executemany(ours: Path, raw: Path, bulks: int, size: int) -> Cost:
    """The rows that were stored last, in their batches, each its own durable transaction as the product's is."""
    source = sqlite3.connect(ours)
    last = f"SELECT * FROM {TABLE} ORDER BY id DESC LIMIT {bulks * size}"
    rows = source.execute(f"SELECT * FROM ({last}) ORDER BY received_at, id").fetchall()
    source.close()
    target = sqlite3.connect(raw, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        target.execute(f"PRAGMA {pragma}")
    insert = f"INSERT INTO {TABLE} VALUES ({', '.join('?' * len(rows[0]))})"
    cpu, began = time.process_time(), time.perf_counter()
    for start in range(0, len(rows), size):
        target.execute("BEGIN IMMEDIATE")
        target.executemany(insert, rows[start : start + size])
        target.execute("COMMIT")
    cost = Cost(len(rows), time.perf_counter() - began, app=time.process_time() - cpu)
    target.close()
    return cost

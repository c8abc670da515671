"""Whether a table of ten million rows makes taking in slower: beside an empty one, round by round.

The full table lies in a database of its own, beside the one that is named, and is kept for the next run.
"""

import time
from contextlib import ExitStack

import psycopg
from psycopg.conninfo import conninfo_to_dict

from benchmarks.ingest import senders
from benchmarks.ingest.costs import Costs, Goal
from benchmarks.ingest.load import measure
from benchmarks.ingest.processes import Backends
from benchmarks.ingest.raw_copy import TABLE
from benchmarks.ingest.senders import Senders
from benchmarks.ingest.servers import PRODUCT, granian, manage

EMPTY, FULL = "into an empty table", "into {:,} rows"
FILL = """
from django.utils import timezone
from benchmarks.admin_data import fill
fill({rows}, timezone.now())
"""


def run(options, say) -> tuple[Costs, list[Goal]]:
    full = _full_database(options.postgresql, options.rows, say)
    senders.prepare(options.postgresql)
    senders.prepare(full)
    costs, name = Costs(), FULL.format(options.rows)
    with ExitStack() as stack:
        sides = {}
        for side, url in ((EMPTY, options.postgresql), (name, full)):
            server = stack.enter_context(granian(PRODUCT, url, options.workers))
            sides[side] = server, Senders(server), Backends(url)

        def a_round(bulks: int, order: list[str]) -> None:
            for side in order:
                server, people, backends = sides[side]
                if side == EMPTY:
                    with psycopg.connect(options.postgresql) as database:
                        database.execute(f"TRUNCATE {TABLE}, interactions_dailyactivity")
                # The service account's: its learners are spread over the whole table.
                requests = people.mixed_bulks(bulks, options.size)
                load = {"clients": options.clients, "must_hold": b'"created":%d' % options.size, "backends": backends}
                costs.add(side, measure(server, requests, events=bulks * options.size, **load))

        a_round(4, [EMPTY, name])
        costs.by_name.clear()
        for number in range(options.rounds):
            say(f"{options.rows:,} rows, round {number + 1} of {options.rounds}")
            # By turns, for the first of two has the machine's caches to itself.
            a_round(options.bulks, [EMPTY, name] if number % 2 else [name, EMPTY])
    words = f"{options.rows:,} rows in the table: at least 0.75 of the events/s"
    return costs, [costs.faster(words, 0.75, name, EMPTY)]


def _full_database(url: str, rows: int, say) -> str:
    """The address of a database with at least so many rows, made where it is not there."""
    database = f"{conninfo_to_dict(url)['dbname']}_{rows}"
    full = _with_database(url, database)
    with psycopg.connect(url, autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if not there:
            connection.execute(f'CREATE DATABASE "{database}"')
    manage(full, "migrate", "-v0")
    with psycopg.connect(full, autocommit=True) as connection:
        estimate = connection.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [TABLE]).fetchone()[0]
        if estimate < rows * 0.9:
            if estimate > 0:
                raise SystemExit(f"{database} holds something else: drop it.")
            began = time.monotonic()
            say(f"filling {database} with {rows:,} rows, once")
            manage(full, "shell", "-v0", "-c", FILL.format(rows=rows))
            connection.execute("VACUUM (FREEZE, ANALYZE)")
            say(f"filled in {time.monotonic() - began:.0f} s")
    return full


def _with_database(url: str, database: str) -> str:
    head, mark, query = url.partition("?")
    return head.rpartition("/")[0] + "/" + database + mark + query

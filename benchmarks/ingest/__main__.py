"""How fast interactions come in, beside the limit, the usual way and a peer, with what it costs.

    python -m benchmarks.ingest --postgresql postgres://user@host/an_empty_database
    python -m benchmarks.ingest --postgresql … --ralph ../ralph --workers 2
    python -m benchmarks.ingest --postgresql … --quick --only single

Through the whole stack: HTTP server, token, limits, gate, score, exactly-once insert, daily sums, durable commit.
Every contender has the same workers, clients and durability. Rounds are interleaved; medians are printed, with the
least and the most, and ratios are taken within a round: on a shared machine trust those and the processor time per
event more than the rates. `app us` is processor time of the server's processes per event, `PG us` of PostgreSQL's
backends, `clients us` of the clients, which take their share of the same processors.
"""

import argparse
import os
import platform
import sys

import psycopg

from benchmarks.ingest import memory, over_postgresql, over_sqlite, ten_million
from benchmarks.ingest.costs import Costs, Goal, print_goals

PARTS = ("bulk", "single", "ralph", "sqlite", "memory", "tenmillion")
# What `--quick` makes of the defaults: enough to see whether a change was one.
QUICK = {"rounds": 2, "bulks": 12, "singles": 1000, "loop": 20, "rows": 200_000}


def main() -> None:
    options = read_options()
    print_machine(options)
    goals: list[Goal] = []
    parts = set(options.only)
    if parts & {"bulk", "single", "ralph"}:
        goals += _told(
            f"PostgreSQL, bulks of {options.size}, and single requests", *over_postgresql.run(options, parts, say)
        )
    if "sqlite" in parts:
        goals += _told(f"SQLite, bulks of {options.size}, one worker", *over_sqlite.run(options, say))
    if "memory" in parts:
        goals += memory.run(options, say)
    if "tenmillion" in parts:
        goals += _told(f"PostgreSQL, bulks of {options.size} of 20 learners", *ten_million.run(options, say))
    print_goals(goals)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgresql", metavar="URL", required=True, help="an empty database to work in")
    parser.add_argument(
        "--only", metavar="PARTS", type=_parts, help=f"some of {','.join(PARTS)} (all but what is missing)"
    )
    parser.add_argument(
        "--ralph", metavar="PATH", help="a virtual environment with ralph-malph; see benchmarks/README.md"
    )
    parser.add_argument("--workers", type=int, default=1, help="worker processes of every server (1)")
    parser.add_argument("--clients", type=int, help="connections that send at the same time (8 a worker)")
    parser.add_argument(
        "--crowd", type=int, help="connections that send single requests at the same time: load (32 a worker)"
    )
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds of which the median counts (5)")
    parser.add_argument("--bulks", type=int, default=80, help="bulks a round (80)")
    parser.add_argument("--size", type=int, default=500, help="interactions a bulk (500)")
    parser.add_argument("--singles", type=int, default=2000, help="single requests a round (2,000)")
    parser.add_argument("--loop", type=int, default=200, help="bulks of 1,000 while memory is watched (200)")
    parser.add_argument("--rows", type=int, default=10_000_000, help="rows of the full table (ten million)")
    parser.add_argument("--quick", action="store_true", help="short rounds, within a minute; leaves tenmillion out")
    options = parser.parse_args()
    if options.quick:
        for name, value in QUICK.items():
            if getattr(options, name) == parser.get_default(name):
                setattr(options, name, value)
    if options.only is None:
        left_out = {"tenmillion"} if options.quick else set()
        options.only = [part for part in PARTS if part not in left_out and (part != "ralph" or options.ralph)]
    if "ralph" in options.only and not options.ralph:
        parser.error("The part ralph needs --ralph PATH.")
    options.clients = options.clients or 8 * options.workers
    options.crowd = options.crowd or 32 * options.workers
    return options


def _parts(text: str) -> list[str]:
    parts = text.split(",")
    if unknown := set(parts) - set(PARTS):
        raise argparse.ArgumentTypeError(f"no part is called {', '.join(sorted(unknown))}")
    return parts


def print_machine(options: argparse.Namespace) -> None:
    settings = ("server_version", "synchronous_commit", "fsync", "shared_buffers", "max_wal_size")
    with psycopg.connect(options.postgresql) as connection:
        told = ", ".join(f"{name} {connection.execute(f'SHOW {name}').fetchone()[0]}" for name in settings)
    print(
        f"{os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}; PostgreSQL: {told}"
    )
    clients = f"{options.clients} clients, {options.crowd} of single requests"
    print(f"{options.workers} worker(s), {clients}, {options.rounds} rounds: {', '.join(options.only)}")


def _told(title: str, costs: Costs, goals: list[Goal]) -> list[Goal]:
    print(f"\n{title}\n{costs.table()}", flush=True)
    return goals


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

"""How fast interactions come in, beside the limit and beside the usual way, on PostgreSQL.

    python -m benchmarks.ingest --postgresql postgres://…/an_empty_database

Through the whole stack: HTTP server, token, gate, score, exactly-once insert, daily sums, durable commit.
Rounds are interleaved and medians printed, with processor time of the server per event: on a shared machine
trust that and the ratios more than the rates.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time

import psycopg

from benchmarks.ingest.load import PASSWORD, PROJECT, USER, Cost, measure, server

TABLE = "interactions_userinteractiontrackingmodel"
PRODUCT, USUAL = "medsim_tracking.wsgi:application", "benchmarks.ingest.usual.wsgi:application"
MAKE_USER = f"""
from accounts.models import User
User.objects.filter(username={USER!r}).exists() or User.objects.create_user(
    {USER!r}, password={PASSWORD!r}, role="service")
"""
MAKE_USUAL_TABLE = """
from django.db import connection
from benchmarks.ingest.usual.models import Interaction
if Interaction._meta.db_table not in connection.introspection.table_names():
    with connection.schema_editor() as editor:
        editor.create_model(Interaction)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgresql", metavar="URL", required=True, help="an empty database to work in")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds of which the median counts (5)")
    parser.add_argument("--bulks", type=int, default=40, help="bulks a round (40)")
    parser.add_argument("--size", type=int, default=500, help="interactions a bulk (500)")
    parser.add_argument("--singles", type=int, default=400, help="single requests a round (400)")
    options = parser.parse_args()
    prepare(options.postgresql)
    costs: dict[str, list[Cost]] = {}
    for number in range(options.rounds):
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr, flush=True)
        for name, application in (("product", PRODUCT), ("usual DRF", USUAL)):
            with server(application, options.postgresql) as (port, pid):
                # A server's first requests import what the others use.
                measure(port, pid, requests=2, size=options.size, clients=1, run=f"warm-{time.time_ns()}")
                run = f"{name[0]}{time.time_ns()}"
                few = options.bulks if name == "product" else max(4, options.bulks // 5)
                bulks = measure(port, pid, requests=few, size=options.size, clients=4, run=run)
                costs.setdefault(f"{name}, bulk", []).append(bulks)
                singles = measure(port, pid, requests=options.singles, size=0, clients=4, run=f"s{run}")
                costs.setdefault(f"{name}, single", []).append(singles)
        costs.setdefault("raw COPY", []).append(
            raw_copy(options.postgresql, options.bulks * options.size, options.size)
        )
    report(costs, options.size)


def prepare(url: str) -> None:
    for settings, code in (("medsim_tracking", MAKE_USER), ("benchmarks.ingest.usual", MAKE_USUAL_TABLE)):
        environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": f"{settings}.settings"}
        for words in (("migrate", "-v0"), ("shell", "-v0", "-c", code)):
            subprocess.run([sys.executable, "manage.py", *words], cwd=PROJECT, env=environment, check=True)


def raw_copy(url: str, rows: int, size: int) -> Cost:
    """The limit: rows that are stored already, copied in binary into a table with the same indexes, durably."""
    with psycopg.connect(url) as connection:
        connection.execute(f"DROP TABLE IF EXISTS copied; CREATE TABLE copied (LIKE {TABLE} INCLUDING ALL)")
        batches = []
        for start in range(0, rows, size):
            chosen = f"(SELECT * FROM {TABLE} ORDER BY id LIMIT {size} OFFSET {start})"
            with connection.cursor().copy(f"COPY {chosen} TO STDOUT (FORMAT BINARY)") as out:
                batches.append(b"".join(bytes(part) for part in out))
        connection.commit()
        began, cpu = time.perf_counter(), time.process_time()
        for batch in batches:
            with connection.cursor().copy("COPY copied FROM STDIN (FORMAT BINARY)") as copy:
                copy.write(batch)
            connection.commit()
        cost = Cost(rows, time.perf_counter() - began, time.process_time() - cpu, 0.0)
        connection.execute("DROP TABLE copied")
    return cost


def report(costs: dict[str, list[Cost]], size: int) -> None:
    def median(name: str, figure: str) -> float:
        return statistics.median(getattr(cost, figure) for cost in costs[name])

    print(f"\n{'':20}{'events/s':>12}{'CPU us/event':>14}{'p99 ms':>10}")
    for name in sorted(costs):
        slow = median(name, "slow") * 1000
        print(f"{name:20}{median(name, 'a_second'):>12,.0f}{median(name, 'cpu_microseconds'):>14,.1f}{slow:>10,.1f}")
    bulk, single = "{}, bulk".format, "{}, single".format
    print(f"\nBulks of {size}, product against …")
    of_copy = median(bulk("product"), "a_second") / median("raw COPY", "a_second")
    print(f"  raw COPY      {of_copy:>6.2f} of its events/s")
    faster = median(bulk("product"), "a_second") / median(bulk("usual DRF"), "a_second")
    cheaper = median(bulk("usual DRF"), "cpu_microseconds") / median(bulk("product"), "cpu_microseconds")
    print(f"  usual DRF     {faster:>6.1f} times its events/s, CPU per event 1/{cheaper:.1f}")
    faster = median(single("product"), "a_second") / median(single("usual DRF"), "a_second")
    print(f"Single: {faster:.1f} times the usual DRF create's requests/s")


if __name__ == "__main__":
    main()

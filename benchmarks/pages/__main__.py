"""How long the pages take and what they weigh: a cohort of 500 learners in a log of 200,000 rows, and of ten million.

    python -m benchmarks.pages --postgresql postgres://postgres@127.0.0.1:5432/postgres
    python -m benchmarks.pages --postgresql … --quick

Fills a database for each number of rows once, beside the named one (medsim_pages_…, a few minutes and 8 GB for ten
million), and keeps it for a day; drop them when you are done. Both hold the same cohort with its year; the rest of
the larger one is of other cohorts. Everything but the network is in the figures: middleware, session, selectors,
template. Processor time is that of this process and of its PostgreSQL process together: the judge where other work
runs beside it. Exits with 1 where a goal is missed.
"""

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import django

from benchmarks.pages.timing import Read, middle, read, slow

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medsim_tracking.settings")
MOST_MS, MOST_KB = 150, 150


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pages", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--postgresql", required=True, help="URL of a server's database; others are made beside it")
    parser.add_argument("--rows", type=int, nargs="+", default=[200_000, 10_000_000], help="default: %(default)s")
    parser.add_argument("--repeat", type=int, default=60, help="how often each page is read (default: %(default)s)")
    parser.add_argument("--only", default="", help="names of pages, separated by commas")
    parser.add_argument("--quick", action="store_true", help="200,000 rows alone, 15 reads")
    options = parser.parse_args()
    if options.quick:
        options.rows, options.repeat = [200_000], 15
    os.environ["DATABASE_URL"] = options.postgresql
    django.setup()
    logging.disable(logging.INFO)
    from benchmarks.pages import databases

    chosen, sizes = set(filter(None, options.only.split(","))), sorted(options.rows)
    for rows in sizes:
        databases.ready(rows, sizes[0], say)
    # As a worker starts: it bounds what it waits for, and looks for garbage less often than Python would.
    importlib.import_module("medsim_tracking.wsgi")
    return _print({rows: _measure(rows, options.repeat, chosen) for rows in sizes})


say = partial(print, flush=True, file=sys.stderr)


def _measure(rows: int, repeat: int, chosen: set[str]) -> dict[str, Read]:
    from django.test import Client

    from accounts.models import User
    from benchmarks.pages import databases

    databases.use(rows)
    found = {}
    for name, who, addresses in _pages():
        if not chosen or name in chosen:
            say(f"{rows:,} rows: {name}")
            # Signed in anew, for a session remembers the filters of the page before.
            client = Client()
            client.force_login(User.objects.get(username=who))
            found[name] = read(client, addresses, repeat)
    return found


def _pages() -> list[tuple[str, str, Sequence[str]]]:
    """Each page, who reads it, and its addresses, which are read in turn."""
    from benchmarks.pages.people import ADMIN, COHORT, EDUCATOR, HEAVY, public_id

    return [
        ("today", EDUCATOR, ["/"]),
        ("today, everybody", ADMIN, ["/"]),
        ("cohort", EDUCATOR, [f"/cohorts/{COHORT}"]),
        ("cohort, a year", EDUCATOR, [f"/cohorts/{COHORT}?timeRange=365d"]),
        ("cases", EDUCATOR, ["/cases"]),
        ("cases, everybody", ADMIN, ["/cases"]),
        ("case", EDUCATOR, ["/cases/card-01-1?timeRange=365d"]),
        ("learner", EDUCATOR, [f"/learners/{name}" for name in _typical()]),
        ("learner, 20,000", EDUCATOR, [f"/learners/{public_id(HEAVY)}"]),
        ("learner, 20,000, a year", EDUCATOR, [f"/learners/{public_id(HEAVY)}?timeRange=365d"]),
        ("patterns", EDUCATOR, ["/patterns"]),
        ("patterns, everybody", ADMIN, ["/patterns"]),
        ("debrief", EDUCATOR, [f"/debrief/{COHORT}"]),
        ("live", EDUCATOR, ["/live"]),
        ("data quality", ADMIN, ["/data-quality"]),
    ]


def _typical() -> list[str]:
    """Those in the middle of the cohort by what they did in the last three months."""
    from django.db.models import Sum
    from django.utils import timezone

    from accounts.models import User
    from benchmarks.pages.people import COHORT, SIZE

    since = timezone.now().date() - timedelta(days=90)
    learners = User.objects.filter(enrolments__cohort__slug=COHORT, daily_activity__day__gte=since)
    ordered = learners.annotate(did=Sum("daily_activity__interactions")).order_by("did", "pk")
    names = list(ordered.values_list("public_id", flat=True))
    return names[SIZE * 2 // 5 : SIZE * 3 // 5]


def _print(measured: dict[int, dict[str, Read]]) -> int:
    sizes = list(measured)
    last, first = measured[sizes[-1]], measured[sizes[0]]
    best = min(min(it.paces) for pages in measured.values() for it in pages.values())
    missed = []
    print(
        f"\nLoad of the machine: {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores. Milliseconds, p50 and p95; evened:"
    )
    print("processor time as if the machine had always been as quick as at its quickest, by a small sum between reads.")
    print(f"{sizes[-1]:,} rows{'':13}queries     kB     by the clock       processor        evened  database  evened,")
    print(f"{'':96}beside {sizes[0]:,}")
    for name, it in last.items():
        evened, few = it.evened(best), first[name].evened(best)
        told = "".join(f"{middle(of):9.0f}{slow(of):7.0f}" for of in (it.walls, it.processor, evened))
        database = f"{middle(it.database):10.1f}" if it.database else f"{'?':>10}"
        ratio = f"{slow(evened) / slow(few):8.2f}" if len(sizes) > 1 else ""
        print(f"{name:27}{it.queries:4}{it.size / 1000:8.1f}{told}{database}{ratio}")
        if it.size >= 1000 * MOST_KB:
            missed.append(f"{name}: {it.size / 1000:.0f} kB")
        if slow(evened) >= MOST_MS:
            missed.append(f"{name}: {slow(evened):.0f} ms")
    print(f"Goals: p95 below {MOST_MS} ms, evened, and below {MOST_KB} kB. Missed:", "; ".join(missed) or "none")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

"""How long reads of crowds take beside a small and a large log, and how long counting takes.

    DATABASE_URL=postgres://postgres@127.0.0.1:5432/postgres python -m benchmarks.counts --rows 200000 10000000

For each size a database of its own is made beside the one that DATABASE_URL names, filled, counted, read, and dropped.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medsim_tracking.settings")

PATTERNS, ENGAGEMENT = "/api/interaction-tracking/global-patterns", "/api/analytics/engagement"


def main() -> None:
    arguments = _arguments()
    django.setup()
    measured = [_measure(rows, arguments) for rows in arguments.rows]
    _print_table(arguments.rows, measured)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.counts", description=__doc__.split("\n")[0])
    parser.add_argument(
        "--rows", type=int, nargs="+", default=[20_000, 200_000], help="sizes of the log (default: %(default)s)"
    )
    parser.add_argument("--repeat", type=int, default=60, help="how often each is read (default: %(default)s)")
    parser.add_argument(
        "--name", default="medsim_counts_benchmark", help="the databases to make (default: %(default)s)"
    )
    parser.add_argument("--keep", action="store_true", help="leave the databases, and use them when they are there")
    return parser.parse_args()


def _measure(rows: int, arguments: argparse.Namespace) -> dict[str, float]:
    from django.db import connection
    from django.test.utils import setup_test_environment, teardown_test_environment
    from django.utils import timezone

    from benchmarks.admin_data import fill

    own = f"{arguments.name}_{rows}"
    setup_test_environment()
    connection.settings_dict["TEST"]["NAME"] = own if connection.vendor == "postgresql" else f"/tmp/{own}.sqlite3"
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=arguments.keep)
    try:
        from interactions.models import UserInteractionTrackingModel

        if not UserInteractionTrackingModel.objects.exists():
            fill(rows, timezone.now())
        return _counting(connection) | _reading(arguments.repeat)
    finally:
        connection.creation.destroy_test_db(before, verbosity=0, keepdb=arguments.keep)
        connection.settings_dict["NAME"] = before
        teardown_test_environment()


def _counting(connection) -> dict[str, float]:
    """Seconds of counting everything, of a day, of nothing new; and bytes of all counts."""
    from django.utils import timezone

    from analytics.models import Count, CountedDay
    from analytics.rollups.changes import mark_due
    from analytics.rollups.counting import count_changes

    told: dict[str, float] = {}
    if not CountedDay.objects.filter(due=False).exists():
        told["count everything, s"] = _seconds(lambda: count_changes(now=timezone.now()))
    count_changes(now=timezone.now())
    days = list(CountedDay.objects.order_by("-day").values_list("day", flat=True)[10:15])
    took = []
    for day in days:
        mark_due([day])
        took.append(_seconds(lambda: count_changes(now=timezone.now())))
    told["count a day and its week, s"] = statistics.median(took)
    told["count when nothing is new, s"] = statistics.median(
        _seconds(lambda: count_changes(now=timezone.now())) for _ in range(5)
    )
    told["interactions a day"] = CountedDay.objects.get(day=days[0]).interactions
    told["rows of counts"] = Count.objects.count()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            cursor.execute("SELECT pg_total_relation_size(%s)", [Count._meta.db_table])
            told["counts, MB"] = cursor.fetchone()[0] / 1e6
    return told


def _reading(repeat: int) -> dict[str, float]:
    """p95 of each read in milliseconds, through the view and its JSON."""
    from django.test import Client
    from rest_framework_simplejwt.tokens import AccessToken

    from accounts.models import Cohort, User

    admin, _ = User.objects.get_or_create(username="benchmark-admin", defaults={"role": User.Role.ADMIN})
    educator, _ = User.objects.get_or_create(username="benchmark-educator", defaults={"role": User.Role.EDUCATOR})
    Cohort.objects.get(slug="sixty").educators.add(educator)
    reads: list[tuple[str, User, str]] = [
        (f"{name}, {range_}{', ' + extra if extra else ''}, {who.role}", who, f"{url}?timeRange={range_}&{extra}")
        for name, url in (("patterns", PATTERNS), ("engagement", ENGAGEMENT))
        for who in (admin, educator)
        for range_, extra in (("30d", ""), ("90d", ""), ("365d", ""), ("90d", "specialty=specialty 3"))
    ]
    told = {}
    for name, who, url in reads:
        client = Client(headers={"Authorization": f"Bearer {AccessToken.for_user(who)}"})
        told[f"{name}, p95 ms"] = _p95(lambda client=client, url=url: client.get(url), repeat)
    return told


def _p95(read: Callable, repeat: int) -> float:
    times = []
    for _ in range(repeat + 2):
        started = time.perf_counter()
        answer = read()
        times.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, answer.content
    # The first ones pay for a cold cache.
    times = sorted(times[2:])
    return times[round(0.95 * (len(times) - 1))]


def _seconds(work: Callable) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _print_table(sizes: list[int], measured: list[dict[str, float]]) -> None:
    print(f"{'':58}" + "".join(f"{size:>14,}" for size in sizes) + f"{'ratio':>8}")
    for name in dict.fromkeys(name for one in measured for name in one):
        values = [one.get(name) for one in measured]
        shown = "".join(f"{'-' if value is None else format(value, ',.3f'):>14}" for value in values)
        ratio = f"{values[-1] / values[0]:8.2f}" if all(values) and len(values) > 1 else ""
        print(f"{name:58}{shown}{ratio}")


if __name__ == "__main__":
    main()

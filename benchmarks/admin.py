"""How long the admin takes over a log of millions: queries, milliseconds and plans of every view an auditor opens.

    python -m benchmarks.admin --rows 10000000
    DATABASE_URL=postgres://postgres@127.0.0.1:5432/postgres python -m benchmarks.admin --rows 10000000

Makes a database of its own beside the one that DATABASE_URL names, fills it, measures, and drops it again.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medsim_tracking.settings")

LOG = "/admin/interactions/userinteractiontrackingmodel/"
DAILY = "/admin/interactions/dailyactivity/"
FACTS = ("interactions_userinteractiontrackingmodel", "interactions_dailyactivity")


@dataclass(frozen=True)
class Measured:
    name: str
    queries: int
    first: float
    median: float
    p95: float
    scans: str


def main() -> None:
    arguments = _arguments()
    django.setup()

    from django.db import connection
    from django.test.utils import setup_test_environment
    from django.utils import timezone

    from benchmarks.admin_data import fill

    setup_test_environment()
    own = arguments.name if connection.vendor == "postgresql" else f"/tmp/{arguments.name}.sqlite3"
    connection.settings_dict["TEST"]["NAME"] = own
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=arguments.keep)
    try:
        from interactions.models import UserInteractionTrackingModel

        if not UserInteractionTrackingModel.objects.exists():
            started = time.perf_counter()
            fill(arguments.rows, timezone.now())
            print(f"Filled {arguments.rows:,} rows in {time.perf_counter() - started:.0f} s.\n")
        _print_table(connection, [_measure(*view, arguments.repeat) for view in _views()])
    finally:
        connection.creation.destroy_test_db(before, verbosity=0, keepdb=arguments.keep)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.admin", description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="interactions to generate (default: %(default)s)")
    parser.add_argument("--repeat", type=int, default=20, help="how often each view is opened (default: %(default)s)")
    parser.add_argument("--name", default="medsim_admin_benchmark", help="the database to make (default: %(default)s)")
    parser.add_argument("--keep", action="store_true", help="leave the database there, and use it when it is there")
    return parser.parse_args()


def _views() -> list[tuple[str, Callable]]:
    """Name and a function that opens the view with a client and returns the answer."""
    from django.utils import timezone

    from accounts.models import Cohort
    from interactions.models import DailyActivity, UserInteractionTrackingModel

    rows = UserInteractionTrackingModel.objects.order_by("occurred_at")
    oldest, newest = rows.first(), rows.last()
    daily = DailyActivity.objects.order_by("pk").last()
    cohorts = dict(Cohort.objects.values_list("slug", "pk"))
    year, month = newest.occurred_at.year, newest.occurred_at.month
    then = timezone.localtime(oldest.occurred_at)
    first_month = f"occurred_at__year={then.year}&occurred_at__month={then.month}"

    level = "engagement_level__exact=very_high"

    def get(path: str) -> Callable:
        return lambda client: client.get(path)

    def follow(path: str, link: str) -> Callable:
        return lambda client: client.get(LOG + getattr(client.get(path).context["cl"], link))

    return [
        ("log", get(LOG)),
        ("log, next page", follow(LOG, "older_link")),
        ("log, page in the middle", get(f"{LOG}?older={_middle(oldest, newest)}")),
        ("log, last page, backwards", get(f"{LOG}?newer=1999-01-01T00:00:00Z~")),
        ("year", get(f"{LOG}?occurred_at__year={year}")),
        ("month", get(f"{LOG}?occurred_at__year={year}&occurred_at__month={month}")),
        ("day", get(f"{LOG}?occurred_at__year={year}&occurred_at__month={month}&occurred_at__day=1")),
        ("type", get(f"{LOG}?interaction_type__exact=case_complete")),
        ("type that nobody did", get(f"{LOG}?interaction_type__exact=nothing")),
        ("level", get(f"{LOG}?{level}")),
        ("clock flag, rare", get(f"{LOG}?clock_flag__exact=corrected")),
        ("clock flag, only long ago", get(f"{LOG}?clock_flag__exact=clamped")),
        ("the same, looking further back", follow(f"{LOG}?clock_flag__exact=clamped", "older_link")),
        ("the same, in its month", get(f"{LOG}?clock_flag__exact=clamped&{first_month}")),
        ("specialty", get(f"{LOG}?specialty__exact=specialty+3")),
        ("cohort of nearly everybody", get(f"{LOG}?cohort={cohorts['nearly-everybody']}")),
        ("cohort of sixty", get(f"{LOG}?cohort={cohorts['sixty']}")),
        ("cohort that left", get(f"{LOG}?cohort={cohorts['those-who-left']}")),
        ("small cohort that left", get(f"{LOG}?cohort={cohorts['a-few-who-left']}")),
        ("cohort, type and level, never", get(f"{LOG}?cohort={cohorts['sixty']}&interaction_type__exact=x&{level}")),
        ("one learner", get(f"{LOG}?learner=learner-7")),
        ("one learner who left", get(f"{LOG}?learner=learner-499")),
        ("one learner, type, month", get(f"{LOG}?learner=learner-7&interaction_type__exact=search&{first_month}")),
        ("one learner, matching nothing", get(f"{LOG}?learner=learner-7&clock_flag__exact=clamped")),
        ("one case", get(f"{LOG}?case=case-17")),
        ("one case, only long ago", get(f"{LOG}?case=case-rare")),
        ("one case and level", get(f"{LOG}?case=case-17&engagement_level__exact=low")),
        ("search: a learner's id", get(f"{LOG}?q=learner-7")),
        ("search: an e-mail", get(f"{LOG}?q=learner7@example.org")),
        ("search: a word in many names", get(f"{LOG}?q=Here")),
        ("search: those who left", get(f"{LOG}?q=Left")),
        ("search: those who left, with a flag", get(f"{LOG}?q=Left&clock_flag__exact=clamped")),
        ("search: a case's title", get(f"{LOG}?q=Case+number+17")),
        ("search: many cases", get(f"{LOG}?q=number")),
        ("search: nothing", get(f"{LOG}?q=nobody+at+all")),
        ("detail", get(f"{LOG}{newest.pk}/change/")),
        ("daily sums", get(DAILY)),
        ("daily sums of one learner", get(f"{DAILY}?learner=learner-7")),
        ("daily sums, cohort that left", get(f"{DAILY}?cohort={cohorts['those-who-left']}")),
        ("daily sums, search: those who left", get(f"{DAILY}?q=Left")),
        ("daily sum, detail", get(f"{DAILY}{daily.pk}/change/")),
    ]


def _middle(oldest, newest) -> str:
    moment = oldest.occurred_at + (newest.occurred_at - oldest.occurred_at) / 2
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}~"


def _measure(name: str, view: Callable, repeat: int) -> Measured:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from accounts.models import User

    admin, _ = User.objects.get_or_create(username="benchmark-admin", defaults={"role": User.Role.ADMIN})
    client = Client()
    client.force_login(admin)
    times = []
    for _ in range(repeat + 1):
        started = time.perf_counter()
        answer = view(client)
        times.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, (name, answer.status_code)
    with CaptureQueriesContext(connection) as captured:
        view(client)
    statements = (query["sql"] for query in captured.captured_queries)
    reads = [sql for sql in statements if sql.lstrip("( ").upper().startswith("SELECT")]
    # The first pays for a cold cache, and is told apart.
    first, *times = times
    times.sort()
    p95 = times[min(len(times) - 1, round(0.95 * (len(times) - 1)))]
    return Measured(name, len(reads), first, statistics.median(times), p95, _scans(connection, reads))


def _scans(connection, reads: list[str]) -> str:
    """The fact tables that a plan of these statements reads from end to end."""
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    found = set()
    with connection.cursor() as cursor:
        for sql in reads:
            if not any(table in sql for table in FACTS):
                continue
            cursor.execute(f"{explain} {sql}")
            plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
            # SQLite calls a walk along the row ids, which LIMIT ends, a scan too; sorting shows that it is none.
            walk = "LIMIT" in sql and "TEMP B-TREE" not in plan
            for table in FACTS:
                if f"Seq Scan on {table}" in plan or (f"SCAN {table}\n" in plan + "\n" and not walk):
                    found.add(table)
    return ", ".join(sorted(found)) or "-"


def _print_table(connection, measured: list[Measured]) -> None:
    print(f"{connection.vendor}; milliseconds in one process, without a browser\n")
    print(f"{'view':40} {'queries':>7} {'first':>8} {'median':>8} {'p95':>8}  full scans")
    for one in measured:
        print(f"{one.name:40} {one.queries:7} {one.first:8.1f} {one.median:8.1f} {one.p95:8.1f}  {one.scans}")
    print(f"\nslowest p95 {max(one.p95 for one in measured):.0f} ms, ", end="")
    print(f"median of the medians {statistics.median(one.median for one in measured):.0f} ms, ", end="")
    print(f"slowest first opening {max(one.first for one in measured):.0f} ms")


if __name__ == "__main__":
    main()

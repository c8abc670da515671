"""How long reads of crowds take beside a small and a large log, and how long counting takes.

    DATABASE_URL=postgres://postgres@127.0.0.1:5432/postgres python -m benchmarks.counts --rows 200000 10000000

For each size a database of its own is made beside the one that DATABASE_URL names, filled, counted, read, and dropped.
Reads go in turns, small, large, large, small, each by a process of its own, so that whatever else the machine does
meets both alike. Of each read: the clock; processor time of the process and of its PostgreSQL; and the same evened, as
if the machine had always been as quick as at its quickest. The ratio of the 95th percentiles comes with the 95 %
interval of a bootstrap over the turns.
"""

import argparse
import multiprocessing
import os
import statistics
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medsim_tracking.settings")

PATTERNS, ENGAGEMENT = "/api/interaction-tracking/global-patterns", "/api/analytics/engagement"
ASKED = (("30d", ""), ("90d", ""), ("365d", ""), ("90d", "specialty=specialty 3"))
WARM_UP, DRAWS, MOST = 10, 2_000, 1.3


def main() -> None:
    arguments = _arguments()
    workers, measured = [], []
    for rows in arguments.rows:
        worker = _Worker(rows, arguments)
        # One after the other: filling and counting have the machine to themselves.
        measured.append(worker.told())
        workers.append(worker)
    _print_counting(arguments.rows, measured)
    if arguments.repeat:
        _print_reads(arguments.rows, workers, arguments.repeat, arguments.only)
    for worker in workers:
        worker.end()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.counts", description=__doc__.split("\n")[0])
    parser.add_argument(
        "--rows", type=int, nargs="+", default=[20_000, 200_000], help="sizes of the log (default: %(default)s)"
    )
    parser.add_argument("--repeat", type=int, default=300, help="how often each is read (default: %(default)s)")
    parser.add_argument(
        "--name", default="medsim_counts_benchmark", help="the databases to make (default: %(default)s)"
    )
    parser.add_argument("--keep", action="store_true", help="leave the databases, and use them when they are there")
    parser.add_argument("--no-counting", action="store_true", help="only read")
    parser.add_argument("--only", default="", help="read only those whose name holds this, such as engagement")
    return parser.parse_args()


class _Worker:
    """A process with a database of its own, which reads when it is told to."""

    def __init__(self, rows: int, arguments: argparse.Namespace):
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(there, rows, arguments))
        self._process.start()
        there.close()

    def told(self):
        """What it says next. Raises EOFError where it ended."""
        return self._here.recv()

    def read(self, number: int) -> tuple[float, ...]:
        """Milliseconds of one read: by the clock, of the process, of PostgreSQL (0: not known), of a small sum."""
        self._here.send(number)
        return self.told()

    def end(self) -> None:
        self._here.send(None)
        self._process.join()


def _serve(parent: Connection, rows: int, arguments: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment
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
        parent.send({} if arguments.no_counting else _counting(connection))
        _read_as_told(parent, connection)
    finally:
        connection.creation.destroy_test_db(before, verbosity=0, keepdb=arguments.keep)


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


def _names() -> list[str]:
    """Of every read, in the order in which both processes number them."""
    return [
        f"{name}, {range_}{', a specialty' if extra else ''}, {role}"
        for name in ("patterns", "engagement")
        for role in ("admin", "educator")
        for range_, extra in ASKED
    ]


def _read_as_told(parent: Connection, connection) -> None:
    """Each read goes through the view and its JSON, with the account's token."""
    from django.test import Client
    from rest_framework_simplejwt.tokens import AccessToken

    from accounts.models import Cohort, User
    from benchmarks.pages.timing import Backend, pace

    admin, _ = User.objects.get_or_create(username="benchmark-admin", defaults={"role": User.Role.ADMIN})
    educator, _ = User.objects.get_or_create(username="benchmark-educator", defaults={"role": User.Role.EDUCATOR})
    Cohort.objects.get(slug="sixty").educators.add(educator)
    reads = [
        (Client(headers={"Authorization": f"Bearer {AccessToken.for_user(who)}"}), f"{url}?timeRange={range_}&{extra}")
        for url in (PATTERNS, ENGAGEMENT)
        for who in (admin, educator)
        for range_, extra in ASKED
    ]
    backend = Backend(connection) if connection.vendor == "postgresql" else None

    def spent() -> float:
        return backend.spent() if backend else 0.0

    while (number := parent.recv()) is not None:
        client, address = reads[number]
        before = pace()
        theirs, mine, wall = spent(), time.process_time(), time.perf_counter()
        answer = client.get(address)
        took = time.perf_counter() - wall, time.process_time() - mine, spent() - theirs
        assert answer.status_code == 200, answer.content
        parent.send((*(1000 * seconds for seconds in took), (before + pace()) / 2))


def _in_turns(workers: list[_Worker], number: int, repeat: int) -> np.ndarray:
    """(workers, repeat, 4) as _Worker.read tells; the first ones pay for cold caches and are left out."""
    told = np.zeros((len(workers), repeat + WARM_UP, 4))
    for turn in range(repeat + WARM_UP):
        for place in range(len(workers))[:: 1 if turn % 2 else -1]:
            told[place, turn] = workers[place].read(number)
    return told[:, WARM_UP:]


def _seconds(work: Callable) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _print_counting(sizes: list[int], measured: list[dict[str, float]]) -> None:
    print(f"{'':36}" + "".join(f"{size:>14,}" for size in sizes) + f"{'ratio':>8}")
    for name in dict.fromkeys(name for one in measured for name in one):
        values = [one.get(name) for one in measured]
        shown = "".join(f"{'-' if value is None else format(value, ',.3f'):>14}" for value in values)
        ratio = f"{values[-1] / values[0]:8.2f}" if all(values) and len(values) > 1 else ""
        print(f"{name:36}{shown}{ratio}", flush=True)


def _print_reads(sizes: list[int], workers: list[_Worker], repeat: int, only: str) -> None:
    """p95 of the smallest and of the largest log, and their ratio, by clock, processor, and evened."""
    kinds = ("by the clock", "processor", "evened")
    print(f"\np95 of {repeat} reads in ms: {sizes[0]:,} rows, {sizes[-1]:,} rows, ratio (95 % interval)")
    print(f"{'':38}" + "".join(f"{kind:>36}" for kind in kinds))
    over: list[str] = []
    for number, name in enumerate(_names()):
        if only not in name:
            continue
        told = _in_turns(workers, number, repeat)[[0, -1]]
        clock, spent, paces = told[..., 0], told[..., 1] + told[..., 2], told[..., 3]
        shown = ""
        for kind, took in zip(kinds, (clock, spent, spent * paces.min() / paces), strict=True):
            small, large = np.quantile(took, 0.95, axis=1)
            low, high = _ratio_interval(took)
            shown += f"{small:>10.1f}{large:>8.1f}{large / small:>7.2f} ({low:.2f}-{high:.2f})".rjust(36)
            if large / small > MOST:
                over.append(f"{name} {kind} {large / small:.2f}")
        print(f"{name:38}{shown}", flush=True)
    print(f"\nOver {MOST}: " + "; ".join(over) if over else f"\nEvery p95 grows by at most {MOST}.")


def _ratio_interval(took: np.ndarray) -> tuple[float, float]:
    """95 % interval of the ratio of the p95s of (2, n) times: turns are drawn, with the reads of both."""
    rng = np.random.default_rng(0)
    drawn = rng.integers(0, took.shape[1], (DRAWS, took.shape[1]))
    small, large = (np.quantile(of[drawn], 0.95, axis=1) for of in took)
    return tuple(np.quantile(large / small, [0.025, 0.975]))


if __name__ == "__main__":
    main()

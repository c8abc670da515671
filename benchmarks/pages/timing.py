"""One page read many times through the whole of Django: by the clock, by processor time, queries, bytes."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

WARM_UP = 3


@dataclass(frozen=True)
class Read:
    """Milliseconds of each read by the clock, of the server's processor, and of the database's; what it weighs.

    database  None: the database stands on another machine
    paces     what the same small sum took just before and after each read: longer where others use the machine
    """

    walls: list[float]
    own: list[float]
    database: list[float] | None
    paces: list[float]
    queries: int
    size: int

    @property
    def processor(self) -> list[float]:
        """Both processes together: what the page takes on a machine that has nothing else to do."""
        return [sum(both) for both in zip(self.own, self.database, strict=True)] if self.database else self.own

    def evened(self, best: float) -> list[float]:
        """Processor time as if the machine had been as quick at each read as it was at its quickest."""
        return [spent * best / pace for spent, pace in zip(self.processor, self.paces, strict=True)]


def read(client, addresses: Sequence[str], times: int) -> Read:
    """Read addresses in turn, each answer checked. A page's worker is warm, as in use; a learner's data need not be."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def get(number: int):
        answer = client.get(addresses[number % len(addresses)], HTTP_HOST="localhost")
        if answer.status_code != 200:
            raise SystemExit(f"{addresses[number % len(addresses)]}: {answer.status_code}")
        return answer

    for number in range(WARM_UP):
        get(number)
    with CaptureQueriesContext(connection) as captured:
        get(0)
    queries = len(captured)
    backend = Backend(connection)
    walls, own, database, sizes, paces = [], [], [], [], [pace()]
    for number in range(times):
        theirs, mine, wall = backend.spent(), time.process_time(), time.perf_counter()
        answer = get(number)
        walls.append(1000 * (time.perf_counter() - wall))
        own.append(1000 * (time.process_time() - mine))
        database.append(1000 * (backend.spent() - theirs))
        sizes.append(len(answer.content))
        paces.append(pace())
    around = [(before + after) / 2 for before, after in pairwise(paces)]
    return Read(walls, own, database if backend.is_known else None, around, queries, max(sizes))


def pace() -> float:
    """Processor milliseconds of a small sum."""
    began = time.process_time()
    sum(number for number in range(50_000))
    return 1000 * (time.process_time() - began)


class Backend:
    """The process of PostgreSQL behind our connection, where it runs on this machine."""

    def __init__(self, connection):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self._told = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
        self.is_known = self._told.exists()

    def spent(self) -> float:
        """Seconds of processor time so far, to the nanosecond; what helps it in parallel is not among them."""
        return int(self._told.read_text().split()[0]) / 1e9 if self.is_known else 0.0


def middle(values: list[float]) -> float:
    return statistics.median(values)


def slow(values: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20)[-1]

"""The limit: rows that are stored already, encoded beforehand, into a table of the same shape by binary COPY."""

import queue
import threading
import time

import psycopg

from benchmarks.ingest.costs import Cost
from benchmarks.ingest.processes import Backends

TABLE = "interactions_userinteractiontrackingmodel"


class RawCopy:
    """Tables beside the product's with its columns, indexes, checks and its question whether the learners exist, as
    large as it has grown."""

    def __init__(self, url: str):
        self._url = url
        self._backends = Backends(url)
        self._connection = psycopg.connect(url, autocommit=True)
        self._tables: dict[int, str] = {}

    def measure(self, bulks: int, size: int, connections: int) -> Cost:
        """Copy the `bulks * size` rows that were stored last, `size` a transaction."""
        table = self._tables.get(connections) or self._make(connections)
        batches = self._last_stored(bulks, size)
        opened = [psycopg.connect(self._url) for _ in range(connections)]
        waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        for batch in batches:
            waiting.put(batch)
        before = self._backends.times()
        cpu, began = time.process_time(), time.perf_counter()
        threads = [threading.Thread(target=_copy, args=(each, table, waiting)) for each in opened]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        cost = Cost(bulks * size, seconds, app=cpu, database=self._backends.since(before))
        for each in opened:
            each.close()
        if not waiting.empty():
            raise SystemExit("COPY failed.")
        return cost

    def close(self) -> None:
        for table in self._tables.values():
            self._connection.execute(f"DROP TABLE {table}")
        self._connection.close()

    def _make(self, connections: int) -> str:
        table = self._tables[connections] = f"copied_{connections}"
        run = self._connection.execute
        run(f"DROP TABLE IF EXISTS {table}")
        run(f"CREATE TABLE {table} (LIKE {TABLE} INCLUDING ALL)")
        asking = f"tgrelid = '{TABLE}'::regclass AND NOT tgisinternal"
        triggers = run(f"SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE {asking}").fetchall()
        for (trigger,) in triggers:
            run(trigger.replace(f"ON public.{TABLE}", f"ON {table}"))
        return table

    def _last_stored(self, bulks: int, size: int) -> list[bytes]:
        """In the batches in which they came."""
        batches = []
        last = f"(SELECT * FROM {TABLE} ORDER BY id DESC LIMIT {bulks * size})"
        for start in range(0, bulks * size, size):
            chosen = f"SELECT * FROM {last} AS last ORDER BY received_at, id LIMIT {size} OFFSET {start}"
            with self._connection.cursor().copy(f"COPY ({chosen}) TO STDOUT (FORMAT BINARY)") as out:
                batches.append(b"".join(bytes(part) for part in out))
        return batches


def _copy(connection: psycopg.Connection, table: str, waiting: queue.SimpleQueue) -> None:
    while True:
        try:
            batch = waiting.get_nowait()
        except queue.Empty:
            return
        with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(batch)
        connection.commit()

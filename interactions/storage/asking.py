"""Several questions in one message to the database, where it takes them so.

A message and its answer cost more than most of what the writer asks: in PostgreSQL the questions of one batch go
out together (libpq's pipeline mode) and are answered together.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

Answer = Callable[[], list[tuple]]


@contextmanager
def in_one_message() -> Iterator[None]:
    """What is asked inside is answered by its end; only then may the answers be read."""
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def ask(sql: str, parameters: Sequence[Any]) -> Answer:
    """Send a statement; its rows are what the answer returns when it is called."""
    cursor = connection.cursor()
    cursor.execute(sql, parameters)
    if connection.vendor != "postgresql":
        # SQLite answers at once, and a statement left half read would hold its lock.
        with cursor:
            rows = cursor.fetchall()
        return lambda: rows

    def answer() -> list[tuple]:
        with cursor:
            return cursor.fetchall()

    return answer

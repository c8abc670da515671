"""Trouble that passes by itself: a deadlock, a serialization failure, a locked SQLite. Trying again is all it needs."""

import sqlite3
from collections.abc import Callable
from random import uniform
from time import monotonic, sleep
from typing import TypeVar

from django.db import OperationalError, connection

RETRIES = 3
# Of the pause before the first retry; it doubles with each. Drawn at random, so that two that met do not meet again.
LONGEST_FIRST_PAUSE = 0.05
# SQLite reports a lock after having waited for it, 20 seconds by the settings: a client is not kept for four of those.
GIVES_UP_AFTER_SECONDS = 5
_SERIALIZATION_FAILURE, _DEADLOCK = "40001", "40P01"
_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

Answer = TypeVar("Answer")


def retried(write: Callable[[], Answer]) -> Answer:
    """What `write` returns, after up to three retries where trouble passes; else its last error.

    `write` opens a transaction and can be run again as if it had never been. Inside somebody else's
    transaction nothing is retried: what failed there has spoilt what came before it, too.
    """
    first, started = (RETRIES if connection.in_atomic_block else 0), monotonic()
    for retry in range(first, RETRIES):
        try:
            return write()
        except OperationalError as error:
            if not passes(error) or monotonic() - started > GIVES_UP_AFTER_SECONDS:
                raise
        sleep(uniform(0, LONGEST_FIRST_PAUSE * 2**retry))
    return write()


def passes(error: OperationalError) -> bool:
    """Whether the same transaction may go through when it is run again at once."""
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        # The low byte is the kind; extended codes say more in the others.
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _LOCKED
    return getattr(cause, "sqlstate", None) in (_SERIALIZATION_FAILURE, _DEADLOCK)

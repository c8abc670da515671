"""Large batches are worked out by one thread at a time; whoever has little to do passes by.

Python hands its lock on every few milliseconds, to anybody. Where several threads work out large batches, one that
comes back from the database to send its next statement waits for all of them, and the database has nothing to do
meanwhile. Standing in line here, off that lock, they leave it one to wait for. Nobody asks the database in his turn.
"""

from contextlib import AbstractContextManager, nullcontext
from threading import Lock

# Interactions, and bytes of a body: less is done before Python's lock would be handed on.
MUCH, LONG = 100, 40_000
_turn = Lock()


def turn_to_read(body: bytes) -> AbstractContextManager:
    """Entered to read what was sent."""
    return _turn if len(body) >= LONG else nullcontext()


def turn_to_work_out(interactions: int) -> AbstractContextManager:
    """Entered to work out what becomes of so many interactions."""
    return _turn if interactions >= MUCH else nullcontext()

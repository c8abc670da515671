"""Windows in one process's memory: for one worker, and for each one while the common store is down."""

import threading

from accounts.limits import window
from accounts.limits.window import Entries

# So many windows, and those in which nothing counts any longer are swept out.
SWEEP_EVERY = 1000


class MemoryStore:
    """Windows of this process alone."""

    errors = ()

    def __init__(self):
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[int, Entries]] = {}

    def spend(self, key: str, cost: int, limit: int, period: int, now: int) -> tuple[bool, Entries]:
        with self._lock:
            if len(self._windows) >= SWEEP_EVERY:
                self._windows = {name: kept for name, kept in self._windows.items() if kept[0] > now}
            before = self._windows.get(key, (0, []))[1]
            after = window.spend(before, cost, limit, period, now)
            if after is None:
                return False, before
            self._windows[key] = (now + period, after)
            return True, after

    def forget(self, key: str) -> None:
        with self._lock:
            self._windows.pop(key, None)

    def clear(self) -> None:
        with self._lock:
            self._windows.clear()

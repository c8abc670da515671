"""Where windows are kept: in a file beside the database, in PostgreSQL, in Redis, or in one process's memory.

All decide alike, and all but the last for all processes together. `spend` returns the window as it stands after
the decision, and whether the cost was let in; `errors` are what a store raises while it cannot be reached.
"""

from typing import Protocol

from accounts.limits.stores import redis
from accounts.limits.stores.database import DatabaseStore
from accounts.limits.stores.file import FileStore
from accounts.limits.stores.memory import MemoryStore
from accounts.limits.stores.redis import RedisStore
from accounts.limits.window import Entries

__all__ = ["DatabaseStore", "FileStore", "MemoryStore", "RedisStore", "Store", "store_named"]


class Store(Protocol):
    errors: tuple[type[Exception], ...]

    def spend(self, key: str, cost: int, limit: int, period: int, now: int) -> tuple[bool, Entries]: ...

    def forget(self, key: str) -> None: ...

    def clear(self) -> None: ...


def store_named(name: str) -> Store:
    """`memory`, `database`, `file:` and a path, or an address of Redis. Raises ValueError for anything else."""
    kind, _, rest = name.partition(":")
    if kind == "file" and rest:
        return FileStore(rest)
    if kind in redis.SCHEMES and rest:
        return RedisStore(name)
    if name == "memory":
        return MemoryStore()
    if name == "database":
        return DatabaseStore()
    raise ValueError(f"{name!r} is no store: memory, database, file:/a/path, or redis://host:6379/0.")

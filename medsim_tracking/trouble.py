"""Storage trouble: the database is down, locked or full. Nothing was stored, and trying again later helps."""

import sqlite3

from django.db import InterfaceError, OperationalError

UNAVAILABLE, FULL = "storage_unavailable", "storage_full"
RETRY_AFTER_SECONDS = {UNAVAILABLE: 5, FULL: 60}
DETAIL = {
    UNAVAILABLE: "The storage cannot be reached right now; nothing was stored. Send the same again later.",
    FULL: "The storage is full; nothing was stored. Send the same again later.",
}
_DISK_FULL_STATE = "53100"


def storage_trouble(error: BaseException) -> str | None:
    """The code of a storage trouble, or None for every other error."""
    if not isinstance(error, OperationalError | InterfaceError):
        return None
    cause = error.__cause__
    full_in_sqlite = (
        isinstance(cause, sqlite3.Error) and getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    )
    return FULL if full_in_sqlite or getattr(cause, "sqlstate", None) == _DISK_FULL_STATE else UNAVAILABLE

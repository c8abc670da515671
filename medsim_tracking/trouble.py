"""Storage trouble: the database is down, locked, full or too slow. Nothing was stored, and trying again later helps."""

import sqlite3

from django.db import InterfaceError, OperationalError

UNAVAILABLE, FULL, SLOW = "storage_unavailable", "storage_full", "query_timeout"
RETRY_AFTER_SECONDS = {UNAVAILABLE: 5, FULL: 60, SLOW: 30}
DETAIL = {
    UNAVAILABLE: "The storage cannot be reached right now; nothing was stored. Send the same again later.",
    FULL: "The storage is full; nothing was stored. Send the same again later.",
    SLOW: "This takes too long to answer right now. Ask about a shorter time, or come again later.",
}
_DISK_FULL_STATE, _CANCELLED_STATE = "53100", "57014"


def storage_trouble(error: BaseException, method: str) -> str | None:
    """The code of a storage trouble met by a request of this method, or None for every other error."""
    if not isinstance(error, OperationalError | InterfaceError):
        return None
    cause = error.__cause__
    full_in_sqlite = (
        isinstance(cause, sqlite3.Error) and getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    )
    if method in ("GET", "HEAD") and getattr(cause, "sqlstate", None) == _CANCELLED_STATE:
        return SLOW
    return FULL if full_in_sqlite or getattr(cause, "sqlstate", None) == _DISK_FULL_STATE else UNAVAILABLE

"""How often pages are read: by week and page, without who, when, or which cohort or learner it was about.

Views are added up in the process and written once a minute, with a view; all others wait for nothing. A process that
ends loses what it did not write yet.
"""

import logging
from collections import Counter
from datetime import date, timedelta
from threading import Lock
from time import monotonic

from django.db import DatabaseError, connection

from analytics.models import PageViews

logger = logging.getLogger(__name__)

WRITTEN_EVERY_SECONDS = 60
_ADD = """
    INSERT INTO {table} (week, page, views) VALUES {rows}
    ON CONFLICT (week, page) DO UPDATE SET views = {table}.views + excluded.views
"""

_lock = Lock()
_seen: Counter[tuple[date, str]] = Counter()
_since: float | None = None


def note_view(page: str, day: date) -> None:
    """One page was read on a day."""
    global _since
    now = monotonic()
    with _lock:
        _seen[day - timedelta(days=day.weekday()), page] += 1
        _since = now if _since is None else _since
        is_due = now - _since >= WRITTEN_EVERY_SECONDS
    if is_due:
        keep_views()


def keep_views() -> None:
    """Write what this process has seen. A database that does not take it is no reason to refuse a page."""
    global _since
    with _lock:
        seen = dict(_seen)
        _seen.clear()
        _since = None
    if not seen:
        return
    # In the order of their keys, so that two processes never wait for each other.
    told = [part for (week, page), views in sorted(seen.items()) for part in (week, page, views)]
    statement = _ADD.format(table=PageViews._meta.db_table, rows=", ".join(["(%s, %s, %s)"] * len(seen)))
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, told)
    except DatabaseError:
        logger.warning("Views of pages could not be written.", exc_info=True)
        with _lock:
            _seen.update(seen)
            _since = monotonic()


def forget_views() -> None:
    """What this process has seen and not written."""
    global _since
    with _lock:
        _seen.clear()
        _since = None

"""Days and moments in a table: read as people tell them, exported as ISO 8601 (`2026-11-05`, with zone where timed)."""

from collections.abc import Callable
from datetime import date, datetime

from django.utils import timezone

from analytics.charts import Figure
from analytics.dates import exact, short_day, span


def moment_cell(value: datetime | None, told: Callable[[datetime], str] = exact, without: str = "") -> Figure:
    """A moment to the second in the viewer's zone. without: what stands where there is none."""
    if value is None:
        return Figure(None, without)
    return Figure(timezone.localtime(value).isoformat(timespec="seconds"), told(value))


def day_cell(value: date, told: Callable[[date], str] = short_day) -> Figure:
    return Figure(value.isoformat(), told(value))


def span_cell(first: date, last: date, words: str = "") -> Figure:
    """Days from `first` through `last` as an interval, `2026-11-02/2026-11-08`; one day as that day."""
    told = first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"
    return Figure(told, words or span(first, last))

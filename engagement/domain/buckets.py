"""Cutting a span of time into hours, days, weeks or months of a zone, without gap or overlap."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

GRANULARITIES = ("hour", "day", "week", "month")


def first_day_of(day: date, granularity: str) -> date:
    """The first day of the week (Monday) or month that holds `day`; for a day, itself."""
    if granularity == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if granularity == "month" else day


def day_starts(first: date, last: date, granularity: str) -> Iterator[date]:
    """The first days of all days, weeks or months that touch `first` to `last`, both included."""
    start = first_day_of(first, granularity)
    while start <= last:
        yield start
        if granularity == "month":
            start = (start.replace(day=28) + timedelta(days=4)).replace(day=1)
        else:
            start += timedelta(days=7 if granularity == "week" else 1)


def hour_starts(first: date, end: datetime, zone: tzinfo) -> list[datetime]:
    """The starts (UTC) of the hours from midnight of `first` in `zone` until `end`.

    Hours are counted in elapsed time, so a day on which the clock changes has 23 or 25 of them.
    """
    start = datetime.combine(first, time.min, zone).astimezone(UTC)
    hours = -(-(end - start) // timedelta(hours=1))
    return [start + timedelta(hours=hour) for hour in range(max(0, hours))]

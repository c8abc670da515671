"""Days and moments as text, for the pages: made in engagement.words.dates, where the API's sentences need them too."""

from engagement.words.dates import (
    RELATIVE_FOR,
    ago,
    calendar_day,
    clock,
    clock_seconds,
    complete_through,
    day,
    exact,
    exact_second,
    full_day,
    long_date,
    minute,
    printed,
    short_day,
    span,
    weekday_and_day,
)

__all__ = [
    "RELATIVE_FOR",
    "ago",
    "calendar_day",
    "clock",
    "clock_seconds",
    "complete_through",
    "day",
    "exact",
    "exact_second",
    "full_day",
    "long_date",
    "minute",
    "printed",
    "short_day",
    "span",
    "weekday_and_day",
]

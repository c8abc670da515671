"""A moment as it stands on a page: in words, with the exact time behind it."""

from datetime import datetime
from html import escape

from django.utils.safestring import SafeString, mark_safe

from analytics import dates


def moment(value: datetime, now: datetime, focus: bool = False) -> SafeString:
    """A time as words: relative up to a week, with the exact time and its zone behind it.

    focus: reached by the Tab key, which then shows the exact time; for a time that stands by itself.
    """
    reached = ' tabindex="0"' if focus else ""
    exact, ago = escape(dates.exact(value)), escape(dates.ago(value, now))
    return mark_safe(f'<time datetime="{value.isoformat()}" title="{exact}"{reached}>{ago}</time>')


def clock_time(value: datetime, pattern: str = "minute") -> SafeString:
    """A time as the clock tells it (a function of analytics.dates), with day, seconds and zone behind it."""
    exact, told = escape(dates.exact_second(value)), escape(getattr(dates, pattern)(value))
    return mark_safe(f'<time datetime="{value.isoformat()}" title="{exact}">{told}</time>')

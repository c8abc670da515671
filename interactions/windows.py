"""The span of time a reader asks about: `timeRange`, or `from` and `to`. One reading for API and pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from accounts.calendar import day_start, local_day
from interactions.domain.fields import FIRST_YEAR, LAST_YEAR, FieldError, read_time

RANGES = {"7d": 7, "30d": 30, "90d": 90, "365d": 365}
ALL = "all"
DEFAULT_RANGE = "30d"
WINDOW_QUERY = ("timeRange", "from", "to")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time, aware.

    start    None: from the first interaction on
    end      exclusive; where `running`, the moment of asking
    running  the window ends now, and takes in all of today: a client's clock may run minutes ahead of ours
    name     30d, all, …; "" for from/to
    """

    start: datetime | None
    end: datetime
    running: bool = False
    name: str = ""

    @property
    def last_day(self) -> date:
        """The institution's day on which the window's last moment lies."""
        return local_day(self.end if self.running else self.end - timedelta(microseconds=1))

    @property
    def first_day(self) -> date | None:
        return None if self.start is None else local_day(self.start)

    @property
    def until(self) -> datetime:
        """The end of reading, exclusive."""
        return day_start(self.last_day + timedelta(days=1)) if self.running else self.end

    @property
    def previous(self) -> "Window | None":
        """The window of as many days just before; None before an open start."""
        if self.start is None:
            return None
        days = (self.last_day - self.first_day).days + 1
        return Window(day_start(self.first_day - timedelta(days=days)), self.start)

    def in_whole_days(self) -> "Window":
        """The same window, with the institution's days it cuts taken in whole: sums are kept by the day."""
        if self.start is None:
            return self
        if self.running:
            return replace(self, start=day_start(self.first_day))
        return Window(day_start(self.first_day), day_start(self.last_day + timedelta(days=1)))


class WindowFault(ValueError):
    """The window cannot be read; `errors` point at the parameters."""

    def __init__(self, *errors: FieldError):
        super().__init__(errors[0].detail)
        self.errors = list(errors)


def read_window(query: Mapping[str, str], now: datetime, default: str = DEFAULT_RANGE) -> Window:
    """The window of a query string. Raises WindowFault.

    A named range ends now and starts with an institution's day: 7d is today and the six days before.
    `from` and `to` are RFC 3339 times or plain days; a plain `to` day is included.
    """
    name, start, end = query.get("timeRange") or "", query.get("from") or "", query.get("to") or ""
    if name and (start or end):
        raise WindowFault(FieldError("/timeRange", "conflicting", "Give timeRange, or from and to, not both."))
    if not (start or end):
        return _named_window(name or default, now)
    if not start:
        raise WindowFault(FieldError("/from", "required", "to needs a from."))
    first = _moment(start, "/from", day_after=False)
    last = _moment(end, "/to", day_after=True) if end else now
    if first >= last:
        raise WindowFault(FieldError("/to", "end_before_start", "to lies before from."))
    return Window(first, last, running=not end)


def _named_window(name: str, now: datetime) -> Window:
    if name == ALL:
        return Window(None, now, running=True, name=name)
    if name not in RANGES:
        choices = ", ".join((*RANGES, ALL))
        raise WindowFault(FieldError("/timeRange", "unknown_range", f"timeRange is one of {choices}."))
    return Window(day_start(local_day(now) - timedelta(days=RANGES[name] - 1)), now, running=True, name=name)


def _moment(text: str, pointer: str, *, day_after: bool) -> datetime:
    try:
        if _DAY.fullmatch(text):
            moment = day_start(date.fromisoformat(text) + timedelta(days=day_after)).astimezone(UTC)
        else:
            # In a query string an unescaped plus sign reads as a blank.
            moment = read_time(re.sub(r"(?<=\d) (?=\d\d:\d\d$)", "+", text))
    except (ValueError, OverflowError):
        detail = "This is no time such as 2026-01-31T09:30:00Z, nor a day such as 2026-01-31."
        raise WindowFault(FieldError(pointer, "invalid_time", detail)) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        detail = f"Times lie between the years {FIRST_YEAR} and {LAST_YEAR}."
        raise WindowFault(FieldError(pointer, "out_of_range", detail))
    return moment

"""Drilling down by date without reading the rows: an index probe per year, month or day on offer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.admin.options import IncorrectLookupParameters
from django.db import models
from django.utils import formats

from accounts.calendar import day_start, local_day
from accounts.models import User
from interactions.admin.probes import ask

FIRST_YEAR, LAST_YEAR = 1900, 2999
# A log with a stray date of long ago shows its latest years and the stray one.
MOST_YEARS = 30


@dataclass(frozen=True)
class Period:
    """All time, a year, a month or a day, in the institution's calendar."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @classmethod
    def read(cls, year: str | None, month: str | None, day: str | None) -> "Period":
        """From a query string. A month counts only within a year, a day only within a month."""
        if year is None:
            return cls()
        try:
            period = cls(int(year), month and int(month), month and day and int(day))
            if not FIRST_YEAR <= period.year <= LAST_YEAR:
                raise ValueError(f"The year {period.year} is not one of ours.")
            date(period.year, period.month or 1, period.day or 1)
        except ValueError as error:
            raise IncorrectLookupParameters(error) from error
        return period

    def bounds(self) -> tuple[datetime, datetime] | None:
        """`[start, end)`, None for all time."""
        if self.year is None:
            return None
        start = date(self.year, self.month or 1, self.day or 1)
        if self.day:
            end = start + timedelta(days=1)
        elif self.month:
            end = (start + timedelta(days=31)).replace(day=1)
        else:
            end = start.replace(year=self.year + 1)
        return day_start(start), day_start(end)

    def parts(self) -> list["Period"]:
        """The months of a year, or the days of a month."""
        if self.month is None:
            return [Period(self.year, month) for month in range(1, 13)]
        after = (date(self.year, self.month, 1) + timedelta(days=31)).replace(day=1)
        return [Period(self.year, self.month, day + 1) for day in range((after - timedelta(days=1)).day)]

    def whole(self) -> "Period":
        """What this is a part of."""
        return Period(self.year, self.month) if self.day else Period(self.year) if self.month else Period()

    @property
    def title(self) -> str:
        if self.day:
            return formats.date_format(date(self.year, self.month, self.day), "MONTH_DAY_FORMAT")
        if self.month:
            return formats.date_format(date(self.year, self.month, 1), "YEAR_MONTH_FORMAT")
        return str(self.year) if self.year else "All dates"


def drill_down(viewer: User, rows: models.QuerySet, along: str, period: Period, link: Callable[[Period], str]) -> dict:
    """What admin/date_hierarchy.html shows: the way back and the parts of `period` that hold any of `rows`.

    rows  those of one walk (or all), so that every probe is one step down an index. 1 query.
    """
    if period.day:
        return {"show": True, "back": _entry(period.whole(), link), "choices": [{"title": period.title}]}
    if period.year is None:
        return _shown(None, _years(viewer, rows, along), link)
    parts = period.parts()
    # The first row of each, not EXISTS: for that a plan may prefer to read the table until it meets a row.
    firsts = ask(viewer, *(_within(rows, along, part).order_by(along).values(along)[:1] for part in parts))
    held = [part for part, first in zip(parts, firsts, strict=True) if first is not None]
    return _shown(period.whole(), held, link)


def _years(viewer: User, rows: models.QuerySet, along: str) -> list[Period]:
    """From the first year to the last, the empty ones between them too."""
    first, last = ask(viewer, *(rows.order_by(order).values(along)[:1] for order in (along, f"-{along}")))
    if first is None:
        return []
    first, last = (max(FIRST_YEAR, min(local_day(moment).year, LAST_YEAR)) for moment in (first, last))
    years = range(max(first, last - MOST_YEARS), last + 1)
    return [Period(year) for year in ([] if first in years else [first]) + list(years)]


def _within(rows: models.QuerySet, along: str, period: Period) -> models.QuerySet:
    start, end = period.bounds()
    return rows.filter(**{f"{along}__gte": start, f"{along}__lt": end})


def _shown(back: Period | None, choices: list[Period], link: Callable[[Period], str]) -> dict:
    return {
        "show": bool(back or choices),
        "back": back and _entry(back, link),
        "choices": [_entry(one, link) for one in choices],
    }


def _entry(period: Period, link: Callable[[Period], str]) -> dict:
    return {"link": link(period), "title": period.title}

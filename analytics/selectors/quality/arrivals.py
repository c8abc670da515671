"""What happened by day, and how far it can be trusted: late, clocks, times. From counts of everybody."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta

from analytics.domain.stats import ALL
from analytics.models import Count
from analytics.rollups.spans import week_of
from interactions.domain.clock import CLAMPED, CORRECTED
from interactions.windows import Window

# Longer periods are told by the week.
MOST_DAYS = 92
_READ = ("interactions", "late", "clocks", "untimed", "activeSeconds", "unknownSeconds")


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Interactions of some days.

    late             of them received a day or more after they happened, but less than a week; `late_week`: less than
                     thirty days; `late_month`: later still, as an import of history is
    corrected        clocks that were put right by what the client said when it sent
    clamped          clocks that lay ahead, and were set to the time of receipt
    untimed          that brought no time at all
    active_seconds   known to be active
    unknown_seconds  told by the clock alone: nobody knows whether anybody was there
    """

    interactions: int = 0
    late_day: int = 0
    late_week: int = 0
    late_month: int = 0
    corrected: int = 0
    clamped: int = 0
    untimed: int = 0
    active_seconds: int = 0
    unknown_seconds: int = 0

    @property
    def late(self) -> int:
        return self.late_day + self.late_week + self.late_month

    @property
    def in_time(self) -> int:
        return self.interactions - self.late

    @property
    def told_seconds(self) -> int:
        return self.active_seconds + self.unknown_seconds

    @classmethod
    def together(cls, several: Iterable["Arrivals"]) -> "Arrivals":
        several = list(several)
        return cls(**{field.name: sum(getattr(one, field.name) for one in several) for field in fields(cls)})


@dataclass(frozen=True, slots=True)
class Span:
    """One day or week, `first` to `last`, both included."""

    first: date
    last: date
    arrivals: Arrivals


@dataclass(frozen=True, slots=True)
class Period:
    """spans     oldest first, those without anything too
    total     of all spans
    previous  of as many days before; None where the period has no start
    """

    spans: tuple[Span, ...]
    by_week: bool
    total: Arrivals
    previous: Arrivals | None

    @property
    def first(self) -> date | None:
        return self.spans[0].first if self.spans else None

    @property
    def last(self) -> date | None:
        return self.spans[-1].last if self.spans else None


def arrivals_in(window: Window) -> Period:
    """The days of a window, or its weeks taken in whole where it is long (1 query)."""
    last, first = window.last_day, window.first_day
    by_week = first is None or (last - first).days + 1 > MOST_DAYS
    step = timedelta(days=7 if by_week else 1)
    last = week_of(last) if by_week else last
    first = week_of(first) if by_week and first else first
    length = None if first is None else last - first + step
    rows = Count.objects.filter(span=Count.Span.WEEK if by_week else Count.Span.DAY, by=ALL, start__lte=last)
    if first is not None:
        rows = rows.filter(start__gte=first - length)
    counted: dict[date, list[Arrivals]] = {}
    for start, *values in rows.values_list("start", *(f"values__{name}" for name in _READ)):
        counted.setdefault(start, []).append(_arrivals(*(value or {} for value in values)))
    first = first if first is not None else min(counted, default=None)
    spans = []
    while first is not None and first <= last:
        found = Arrivals.together(counted.pop(first, ()))
        spans.append(Span(first, min(first + step - timedelta(days=1), window.last_day), found))
        first += step
    before = None if length is None else Arrivals.together(one for several in counted.values() for one in several)
    return Period(tuple(spans), by_week, Arrivals.together(span.arrivals for span in spans), before)


def _arrivals(interactions, late, clocks, untimed, active, unknown) -> Arrivals:
    return Arrivals(
        interactions=sum(interactions.values()),
        late_day=late.get("day", 0),
        late_week=late.get("week", 0),
        late_month=late.get("month", 0),
        corrected=clocks.get(CORRECTED, 0),
        clamped=clocks.get(CLAMPED, 0),
        untimed=untimed.get("", 0),
        active_seconds=sum(active.values()),
        unknown_seconds=unknown.get("", 0),
    )

"""A histogram with markers: how values spread, and where a percentile or somebody's own value lies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import ClassVar

from django.utils.translation import gettext

from analytics.charts.chart import (
    MOST_STOPS,
    SMALLEST_GROUP,
    Chart,
    Figure,
    NoChart,
    Table,
    empty_chart,
    suppressed_chart,
)
from analytics.charts.scale import (
    HEIGHT,
    Tick,
    Tip,
    XLabel,
    nice_ceiling,
    percent,
    pixels,
    ticks,
    tip_at,
    y_of,
)
from analytics.numbers import number, share

MOST_BINS = 20
MARKER_LINE = 18


@dataclass(frozen=True, slots=True)
class Bin:
    """Values in `[low, high)`, all bins equally wide on their scale; the last one holds its upper end too."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Marker:
    """A value that is pointed out: "fastest tenth", "you"."""

    value: float
    words: str


@dataclass(frozen=True, slots=True)
class BinBar:
    x: str
    width: str
    y: str
    height: str
    words: str
    tip: Tip


@dataclass(frozen=True, slots=True)
class MarkerLine:
    """A marker's line, and its words at a height of their own above the plot."""

    x: str
    y: str
    anchor: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution(Chart):
    """head: pixels above the plot, room for the markers' words."""

    template: ClassVar[str] = "charts/distribution.html"

    height: int
    head: int
    bars: list[BinBar]
    markers: list[MarkerLine]
    ticks: list[Tick]
    labels: list[XLabel]

    @property
    def is_walkable(self) -> bool:
        return len(self.bars) <= MOST_STOPS


def bins_of(values: Sequence[float], most: int = MOST_BINS, unit: float = 1) -> list[Bin]:
    """Values of 0 or more in at most `most` bins from 0 on, of a round width in `unit`s: 60 for seconds in minutes."""
    if not values:
        return []
    top = max(values)
    width = unit * _round_width(top / most / unit) if top else unit
    count = max(1, floor(top / width) + (top % width > 0))
    found = [0] * count
    for value in values:
        found[min(count - 1, floor(value / width))] += 1
    return [Bin(position * width, (position + 1) * width, n) for position, n in enumerate(found)]


def _round_width(least: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50, … (or 0.1, 0.2, 0.5, …)."""
    unit = 10.0 ** floor(log10(least))
    width = next(step * unit for step in (1, 2, 5, 10) if step * unit >= least * (1 - 1e-9))
    return int(width) if width >= 1 else width


def distribution(
    *,
    key: str,
    title: str,
    words: str,
    note: str,
    heading: str,
    unit: str,
    bins: Sequence[Bin],
    markers: Sequence[Marker] = (),
    value_words: Callable[[float], str] = number,
    scale: Callable[[float], float] = float,
    people: int | None = None,
    through: str = "",
) -> Distribution | NoChart:
    """Bars that touch, on a zero line, and each marker's line where its value lies.

    heading      what is spread, as the table's first heading: "Active time"
    unit         what is counted: "Attempts"
    value_words  how a value is written, such as analytics.numbers.duration
    scale        on which the bins are equally wide, such as math.log2 where each doubling has as many
    people       how many learners stand behind it; fewer than ten show nothing. None: one learner's own
    """
    if people is not None and people < SMALLEST_GROUP:
        return suppressed_chart(key, title)
    total = sum(each.count for each in bins)
    if not total:
        return empty_chart(key, title)
    top = nice_ceiling(max(each.count for each in bins))
    slot = 100 / len(bins)
    names = [_span_words(each, value_words) for each in bins]
    told = [f"{name}: {number(each.count)} {unit}" for name, each in zip(names, bins, strict=True)]
    first, last = scale(bins[0].low), scale(bins[-1].high)
    edges = sorted({round(step * len(bins) / 3) for step in range(4)})
    return Distribution(
        key=key,
        title=title,
        through=through,
        words=" ".join([words, *(f"{marker.words}: {value_words(marker.value)}." for marker in markers)]).strip(),
        note=note,
        height=HEIGHT,
        head=MARKER_LINE * len(markers),
        bars=[
            BinBar(
                x=percent(position * slot),
                width=percent(slot),
                y=pixels(y_of(each.count, top)),
                height=pixels(HEIGHT - y_of(each.count, top)),
                words=told[position],
                tip=tip_at((position + 0.5) * slot / 100, told[position]),
            )
            for position, each in enumerate(bins)
        ],
        markers=[
            _marker_line(marker, position, len(markers), (scale(marker.value) - first) / (last - first), value_words)
            for position, marker in enumerate(sorted(markers, key=lambda marker: marker.value))
        ],
        ticks=ticks(top),
        labels=[
            XLabel(
                percent(edge * slot),
                "start" if edge == 0 else "end" if edge == len(bins) else "middle",
                value_words(bins[edge].low if edge < len(bins) else bins[-1].high),
            )
            for edge in edges
        ],
        table=Table(
            [heading, unit, gettext("Share")],
            [
                [
                    name,
                    Figure(each.count, number(each.count)),
                    Figure(round(100 * each.count / total, 2), share(each.count, total)),
                ]
                for name, each in zip(names, bins, strict=True)
            ],
            2,
        ),
    )


def _span_words(each: Bin, value_words: Callable[[float], str]) -> str:
    return gettext("%(low)s to %(high)s") % {"low": value_words(each.low), "high": value_words(each.high)}


def _marker_line(marker: Marker, position: int, count: int, at: float, value_words) -> MarkerLine:
    at = min(max(at, 0.0), 1.0)
    return MarkerLine(
        x=percent(100 * at),
        y=pixels(-MARKER_LINE * (count - position - 1) - 6),
        anchor="end" if at > 0.5 else "start",
        words=f"{marker.words}: {value_words(marker.value)}",
    )

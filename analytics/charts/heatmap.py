"""Weekday by hour: when a group works. A cell says its count by shade and by size."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, sqrt
from typing import ClassVar

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext

from analytics.charts.chart import Chart, Figure, Table
from analytics.charts.scale import XLabel, percent, pixels
from analytics.numbers import number

DAYS, HOURS = 7, 24
ROW, SHADES = 22, 4
# The least side of a filled cell, as a share of the largest: one interaction can still be seen.
LEAST_SIDE = 0.35
A_MONDAY = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class HeatCell:
    """shade: 0 (nothing) to SHADES; the rectangle is the larger the more there was."""

    shade: int
    x: str
    y: str
    width: str
    height: str
    words: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    label: str
    y: str
    cells: list[HeatCell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heatmap(Chart):
    """shades: from what count on a shade begins, for the key."""

    template: ClassVar[str] = "charts/heatmap.html"

    height: int
    rows: list[HeatRow]
    labels: list[XLabel]
    shades: list[tuple[int, str]]


def weekday_names(pattern: str = "l") -> list[str]:
    """Monday to Sunday in the reader's language; pattern `D` for short ones."""
    return [str(formatted(A_MONDAY + timedelta(days=day), pattern)) for day in range(DAYS)]


def heatmap(
    *, key: str, title: str, words: str, note: str, unit: str, counts: Mapping[tuple[int, int], int], through: str = ""
) -> Heatmap:
    """Counts by (weekday, hour): 0 is Monday, hours 0 to 23 by the zone that the note names.

    The hour that a clock passes twice in autumn adds to its one cell; the one it skips in spring adds nothing.
    """
    most = max(counts.values(), default=0)
    names, short = weekday_names(), weekday_names("D")
    grid = [[counts.get((day, hour), 0) for hour in range(HOURS)] for day in range(DAYS)]
    hours = [f"{hour:02d}:00" for hour in range(HOURS)]
    return Heatmap(
        key=key,
        title=title,
        words=words,
        note=note,
        through=through,
        height=DAYS * ROW,
        rows=[
            HeatRow(
                short[day],
                pixels((day + 0.5) * ROW),
                [_cell(day, hour, count, most, f"{names[day]}, {hours[hour]}", unit) for hour, count in enumerate(row)],
            )
            for day, row in enumerate(grid)
        ],
        labels=[XLabel(percent(100 * (hour + 0.5) / HOURS), "middle", hours[hour]) for hour in (0, 6, 12, 18)],
        shades=_key(most),
        table=Table(
            [gettext("Weekday"), *hours],
            [[names[day], *(Figure(count, number(count)) for count in row)] for day, row in enumerate(grid)],
            HOURS,
        ),
    )


def shade_of(count: int, most: int) -> int:
    """0 for nothing, else 1 to SHADES in equal steps of the largest count."""
    return 0 if not count else ceil(SHADES * count / most)


def _cell(day: int, hour: int, count: int, most: int, place: str, unit: str) -> HeatCell:
    side = 1 if not count else max(LEAST_SIDE, sqrt(count / most))
    width, height = 100 / HOURS * 0.92 * side, (ROW - 2) * side
    return HeatCell(
        shade=shade_of(count, most),
        x=percent((hour + 0.5) * 100 / HOURS - width / 2),
        y=pixels((day + 0.5) * ROW - height / 2),
        width=percent(width),
        height=pixels(height),
        words=f"{place}: {number(count)} {unit}",
    )


def _key(most: int) -> list[tuple[int, str]]:
    """(shade, `11 to 20`) for each shade that a count can have."""
    found, low = [], 1
    for shade in range(1, SHADES + 1):
        high = most * shade // SHADES
        if high >= low:
            told = number(low) if low == high else f"{number(low)}\N{EN DASH}{number(high)}"
            found.append((shade, told))
            low = high + 1
    return found

"""Stacked columns over time: how a whole and its parts changed, such as levels week by week."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.safestring import SafeString, mark_safe

from analytics.charts.chart import MOST_STOPS, Cell, Chart, Figure, KeyEntry, Table
from analytics.charts.scale import HEIGHT, Tick, Tip, XLabel, nice_ceiling, percent, pixels, ticks, tip_at, x_labels
from analytics.charts.scale import y_of as _y_of
from analytics.numbers import number

COLUMN_SHARE = 0.8
# The kind of those with too little data.
HATCHED = "unmeasured"


@dataclass(frozen=True, slots=True)
class Layer:
    """A part of one column."""

    kind: str
    y: str
    height: str

    def drawn(self, x: str, width: str) -> str:
        fill = 'fill="url(#hatch)" ' if self.kind == HATCHED else ""
        return f'<rect class="mark-{self.kind}" {fill}x="{x}" y="{self.y}" width="{width}" height="{self.height}"/>'


@dataclass(frozen=True, slots=True)
class Column:
    """One column, its parts from the bottom up; what it says when pointed at."""

    x: str
    width: str
    slot_x: str
    slot_width: str
    layers: list[Layer]
    words: str
    tip: Tip

    @property
    def drawn(self) -> SafeString:
        """The layers as SVG: a year has three hundred of them, which take a template long."""
        return mark_safe("".join([layer.drawn(self.x, self.width) for layer in self.layers]))


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChart(Chart):
    """Columns in order of time; the key in the order of the layers, the uppermost first."""

    template: ClassVar[str] = "charts/columns.html"

    height: int
    columns: list[Column]
    entries: list[KeyEntry]
    ticks: list[Tick]
    labels: list[XLabel]

    @property
    def is_walkable(self) -> bool:
        return len(self.columns) <= MOST_STOPS


def column_chart(
    *,
    key: str,
    title: str,
    words: str,
    note: str,
    heading: str,
    kinds: Sequence[tuple[str, str]],
    columns: Sequence[tuple[Cell, Sequence[int]]],
    through: str = "",
) -> ColumnChart:
    """Stacked columns of whole numbers on a zero line.

    heading  what the columns are, as the table's first heading: "Week"
    kinds    (kind, words) of the layers from the bottom up
    columns  (label, a count for each kind)
    """
    top = nice_ceiling(max((sum(counts) for _, counts in columns), default=0))
    slot = 100 / max(1, len(columns))
    told = [
        f"{label}: " + ", ".join(f"{name} {number(n)}" for (_, name), n in zip(kinds, counts, strict=True))
        for label, counts in columns
    ]
    return ColumnChart(
        key=key,
        title=title,
        words=words,
        note=note,
        through=through,
        height=HEIGHT,
        columns=[
            Column(
                x=percent((position + (1 - COLUMN_SHARE) / 2) * slot),
                width=percent(COLUMN_SHARE * slot),
                slot_x=percent(position * slot),
                slot_width=percent(slot),
                layers=_layers([kind for kind, _ in kinds], counts, top),
                words=told[position],
                tip=tip_at((position + 0.5) * slot / 100, told[position]),
            )
            for position, (_, counts) in enumerate(columns)
        ],
        entries=[KeyEntry(kind, name) for kind, name in reversed(kinds)],
        ticks=ticks(top),
        labels=x_labels([label for label, _ in columns]),
        table=Table(
            [heading, *(name for _, name in kinds)],
            [[label, *(Figure(n, number(n)) for n in counts)] for label, counts in columns],
            len(kinds),
        ),
    )


def _layers(kinds: Sequence[str], counts: Sequence[int], top: float) -> list[Layer]:
    layers, below = [], 0
    for kind, count in zip(kinds, counts, strict=True):
        if count:
            upper, lower = _y_of(below + count, top), _y_of(below, top)
            layers.append(Layer(kind, pixels(upper), pixels(lower - upper)))
        below += count
    return layers

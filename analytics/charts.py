"""Geometry of the charts: numbers in, positions out. Words and colours are the templates' business.

Across, everything is a percentage, so that a chart fills a phone and a desk alike while its type keeps its
size; down, everything is in pixels. Positions are text, so that no locale turns their dot into a comma.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

BARS_HEIGHT = 160
BAR_SHARE = 0.7
MOST_X_LABELS = 4
SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 96, 24, 3


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar in its slot. before_y: where the learner's own past stood, None without one."""

    x: str
    width: str
    y: str
    height: str
    slot_x: str
    slot_end: str
    slot_width: str
    before_y: str | None
    before_height: str | None
    is_hatched: bool
    words: str


@dataclass(frozen=True, slots=True)
class Tick:
    y: str
    words: str


@dataclass(frozen=True, slots=True)
class XLabel:
    x: str
    anchor: str
    words: str


@dataclass(frozen=True, slots=True)
class BarPlot:
    """Vertical bars on a zero line, `height` pixels high."""

    height: int
    bars: list[Bar]
    ticks: list[Tick]
    labels: list[XLabel]


def bar_plot(
    values: Sequence[float],
    labels: Sequence[str],
    words: Sequence[str],
    *,
    before: Sequence[float] | None = None,
    hatched: Sequence[bool] | None = None,
) -> BarPlot:
    """Bars for n values of 0 or more.

    labels   what stands on the axis, where there is room
    words    what a bar says when pointed at
    before   a second value for each slot, drawn as a level behind the bar
    hatched  slots that did not count
    """
    top = nice_ceiling(max([*values, *(before or ())], default=0))
    slot = 100 / max(1, len(values))

    def y_of(value: float) -> float:
        return BARS_HEIGHT * (1 - value / top)

    bars = [
        Bar(
            x=_percent((position + (1 - BAR_SHARE) / 2) * slot),
            width=_percent(BAR_SHARE * slot),
            y=_pixels(y_of(value)),
            height=_pixels(BARS_HEIGHT - y_of(value)),
            slot_x=_percent(position * slot),
            slot_end=_percent((position + 1) * slot),
            slot_width=_percent(slot),
            before_y=_pixels(y_of(before[position])) if before and before[position] > 0 else None,
            before_height=_pixels(BARS_HEIGHT - y_of(before[position])) if before else None,
            is_hatched=bool(hatched and hatched[position]),
            words=words[position],
        )
        for position, value in enumerate(values)
    ]
    ticks = [Tick(_pixels(y_of(value)), f"{value:,.0f}") for value in (top, top / 2, 0)]
    return BarPlot(BARS_HEIGHT, bars, ticks, _x_labels(labels, slot))


def nice_ceiling(value: float) -> float:
    """The next number of one digit and zeros whose half is a whole number too, at least 2."""
    if value <= 2:
        return 2
    unit = 10 ** floor(log10(value))
    steps = (2, 4, 6, 8, 10) if unit == 1 else (1, 2, 3, 4, 5, 6, 8, 10)
    return next(step * unit for step in steps if step * unit >= value)


def _x_labels(labels: Sequence[str], slot: float) -> list[XLabel]:
    count = len(labels)
    shown = min(MOST_X_LABELS, count)
    positions = [round(step * (count - 1) / max(1, shown - 1)) for step in range(shown)]
    found = []
    for position in positions:
        x, anchor = (position + 0.5) * slot, "middle"
        # In narrow slots the outermost words would stick out of the plot.
        if count > 7 and position == 0:
            x, anchor = 0.0, "start"
        elif count > 7 and position == count - 1:
            x, anchor = 100.0, "end"
        found.append(XLabel(_percent(x), anchor, labels[position]))
    return found


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a stacked bar, as wide as its share of the whole."""

    kind: str
    x: str
    width: str
    words: str


def stacked(parts: Sequence[tuple[str, float, str]], whole: float) -> list[Segment]:
    """Segments from left to right for (kind, value, words); parts of nothing take no room."""
    segments, so_far = [], 0.0
    for kind, value, words in parts:
        if value > 0:
            segments.append(Segment(kind, _percent(100 * so_far / whole), _percent(100 * value / whole), words))
        so_far += value
    return segments


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A line of 96 x 24 pixels on a zero line: `lines` are runs of points without a gap, `dots` single ones."""

    lines: list[str]
    dots: list[tuple[str, str]]
    end: tuple[str, str] | None
    first: float | None
    lowest: float | None
    last: float | None


def sparkline(values: Sequence[float | None]) -> Sparkline:
    """None is a gap, never a line across it."""
    known = [value for value in values if value is not None]
    if not known:
        return Sparkline([], [], None, None, None, None)
    top, step = max(*known, 1.0), (SPARK_WIDTH - 2 * SPARK_MARGIN) / max(1, len(values) - 1)
    height = SPARK_HEIGHT - 2 * SPARK_MARGIN
    runs: list[list[tuple[str, str]]] = [[]]
    for position, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            y = SPARK_MARGIN + height * (1 - value / top)
            runs[-1].append((_pixels(SPARK_MARGIN + position * step), _pixels(y)))
    return Sparkline(
        lines=[" ".join(",".join(point) for point in run) for run in runs if len(run) > 1],
        dots=[run[0] for run in runs if len(run) == 1],
        end=runs[-1][-1] if runs[-1] else None,
        first=known[0],
        lowest=min(known),
        last=known[-1],
    )


def _percent(value: float) -> str:
    return f"{value:.3f}%"


def _pixels(value: float) -> str:
    return f"{value:.1f}"

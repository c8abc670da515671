"""Positions: numbers in, SVG attributes out.

Across, everything is a percentage, so that a chart fills a phone and a desk alike while its type keeps its
size; down, everything is in pixels. Lines and areas, which know no percentages, are drawn in a view of
WIDE units that is stretched to the width. Positions are text, so that no locale turns their dot into a comma.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor, log10

from analytics.numbers import number

HEIGHT = 160
WIDE = 1000
MOST_X_LABELS = 4


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across, and what stands at its end."""

    y: str
    words: str


@dataclass(frozen=True, slots=True)
class XLabel:
    x: str
    anchor: str
    words: str


@dataclass(frozen=True, slots=True)
class Tip:
    """What a mark says while it is pointed at or has the focus, at the top of the plot."""

    x: str
    anchor: str
    words: str


def percent(value: float) -> str:
    return f"{value:.3f}%"


def pixels(value: float) -> str:
    return f"{value:.1f}"


def nice_ceiling(value: float) -> float:
    """The next number of one digit and zeros whose half is a whole number too, at least 2."""
    if value <= 2:
        return 2
    unit = 10 ** floor(log10(value))
    steps = (2, 4, 6, 8, 10) if unit == 1 else (1, 2, 3, 4, 5, 6, 8, 10)
    return next(step * unit for step in steps if step * unit >= value)


def y_of(value: float, top: float, height: float = HEIGHT) -> float:
    """Pixels from the upper edge of a plot that reaches from 0 to `top`."""
    return height * (1 - value / top)


def ticks(top: float, words: Callable[[float], str] = number) -> list[Tick]:
    return [Tick(pixels(y_of(value, top)), words(value)) for value in (top, top / 2, 0)]


def anchor_at(share: float) -> str:
    """How text at this share of the width (0 to 1) must be set, so that it stays inside."""
    return "start" if share < 1 / 3 else "end" if share > 2 / 3 else "middle"


def tip_at(share: float, words: str) -> Tip:
    return Tip(percent(100 * share), anchor_at(share), words)


def x_labels(labels: Sequence[object]) -> list[XLabel]:
    """At most four labels of n slots, spread evenly, none sticking out."""
    count = len(labels)
    slot = 100 / max(1, count)
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
        found.append(XLabel(percent(x), anchor, str(labels[position])))
    return found

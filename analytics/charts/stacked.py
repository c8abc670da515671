"""Horizontal stacked bars with a key: a whole and its parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from analytics.charts.chart import Chart, KeyEntry
from analytics.charts.scale import percent


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a stacked bar, as wide as its share of the whole."""

    kind: str
    x: str
    width: str
    words: str


@dataclass(frozen=True, slots=True)
class StackRow:
    """One stacked bar, what it is of, and what it says in words."""

    label: str
    segments: list[Segment]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StackChart(Chart):
    """One bar or several, each of them a whole; the segments' kinds are those of the key."""

    template: ClassVar[str] = "charts/stacked.html"

    rows: list[StackRow]
    entries: list[KeyEntry]


def stacked(parts: Sequence[tuple[str, float, str]], whole: float) -> list[Segment]:
    """Segments from left to right for (kind, value, words); parts of nothing take no room."""
    segments, so_far = [], 0.0
    for kind, value, words in parts:
        if value > 0:
            segments.append(Segment(kind, percent(100 * so_far / whole), percent(100 * value / whole), words))
        so_far += value
    return segments

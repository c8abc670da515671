"""A line of 96 x 24 pixels beside a name: the shape of some weeks, its figures in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.utils.safestring import SafeString, mark_safe

from analytics.charts.scale import pixels

SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 96, 24, 3


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A line on a zero line: `lines` are runs of points without a gap, `dots` single ones."""

    lines: list[str]
    dots: list[tuple[str, str]]
    end: tuple[str, str] | None
    first: float | None
    lowest: float | None
    last: float | None

    @property
    def drawn(self) -> SafeString:
        """As SVG: a table has dozens of them, which take a template long."""
        lines = [f'<polyline points="{points}"/>' for points in self.lines]
        dots = [f'<circle class="dot" cx="{x}" cy="{y}" r="1.5"/>' for x, y in self.dots]
        ends = [f'<circle class="end" cx="{self.end[0]}" cy="{self.end[1]}" r="2.5"/>'] if self.end else []
        return mark_safe("".join([*lines, *dots, *ends]))


def sparkline(values: Sequence[float | None]) -> Sparkline:
    """None is a gap, never a line across it."""
    known = [value for value in values if value is not None]
    if not known:
        return Sparkline([], [], None, None, None, None)
    top, height = max(*known, 1.0), SPARK_HEIGHT - 2 * SPARK_MARGIN
    runs: list[list[tuple[str, str]]] = [[]]
    for x, value in zip(_across(len(values)), values, strict=True):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((x, pixels(SPARK_MARGIN + height * (1 - value / top))))
    return Sparkline(
        lines=[" ".join(",".join(point) for point in run) for run in runs if len(run) > 1],
        dots=[run[0] for run in runs if len(run) == 1],
        end=runs[-1][-1] if runs[-1] else None,
        first=known[0],
        lowest=min(known),
        last=known[-1],
    )


@cache
def _across(count: int) -> list[str]:
    """Where each of so many points stands."""
    step = (SPARK_WIDTH - 2 * SPARK_MARGIN) / max(1, count - 1)
    return [pixels(SPARK_MARGIN + position * step) for position in range(count)]

"""Vertical bars on a zero line, with the own past as a muted level behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from analytics.charts.chart import MOST_STOPS, Chart
from analytics.charts.scale import HEIGHT, Tick, Tip, XLabel, nice_ceiling, percent, pixels, ticks, tip_at, x_labels
from analytics.charts.scale import y_of as _y_of

BAR_SHARE = 0.7


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
    tip: Tip


@dataclass(frozen=True, slots=True)
class BarPlot:
    """Vertical bars on a zero line, `height` pixels high. is_walkable: few enough for the Tab key."""

    height: int
    bars: list[Bar]
    ticks: list[Tick]
    labels: list[XLabel]

    @property
    def is_walkable(self) -> bool:
        return len(self.bars) <= MOST_STOPS


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart(Chart):
    """bars_words, before_words: what the key calls the bars and the muted level behind them, "" without one."""

    template: ClassVar[str] = "charts/bars.html"

    plot: BarPlot
    bars_words: str = ""
    before_words: str = ""
    has_hatch: bool = False


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
        return _y_of(value, top)

    bars = [
        Bar(
            x=percent((position + (1 - BAR_SHARE) / 2) * slot),
            width=percent(BAR_SHARE * slot),
            y=pixels(y_of(value)),
            height=pixels(HEIGHT - y_of(value)),
            slot_x=percent(position * slot),
            slot_end=percent((position + 1) * slot),
            slot_width=percent(slot),
            before_y=pixels(y_of(before[position])) if before and before[position] > 0 else None,
            before_height=pixels(HEIGHT - y_of(before[position])) if before else None,
            is_hatched=bool(hatched and hatched[position]),
            words=words[position],
            tip=tip_at((position + 0.5) * slot / 100, words[position]),
        )
        for position, value in enumerate(values)
    ]
    return BarPlot(HEIGHT, bars, ticks(top), x_labels(labels))

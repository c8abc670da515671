"""A line over time: gaps where nothing is known, the own past in muted ink, a dashed forecast in its band."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from django.utils.translation import gettext, pgettext

from analytics.charts.chart import MOST_STOPS, Cell, Chart, Figure, Table
from analytics.charts.scale import (
    HEIGHT,
    WIDE,
    Tick,
    Tip,
    XLabel,
    nice_ceiling,
    percent,
    pixels,
    ticks,
    tip_at,
    x_labels,
    y_of,
)
from analytics.numbers import number


@dataclass(frozen=True, slots=True)
class LinePoint:
    """One slot of the line.

    label      of the axis and the table: "5 Nov"; a Figure where an export writes it otherwise
    value      0 or more; None: not known, a gap
    before     the own past at the same place, None: not known
    is_paused  did not count; hatched
    """

    label: Cell
    value: float | None
    before: float | None = None
    is_paused: bool = False


@dataclass(frozen=True, slots=True)
class ForecastPoint:
    """One slot to come: what is expected, and the band in which it lies most of the time."""

    label: Cell
    value: float
    low: float
    high: float


class Dot(NamedTuple):
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Slot:
    """What one slot says when pointed at, where its point is, and how wide the slot is."""

    x: str
    width: str
    is_hatched: bool
    words: str
    tip: Tip
    dot: Dot | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChart(Chart):
    """lines, before: runs without a gap, as points of a view WIDE units across; dots: runs of one point (x %, y).

    forecast  the dashed line, which sets out from the last known point; "" without a forecast
    band      the polygon around it
    """

    template: ClassVar[str] = "charts/line.html"

    height: int
    slots: list[Slot]
    lines: list[str]
    dots: list[Dot]
    before: list[str]
    forecast: str
    band: str
    ticks: list[Tick]
    labels: list[XLabel]
    line_words: str
    before_words: str
    forecast_words: str
    has_hatch: bool

    wide: ClassVar[int] = WIDE

    @property
    def is_walkable(self) -> bool:
        return len(self.slots) <= MOST_STOPS


def line_chart(
    *,
    key: str,
    title: str,
    words: str,
    note: str,
    heading: str,
    unit: str,
    points: Sequence[LinePoint],
    forecast: Sequence[ForecastPoint] = (),
    top: float | None = None,
    before_words: str = "",
    band_words: str = "",
    value_words: Callable[[float], str] = number,
) -> LineChart:
    """A line on a zero line, one slot a point, forecasts behind the last.

    heading       what the slots are, as the table's first heading: "Day"
    unit          what the values are, as the table's second heading and the line's key: "Points"
    top           upper end of the axis where the scale has one, such as 100; else a round number
    before_words  what the key calls the own past: "The 30 days before"; without a name it is not drawn
    band_words    what the band is: "in 8 of 10 weeks"
    value_words   how a value is written
    """
    highest = [value for point in points for value in (point.value, point.before) if value is not None]
    top = top or nice_ceiling(max([*highest, *(point.high for point in forecast)], default=0))
    count = max(1, len(points) + len(forecast))

    def place(position: int, value: float) -> tuple[float, float]:
        return (position + 0.5) / count, y_of(min(value, top), top)

    known = [(position, point.value) for position, point in enumerate(points) if point.value is not None]
    ahead = [(len(points) + position, point) for position, point in enumerate(forecast)]
    start = [(known[-1][0], known[-1][1])] if known else []
    has_before = bool(before_words) and any(point.before is not None for point in points)
    told = [_point_words(point, unit, before_words, value_words) for point in points]
    told += [_forecast_words(point, unit, value_words) for point in forecast]
    values = [point.value for point in points] + [point.value for point in forecast]
    runs = _runs([point.value for point in points])
    return LineChart(
        key=key,
        title=title,
        words=words,
        note=note,
        height=HEIGHT,
        slots=[
            Slot(
                x=percent(100 * position / count),
                width=percent(100 / count),
                is_hatched=position < len(points) and points[position].is_paused,
                words=text,
                tip=tip_at((position + 0.5) / count, text),
                dot=None if value is None else _dot(*place(position, value)),
            )
            for position, (text, value) in enumerate(zip(told, values, strict=True))
        ],
        lines=[_polyline(place(*step) for step in run) for run in runs if len(run) > 1],
        dots=[_dot(*place(*run[0])) for run in runs if len(run) == 1],
        before=[
            _polyline(place(*step) for step in run)
            for run in _runs([point.before if has_before else None for point in points])
            if len(run) > 1
        ],
        forecast=_polyline(place(*step) for step in [*start, *((at, point.value) for at, point in ahead)])
        if forecast
        else "",
        band=_polyline(
            [place(*step) for step in [*start, *((at, point.high) for at, point in ahead)]]
            + [place(at, point.low) for at, point in reversed(ahead)]
        )
        if forecast
        else "",
        ticks=ticks(top, value_words),
        labels=x_labels([point.label for point in [*points, *forecast]]),
        line_words=unit,
        before_words=before_words if has_before else "",
        forecast_words=(gettext("Forecast") + (f", {band_words}" if band_words else "")) if forecast else "",
        has_hatch=any(point.is_paused for point in points),
        table=_table(heading, unit, points, forecast, before_words if has_before else "", value_words),
    )


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """Positions and values between the gaps."""
    runs: list[list[tuple[int, float]]] = [[]]
    for position, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((position, value))
    return [run for run in runs if run]


def _polyline(places) -> str:
    return " ".join(f"{pixels(x * WIDE)},{pixels(y)}" for x, y in places)


def _dot(x: float, y: float) -> Dot:
    return Dot(percent(100 * x), pixels(y))


def _point_words(point: LinePoint, unit: str, before_words: str, value_words) -> str:
    value = gettext("not known") if point.value is None else value_words(point.value)
    said = f"{point.label}: {unit} {value}"
    if before_words and point.before is not None:
        said += f"; {before_words} {value_words(point.before)}"
    return f"{said}; {gettext('paused')}" if point.is_paused else said


def _forecast_words(point: ForecastPoint, unit: str, value_words) -> str:
    return gettext("%(label)s, forecast: %(unit)s %(value)s, between %(low)s and %(high)s") % {
        "label": point.label,
        "unit": unit,
        "value": value_words(point.value),
        "low": value_words(point.low),
        "high": value_words(point.high),
    }


def _table(heading, unit, points, forecast, before_words, value_words) -> Table:
    def figure(value: float | None) -> Figure:
        return Figure(value, "–" if value is None else value_words(value))

    columns = [heading, unit]
    columns += [before_words] if before_words else []
    columns += [pgettext("lower end of a band", "From"), pgettext("upper end of a band", "To")] if forecast else []
    figures = len(columns) - 1
    has_remarks = bool(forecast) or any(point.is_paused for point in points)
    columns += [gettext("Remark")] if has_remarks else []
    rows: list[list[Cell]] = []
    for point in points:
        row: list[Cell] = [point.label, figure(point.value)]
        row += [figure(point.before)] if before_words else []
        row += ["", ""] if forecast else []
        row += [gettext("paused") if point.is_paused else ""] if has_remarks else []
        rows.append(row)
    for point in forecast:
        row = [point.label, figure(point.value)]
        row += [""] if before_words else []
        rows.append([*row, figure(point.low), figure(point.high), gettext("forecast")])
    return Table(columns, rows, figures)

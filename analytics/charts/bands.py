"""Peers as bands: where the middle half of a group lies, and where somebody stands; nobody else is a point."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext

from analytics.charts.chart import SMALLEST_GROUP, Chart, Figure, NoChart, Table, suppressed_chart
from analytics.charts.scale import percent
from analytics.numbers import number


@dataclass(frozen=True, slots=True)
class Band:
    """A measure over a group: its quartiles, the tenths at either end, and the own value (None: not measured)."""

    label: str
    low: float
    first_quartile: float
    median: float
    third_quartile: float
    high: float
    own: float | None


@dataclass(frozen=True, slots=True)
class BandRow:
    label: str
    reach_x: str
    reach_width: str
    middle_x: str
    middle_width: str
    median_x: str
    own_x: str | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BandChart(Chart):
    template: ClassVar[str] = "charts/bands.html"

    rows: list[BandRow]
    own_words: str


def band_chart(
    *,
    key: str,
    title: str,
    note: str,
    heading: str,
    own_words: str,
    bands: Sequence[Band],
    others: int,
    top: float = 100,
    value_words: Callable[[float], str] = number,
) -> BandChart | NoChart:
    """One row a measure, on a scale from 0 to `top`.

    own_words  whose mark it is: "You", or a name
    others     how many others the group holds; fewer than ten show nothing
    """
    if others < SMALLEST_GROUP:
        return suppressed_chart(key, title)

    def at(value: float) -> float:
        return 100 * min(max(value, 0), top) / top

    rows = [
        BandRow(
            label=band.label,
            reach_x=percent(at(band.low)),
            reach_width=percent(at(band.high) - at(band.low)),
            middle_x=percent(at(band.first_quartile)),
            middle_width=percent(at(band.third_quartile) - at(band.first_quartile)),
            median_x=percent(at(band.median)),
            own_x=None if band.own is None else percent(at(band.own)),
            words=_words(band, own_words, value_words),
        )
        for band in bands
    ]
    return BandChart(
        key=key,
        title=title,
        words=" ".join(f"{row.label}: {row.words}" for row in rows),
        note=note,
        rows=rows,
        own_words=own_words,
        table=Table(
            [
                heading,
                own_words,
                gettext("Lowest tenth up to"),
                gettext("First quarter up to"),
                gettext("Median"),
                gettext("Last quarter from"),
                gettext("Highest tenth from"),
            ],
            [
                [
                    band.label,
                    *(
                        Figure(value, "–" if value is None else value_words(value))
                        for value in (
                            band.own,
                            band.low,
                            band.first_quartile,
                            band.median,
                            band.third_quartile,
                            band.high,
                        )
                    ),
                ]
                for band in bands
            ],
            6,
        ),
    )


def _words(band: Band, own_words: str, value_words: Callable[[float], str]) -> str:
    told = {
        "who": own_words,
        "own": None if band.own is None else value_words(band.own),
        "low": value_words(band.first_quartile),
        "high": value_words(band.third_quartile),
        "median": value_words(band.median),
    }
    half = gettext("the middle half lies between %(low)s and %(high)s, the median at %(median)s.") % told
    return f"{own_words} {told['own']}; {half}" if band.own is not None else half

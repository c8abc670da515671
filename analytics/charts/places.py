"""In which third or quarter of a group somebody stands: as much as may be told of a small group, and no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext

from analytics.charts.chart import SMALLEST_GROUP, Cell, Chart, NoChart, Table, suppressed_chart
from analytics.charts.scale import percent

_GAP = 0.6


@dataclass(frozen=True, slots=True)
class Place:
    """One measure.

    label       what is measured
    figures     the own figures, a cell for each heading
    told        the own figure as it stands beside the bar
    band        from 0 for the lowest; None: the others are all alike, so that none is told
    bands       3 or 4
    band_words  what the band is called
    """

    label: str
    figures: Sequence[Cell]
    told: str
    band: int | None
    bands: int
    band_words: str


@dataclass(frozen=True, slots=True)
class PlaceSegment:
    x: str
    width: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class PlaceRow:
    label: str
    segments: list[PlaceSegment]
    told: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceChart(Chart):
    template: ClassVar[str] = "charts/places.html"

    rows: list[PlaceRow]
    own_words: str


def place_chart(
    *,
    key: str,
    title: str,
    words: str,
    note: str,
    headings: Sequence[str],
    own_words: str,
    places: Sequence[Place],
    others: int,
) -> PlaceChart | NoChart:
    """Bars cut into bands, lowest first, with the own one filled.

    headings   of the table: what is measured, then one for each of a place's figures
    own_words  what the key calls the filled band: "Where you stand"
    others     how many others there are at least; fewer than ten show nothing
    """
    if others < SMALLEST_GROUP:
        return suppressed_chart(key, title)
    return PlaceChart(
        key=key,
        title=title,
        words=words,
        note=note,
        rows=[
            PlaceRow(place.label, _segments(place), place.told, f"{place.told}, {place.band_words}") for place in places
        ],
        own_words=own_words,
        table=Table(
            [*headings, gettext("Band")],
            [[place.label, *place.figures, place.band_words] for place in places],
            len(headings) - 1,
        ),
    )


def _segments(place: Place) -> list[PlaceSegment]:
    width = 100 / place.bands
    return [
        PlaceSegment(percent(number * width + _GAP / 2), percent(width - _GAP), number == place.band)
        for number in range(place.bands)
    ]

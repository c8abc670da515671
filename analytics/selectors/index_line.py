"""The engagement index over a window of a learner's page, one point a step, with his own past and what may come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from analytics.selectors.steps import Step
from engagement.domain.insufficient import Insufficient
from engagement.forecasts import Forecast
from engagement.selectors import Record, index_by_day
from interactions.policies import PolicyBook


@dataclass(frozen=True, slots=True)
class IndexPoint:
    """The index as of a day and as of as many days earlier as the line is long; None: too few days that count."""

    day: date
    score: float | None
    before: float | None
    is_paused: bool


@dataclass(frozen=True, slots=True)
class IndexAhead:
    """A day to come: the median of what may be, and the band in which it lies 8 times of 10."""

    day: date
    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class IndexLine:
    """points at the end of each step, then what is ahead in steps as wide; `ahead` is () without a forecast."""

    points: list[IndexPoint]
    ahead: list[IndexAhead]
    step_days: int


def index_line(
    record: Record, steps: Sequence[Step], *, forecast: Forecast, book: PolicyBook, compares: bool
) -> IndexLine:
    """No query. compares: whether there is a past to compare with; the record holds all days of the learner."""
    days = [step.end - timedelta(days=1) for step in steps]
    length = (steps[-1].end - steps[0].start) if steps else timedelta(0)
    width = (steps[0].end - steps[0].start).days if steps else 1
    scores = index_by_day(record, days[0] - length if compares else days[0], days[-1], book) if days else {}
    points = [
        IndexPoint(
            day=day,
            score=scores[day],
            before=scores[day - length] if compares else None,
            is_paused=record.tenure.is_paused(day),
        )
        for day in days
    ]
    return IndexLine(points, _ahead(forecast, days[-1], width) if days else [], width)


def _ahead(forecast: Forecast, last: date, width: int) -> list[IndexAhead]:
    """Every `width` days behind the last known day, as far as the forecast goes."""
    if forecast.index is None or isinstance(forecast.index, Insufficient):
        return []
    # The last of the path is the horizon's end; the first may be missing, as long as there is no index.
    path = forecast.index.path
    end = forecast.as_of + timedelta(days=forecast.horizon)
    days = [end - timedelta(days=len(path) - 1 - place) for place in range(len(path))]
    return [
        IndexAhead(day, *figures)
        for day, figures in zip(days, path, strict=True)
        if day > last and (day - last).days % width == 0
    ]

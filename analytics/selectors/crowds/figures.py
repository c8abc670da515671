"""What counts say: types, hours, the funnel of cases, times, scores. Each from `Counts`, without a query."""

from dataclasses import dataclass
from datetime import date, timedelta

from analytics.domain.bins import SCORE_EDGES, SECONDS_EDGES, quantile_of
from analytics.domain.release import LEAST
from analytics.selectors.crowds.weeks import Counts
from interactions.domain.attempts import ABANDON, COMPLETE, INFERRED, RESTARTED, START

SCORE_UNITS = 100


@dataclass(frozen=True, slots=True)
class Heatmap:
    """Interactions by weekday (Monday first) and hour of the institution's day: 7 rows of 24."""

    cells: tuple[tuple[int, ...], ...]

    @property
    def by_hour(self) -> tuple[int, ...]:
        return tuple(map(sum, zip(*self.cells, strict=True)))

    @property
    def by_weekday(self) -> tuple[int, ...]:
        return tuple(map(sum, self.cells))


@dataclass(frozen=True, slots=True)
class Funnel:
    """What became of cases that were started.

    completed, abandoned  by the learner's own word, in the window; the start may lie before it
    inferred, restarted   of the starts in the window: left without a word, or left until a new start
    unresolved            the rest: still open, not judged yet, or ended after the window
    """

    started: int
    completed: int
    abandoned: int
    inferred: int
    restarted: int

    @property
    def unresolved(self) -> int:
        return max(0, self.started - self.completed - self.abandoned - self.inferred - self.restarted)


@dataclass(frozen=True, slots=True)
class Spread:
    """Of ten whole numbers or more: how many, mean, and the 10th, 50th and 90th percentile to within a bin.

    Of fewer it would tell of single learners, though many worked where the numbers come from.
    """

    count: int
    mean: float
    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class TimeSpent:
    """Seconds; untimed: interactions that brought no time."""

    active: int
    wall_clock: int
    unknown: int
    untimed: int


@dataclass(frozen=True, slots=True)
class WeekPoint:
    """One week of a series: learners who did anything, and how much. None: too few to be shown, or none."""

    start: date
    learners: int | None
    interactions: int | None


def heatmap_of(counts: Counts) -> Heatmap:
    hours = counts.values.get("hours", {})
    return Heatmap(tuple(tuple(hours.get(str(24 * day + hour), 0) for hour in range(24)) for day in range(7)))


def types_of(counts: Counts) -> dict[str, int]:
    """Interactions by type, the most frequent first."""
    return dict(sorted(counts.values.get("interactions", {}).items(), key=lambda item: (-item[1], item[0])))


def funnel_of(counts: Counts) -> Funnel:
    told = (counts.number("interactions", kind) for kind in (START, COMPLETE, ABANDON))
    return Funnel(*told, *(counts.number("starts", outcome) for outcome in (INFERRED, RESTARTED)))


def time_spent_of(counts: Counts) -> TimeSpent:
    return TimeSpent(*(counts.total(name) for name in ("activeSeconds", "wallSeconds", "unknownSeconds", "untimed")))


def completion_time_of(counts: Counts) -> Spread | None:
    """Seconds on completed cases, active where known, else by the clock. None of fewer than ten."""
    return _spread(counts, "completionSeconds", SECONDS_EDGES, 1)


def score_of(counts: Counts) -> Spread | None:
    """Scores of completed cases, 0-100. None of fewer than ten."""
    return _spread(counts, "scores", SCORE_EDGES, SCORE_UNITS)


def _spread(counts: Counts, name: str, edges, unit: int) -> Spread | None:
    histogram = counts.values.get(name, {})
    if (number := sum(histogram.values())) < LEAST:
        return None
    low, median, high = (quantile_of(histogram, edges, share) for share in (0.1, 0.5, 0.9))
    return Spread(number, counts.total(f"{name}Sum") / unit / number, low, median, high)


def weeks_of(counts: Counts, first: date | None, last: date) -> list[WeekPoint]:
    """The series, with a point for every week from the first that is known to `last`."""
    known = {week.start: week for week in counts.weeks}
    start = first or min(known, default=last)
    points = []
    while start <= last:
        week = known.get(start)
        interactions = sum(week.values.get("interactions", {}).values()) if week else None
        points.append(WeekPoint(start, week.size if week else None, interactions))
        start += timedelta(days=7)
    return points

"""The engagement index some days ahead, by playing the learner's own days forward many times.

Each path draws whether the learner is still there and how often he works (the posterior of BG/BB), what an active
day brings (one of his own, or of the cohort's while he has few), and runs the index over the window that results.
"""

from dataclasses import dataclass

import numpy as np

from engagement.domain.forecast.bgbb import BGBB, Counts
from engagement.domain.forecast.volume import PRIOR_ACTIVE_DAYS
from engagement.domain.index import LEAST_DAYS, WINDOW_DAYS, engagement_indexes
from interactions.domain.scoring import level_of

PATHS = 500
BAND = (0.1, 0.9)
_LEVELS = ("low", "medium", "high", "very_high")


@dataclass(frozen=True, slots=True)
class IndexOutlook:
    """The index after the days: median, 80 % band, the chance of a lower level than now, and without any activity.

    level_drop   0-1; None where the index of today is not known
    floor        the index if no active day comes
    path         (median, low, high) after each of the days, the last being the figures above; () where not asked for
    """

    median: float
    low: float
    high: float
    level: str
    level_drop: float | None
    floor: float
    path: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class DayPool:
    """Active days to draw from: capped points D and best points of each, (m,) arrays."""

    points: np.ndarray
    best: np.ndarray


def index_outlook(
    *,
    points: np.ndarray,
    best: np.ndarray,
    tenure: int,
    counts: Counts,
    cohort: BGBB,
    own: DayPool,
    others: DayPool,
    days: int,
    seed: int,
    paths: int = PATHS,
    by_day: bool = False,
    expected: float | None = None,
) -> IndexOutlook | None:
    """None where not even after the days there are enough of them for an index.

    points, best   (28,) of the newest counting days, newest first
    tenure         counting days since the start
    counts         of this learner alone, arrays of one value
    seed           the same seed gives the same paths
    by_day         tell the way there too
    expected       active days that are told for these days: the paths hold as many; None: as many as BG/BB expects
    """
    if tenure + days < LEAST_DAYS:
        return None
    rng = np.random.default_rng(seed)
    worked = _active_days(rng, counts, cohort, paths, days, expected)
    drawn_points, drawn_best = _day_contents(rng, own, others, (paths, days))
    new_points, new_best = np.where(worked, drawn_points, 0.0), np.where(worked, drawn_best, 0.0)
    scores = _indexes(points, best, tenure, new_points, new_best)
    nothing = np.zeros((1, days))
    floor = float(_indexes(points, best, tenure, nothing, nothing)[0])
    ahead = [day for day in range(1, days) if by_day and tenure + day >= LEAST_DAYS]
    way = [_indexes(points, best, tenure, new_points[:, :day], new_best[:, :day]) for day in ahead]
    path = _middles_and_bands(np.stack([*way, scores]))
    median, low, high = path[-1]
    today = _indexes(points, best, tenure, nothing[:, :0], nothing[:, :0])[0]
    drop = None
    if not np.isnan(today):
        now = _LEVELS.index(level_of(float(today)))
        drop = float(np.mean([_LEVELS.index(level_of(float(score))) < now for score in scores]))
    return IndexOutlook(median, low, high, level_of(median), drop, floor, path if by_day else ())


def _middles_and_bands(scores: np.ndarray) -> tuple[tuple[float, float, float], ...]:
    """Of each of n days, given the scores of its paths, (n, paths)."""
    lows, highs = np.quantile(scores, BAND, axis=1)
    return tuple(zip(np.median(scores, axis=1).tolist(), lows.tolist(), highs.tolist(), strict=True))


def _active_days(
    rng: np.random.Generator, counts: Counts, cohort: BGBB, paths: int, days: int, expected: float | None
) -> np.ndarray:
    """(paths, days) bool, first day first."""
    x, n = int(counts.active[0]), int(counts.observed[0])
    there = rng.random(paths) < cohort.alive(counts)[0]
    chance = rng.beta(cohort.alpha + x, cohort.beta + n - x, paths)
    if expected is not None:
        # What is told of the same days beside the index comes from what was better; the spread stays.
        chance = np.minimum(chance * expected / cohort.expected_active_days(counts, days)[0], 1.0)
    leaving = rng.beta(cohort.gamma, cohort.delta + n, paths)
    stays = np.logical_and.accumulate(rng.random((paths, days)) >= leaving[:, None], axis=1)
    return (rng.random((paths, days)) < chance[:, None]) & stays & there[:, None]


def _day_contents(rng: np.random.Generator, own: DayPool, others: DayPool, shape: tuple[int, int]):
    few = len(others.points) == 0
    own_share = 1.0 if few else len(own.points) / (len(own.points) + PRIOR_ACTIVE_DAYS)
    from_own = rng.random(shape) < own_share
    mine = rng.integers(0, max(len(own.points), 1), shape)
    theirs = rng.integers(0, max(len(others.points), 1), shape)
    drawn = []
    for name in ("points", "best"):
        own_values, other_values = getattr(own, name), getattr(others, name)
        a = own_values[mine] if len(own_values) else np.zeros(shape)
        b = a if few else other_values[theirs]
        drawn.append(np.where(from_own, a, b))
    return drawn


def _indexes(points: np.ndarray, best: np.ndarray, tenure: int, new_points: np.ndarray, new_best: np.ndarray):
    """L of each path once its new days (first day first) stand before the known ones."""
    paths, days = new_points.shape
    windows = [
        np.hstack([new[:, ::-1], np.broadcast_to(known, (paths, len(known)))])[:, :WINDOW_DAYS]
        for new, known in ((new_points, points), (new_best, best))
    ]
    return engagement_indexes(*windows, np.full(paths, tenure + days)).score

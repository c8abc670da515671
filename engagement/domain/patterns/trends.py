"""Trends in weekly active days: Theil-Sen slope (Sen 1968) and Mann-Kendall test, for one learner or thousands.

Active days and not counts: measured, the test on counts finds a third less of planted declines.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from engagement.domain.patterns.finding import Outcome, short_of
from engagement.domain.patterns.history import History

LEAST_WEEKS, MOST_WEEKS = 8, 12
MOST_P = 0.05
# One active day a month more or less; below that a trend is of no use to a tutor.
LEAST_SLOPE = 0.25


@dataclass(frozen=True, slots=True)
class Trends:
    """k series; arrays of shape (k,).

    slope   median of the slopes of all pairs, units a step
    tau     Kendall's tau-b against time, -1 to 1; 0 where nothing changes
    p       two-sided
    """

    slope: np.ndarray
    tau: np.ndarray
    p: np.ndarray

    @property
    def found(self) -> np.ndarray:
        return (self.p < MOST_P) & (np.abs(self.slope) >= LEAST_SLOPE)


def trends_of(series: np.ndarray) -> Trends:
    """The trends of k series of w equally spaced values, float (k, w), w >= 3, nothing missing.

    With ties the test's normal approximation with Kendall's variance, without ties the exact one, as
    scipy.stats.kendalltau has it.
    """
    series = np.asarray(series, dtype=float)
    rows, steps = series.shape
    early, late = np.triu_indices(steps, 1)
    rises = series[:, late] - series[:, early]
    score = np.sign(rises).sum(axis=1)
    sizes = _tie_sizes(series)
    pairs = steps * (steps - 1)
    untied = np.sqrt(pairs * (pairs - (sizes * (sizes - 1)).sum(axis=1)))
    tau = np.divide(2 * score, untied, out=np.zeros(rows), where=untied > 0)
    deviation = np.sqrt(_score_variance(sizes, steps))
    z = np.divide(np.abs(score), deviation, out=np.zeros(rows), where=deviation > 0)
    p = 2 * ndtr(-z)
    if len(untied_rows := np.flatnonzero((sizes <= 1).all(axis=1))):
        # Counts of active days nearly always tie, and scipy.stats is a third of what a worker would hold.
        from scipy.stats import kendalltau

        for row in untied_rows:
            p[row] = kendalltau(np.arange(steps), series[row]).pvalue
    return Trends(np.median(rises / (late - early), axis=1), tau, p)


def slope_interval(series: np.ndarray, level: float = 0.95) -> tuple[float, float]:
    """The interval of the Theil-Sen slope of one series, float (w,) (Sen 1968, by ranks of the pair slopes)."""
    steps = len(series)
    early, late = np.triu_indices(steps, 1)
    slopes = np.sort((series[late] - series[early]) / (late - early))
    reach = -ndtri((1 - level) / 2) * np.sqrt(_score_variance(_tie_sizes(series[None, :]), steps)[0])
    upper = min(round((len(slopes) + reach) / 2), len(slopes) - 1)
    lower = max(round((len(slopes) - reach) / 2) - 1, 0)
    return float(slopes[lower]), float(slopes[upper])


def _score_variance(sizes: np.ndarray, steps: int) -> np.ndarray:
    """The variance of Kendall's score, (k,), time itself being without ties."""
    ties = (sizes * (sizes - 1) * (2 * sizes + 5)).sum(axis=1)
    return (steps * (steps - 1) * (2 * steps + 5) - ties) / 18


def _tie_sizes(series: np.ndarray) -> np.ndarray:
    """How many values of a row are equal, each group of equal ones told at its first place, else 0; (k, w)."""
    equal = series[:, :, None] == series[:, None, :]
    is_first = ~np.tril(equal, -1).any(axis=2)
    return equal.sum(axis=2) * is_first


def trend(history: History) -> Outcome:
    """Whether weekly active days rise or fall over the last 8 to 12 whole weeks.

    Strength: |tau|, how few pairs of weeks go the other way. Power is small (a decline to a third within 8
    weeks is found in 3 of 10): nothing found is no sign that nothing changes.
    """
    if missing := short_of(("complete weeks", len(history.weeks), LEAST_WEEKS)):
        return missing
    weeks = history.weeks.last(MOST_WEEKS)
    values = weeks.active_days.astype(float)
    measured = trends_of(values[None, :])
    if not measured.found[0]:
        return None
    low, high = slope_interval(values)
    return history.on_weeks(
        abs(float(measured.tau[0])),
        weeks,
        direction="up" if measured.slope[0] > 0 else "down",
        active_days_by_week=[int(value) for value in values],
        slope_days_per_week=float(measured.slope[0]),
        slope_low=low,
        slope_high=high,
        tau=float(measured.tau[0]),
        p=float(measured.p[0]),
    )

"""What every forecast has to beat: the simplest things one could say about the next days.

All take (k, n) daily values, newest first, in whole weeks, and answer with the expectation for the next `days`, (k,);
smoothing with that of a week, of which any number of days has its share.
"""

import numpy as np

SMOOTHING = 0.3
# Croston's method with a probability that fades: Teunter, Syntetos and Babai (2011).
TSB_SIZE, TSB_PROBABILITY = 0.1, 0.08


def weekly(values: np.ndarray) -> np.ndarray:
    """Sums of whole weeks, newest first, (k, n // 7)."""
    weeks = values.shape[1] // 7
    return values[:, : 7 * weeks].reshape(len(values), weeks, 7).sum(axis=2).astype(float)


def last_week(values: np.ndarray, days: int) -> np.ndarray:
    """The same again."""
    return weekly(values[:, :7])[:, 0] * days / 7


def mean_of_weeks(values: np.ndarray, days: int, weeks: int = 4) -> np.ndarray:
    return weekly(values[:, : 7 * weeks]).mean(axis=1) * days / 7


def four_weeks_before(values: np.ndarray, days: int) -> np.ndarray:
    """The seasonal naive forecast with a season of four weeks: what was done on the same days of the last round."""
    season = values[:, ::-1][:, -28:]
    return np.stack([season[:, day % 28] for day in range(days)], axis=1).sum(axis=1).astype(float)


def smoothed_week(values: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """What is expected of one week, (k,): simple exponential smoothing of weekly sums.

    From a learner's first whole week on (`observed` days, (k,)).
    """
    sums = weekly(values)
    last = np.maximum(np.minimum(observed // 7, sums.shape[1]) - 1, 0)
    level = sums[np.arange(len(sums)), last]
    for week in range(sums.shape[1] - 1, -1, -1):
        level = np.where(week < last, level + SMOOTHING * (sums[:, week] - level), level)
    return level


def tsb(active: np.ndarray, values: np.ndarray, days: int, *, probability: float, size: float) -> np.ndarray:
    """Teunter-Syntetos-Babai, for work that comes now and then: `days` times the chance of a day times its size.

    probability, size   where both start: the cohort's mean share of active days, and mean per active day
    """
    chance, level = np.full(len(active), probability), np.full(len(active), size)
    for age in range(active.shape[1] - 1, -1, -1):
        level = np.where(active[:, age], level + TSB_SIZE * (values[:, age] - level), level)
        chance = chance + TSB_PROBABILITY * (active[:, age] - chance)
    return days * chance * level

"""Weeks unlike a learner's others, judged beside the cohort: a holiday of all is nobody's anomaly.

Daily figures are no ground for this: for most learner-days the median deviation is 0.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc

from engagement.domain.patterns.finding import Finding, Outcome, short_of
from engagement.domain.patterns.history import History, day_of

PRIOR_WEEKS, LEAST_PRIOR_WEEKS = 8, 6
LEAST_PEERS = 20
MOST_Q = 0.10
LEAST_DISPERSION = 1.05
# A cohort's week counts for no less and no more than this against its usual weeks.
SHOCK_RANGE = (0.1, 3.0)


@dataclass(frozen=True, slots=True)
class WeeklyAnomalies:
    """k learners' last week; arrays of shape (k,), NaN where a learner was not tested.

    expected   interactions, after the shock
    p, q       two-sided tail; q after Benjamini and Hochberg 1995 over all tested
    shock      what the cohort did, as a share of what was expected of it; 1: an ordinary week
    tested     how many learners
    """

    expected: np.ndarray
    p: np.ndarray
    q: np.ndarray
    shock: float
    tested: int


def weekly_anomalies(counts: np.ndarray, *, with_shock: bool = True) -> WeeklyAnomalies:
    """Whether each learner's last week stands out, by a negative binomial tail.

    counts      float (k, 9), interactions a week, the last column is judged by the 8 before; NaN does not count
    with_shock  multiply expectations by what the whole cohort did of its own

    Expectations are shrunk towards the cohort's mean, dispersions towards its median (empirical Bayes).
    """
    prior, last = counts[:, :-1], counts[:, -1]
    weeks = np.isfinite(prior).sum(axis=1)
    tested = (weeks >= LEAST_PRIOR_WEEKS) & np.isfinite(last)
    expected, p, q = np.full((3, len(counts)), np.nan)
    if not tested.any():
        return WeeklyAnomalies(expected, p, q, 1.0, 0)
    prior, last, weeks = prior[tested], last[tested], weeks[tested]
    mean = np.nanmean(prior, axis=1)
    variance = np.nanvar(prior, axis=1, ddof=1)
    noise = float((variance / weeks).mean())
    spread = max(float(mean.var(ddof=1)) - noise if len(mean) > 1 else 0.0, 1e-9)
    shrink = noise / (noise + spread)
    level = np.maximum(shrink * mean.mean() + (1 - shrink) * mean, 1e-6)

    own = np.divide(variance, mean, out=np.full(len(mean), np.nan), where=mean > 0)
    common = float(np.nanmedian(own)) if np.isfinite(own).any() else LEAST_DISPERSION
    own = np.where(np.isfinite(own), own, common)
    dispersion = np.maximum(((weeks - 1) * own + 8 * common) / (weeks + 7), LEAST_DISPERSION)

    shock = float(np.clip(last.sum() / level.sum(), *SHOCK_RANGE)) if with_shock else 1.0
    level = shock * level
    # The expectation itself is uncertain, by the mean of as many weeks.
    total_variance = level * dispersion + dispersion * level / weeks
    size = level**2 / (total_variance - level)
    chance = size / (size + level)
    at_most = betainc(size, last + 1, chance)
    at_least = np.where(last > 0, 1 - betainc(size, np.maximum(last, 1), chance), 1.0)
    expected[tested] = level
    p[tested] = np.clip(2 * np.minimum(at_most, at_least), 0.0, 1.0)
    q[tested] = false_discovery(p[tested])
    return WeeklyAnomalies(expected, p, q, shock, int(tested.sum()))


def false_discovery(p: np.ndarray) -> np.ndarray:
    """The q of each of n p: the smallest share of false finds at which it would be found; float (n,)."""
    order = np.argsort(p)
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return q


def weekly_anomaly(history: History) -> Outcome:
    """Whether the last week that is over had far more or fewer interactions than the learner's weeks before.

    Strength: 1 - q.
    """
    last = history.last_complete.toordinal()
    monday = last - last % 7 - 6
    counts = history.cohort
    prior = last_week = peers = 0
    if counts is not None:
        usable = (np.isfinite(counts[:, :-1]).sum(axis=1) >= LEAST_PRIOR_WEEKS) & np.isfinite(counts[:, -1])
        prior, last_week = int(np.isfinite(counts[0, :-1]).sum()), int(np.isfinite(counts[0, -1]))
        peers = int(usable[1:].sum())
    if missing := short_of(
        ("complete weeks before the last", prior, LEAST_PRIOR_WEEKS),
        ("complete last week", last_week, 1),
        ("others in the cohort with as many weeks", peers, LEAST_PEERS),
    ):
        return missing
    judged = weekly_anomalies(counts)
    if judged.q[0] > MOST_Q:
        return None
    observed = int(counts[0, -1])
    return Finding(
        1 - float(judged.q[0]),
        {
            "first_day": day_of(monday),
            "last_day": day_of(monday + 6),
            "direction": "up" if observed > judged.expected[0] else "down",
            "interactions": observed,
            "expected_interactions": float(judged.expected[0]),
            "weeks_before": [None if value != value else int(value) for value in counts[0, :-1]],
            "cohort_factor": judged.shock,
            "learners_tested": judged.tested,
            "p": float(judged.p[0]),
            "q": float(judged.q[0]),
        },
        history.events.on_days(range(monday, monday + 7)),
    )

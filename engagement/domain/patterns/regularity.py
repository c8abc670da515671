"""How alike a learner's weeks are, after Boroujeni and others 2016; every measure written down anew.

Logarithms are of base 2 throughout, all 24 hours and 7 days count, and what is compared is normalised to 0-1.
"""

import numpy as np
from scipy.special import entr

from engagement.domain.patterns.finding import Outcome, short_of
from engagement.domain.patterns.history import History

LEAST_ACTIVE_WEEKS, MOST_WEEKS = 3, 12
# With fewer hours of work the peak of their histogram is chance.
LEAST_ACTIVE_HOURS = 10


def entropy_share(counts: np.ndarray) -> float:
    """The entropy of k counts as a share of the most there can be: 0 all in one, 1 all equal; NaN without counts."""
    total = counts.sum()
    if not total:
        return float("nan")
    return float(entr(counts / total).sum() / np.log(len(counts)))


def peak_regularity(counts: np.ndarray) -> float:
    """PDH (k = 24) or PWD (k = 7): (log2 k - entropy in bits) times the largest share, 0 to log2 k."""
    shares = counts / counts.sum()
    return float((np.log2(len(counts)) - entr(shares).sum() / np.log(2)) * shares.max())


def same_days(active: np.ndarray) -> float:
    """WS1: over all pairs of active weeks, days active in both / the larger number of active days; 0-1.

    active   bool (w, 7)
    """
    active = active[active.any(axis=1)].astype(int)
    sizes = active.sum(axis=1)
    first, second = np.triu_indices(len(active), 1)
    shared = (active @ active.T)[first, second]
    return float((shared / np.maximum(sizes[first], sizes[second])).mean())


def same_profile(amounts: np.ndarray) -> float:
    """WS2: over all pairs of weeks with activity, 1 - Jensen-Shannon divergence (base 2) of their days; 0-1.

    amounts   float (w, 7), such as points
    """
    amounts = amounts[amounts.sum(axis=1) > 0]
    shares = amounts / amounts.sum(axis=1, keepdims=True)
    first, second = np.triu_indices(len(shares), 1)
    middle = (shares[first] + shares[second]) / 2
    own = entr(shares).sum(axis=1)
    divergence = (entr(middle).sum(axis=1) - (own[first] + own[second]) / 2) / np.log(2)
    return float((1 - divergence).mean())


def same_amounts(amounts: np.ndarray) -> float:
    """WS3: the same on amounts as they are: 1 - sum of (a - b)^2 / (a + b), divided by the sum of a + b; 0-1."""
    amounts = amounts[amounts.sum(axis=1) > 0]
    first, second = np.triu_indices(len(amounts), 1)
    total, apart = amounts[first] + amounts[second], amounts[first] - amounts[second]
    distance = np.divide(apart**2, total, out=np.zeros(total.shape), where=total > 0).sum(axis=1)
    return float((1 - distance / total.sum(axis=1)).mean())


def weekly_rhythm(active: np.ndarray) -> float:
    """FWD: |DFT| of n days' activity (bool (n,), whole weeks) at a period of 7 days, divided by n."""
    turns = np.exp(-2j * np.pi * np.arange(len(active)) / 7)
    return float(abs((active * turns).sum()) / len(active))


def regularity(history: History) -> Outcome:
    """How regular the last 12 whole weeks were: a measure, so it is found wherever there is enough to measure.

    Strength: WS2, how alike the weeks are in how work spreads over the weekdays.
    """
    weeks = history.weeks.last(MOST_WEEKS)
    active = weeks.active
    if missing := short_of(("active complete weeks", int(active.any(axis=1).sum()), LEAST_ACTIVE_WEEKS)):
        return missing
    weekdays = active.sum(axis=0)
    # Hours of work: each hour of each day counts once, however much was clicked in it.
    worked = np.unique(np.stack([history.events.days, history.events.hours], axis=1), axis=0)
    hours = np.bincount(worked[:, 1], minlength=24)
    enough_hours = len(worked) >= LEAST_ACTIVE_HOURS
    profile = same_profile(weeks.points)
    return history.on_weeks(
        profile,
        weeks,
        regularity_part=history.regularity,
        same_days=same_days(active),
        same_profile=profile,
        same_amounts=same_amounts(weeks.points),
        weekday_entropy=entropy_share(weekdays),
        peak_weekday=peak_regularity(weekdays),
        weekly_rhythm=weekly_rhythm(active.ravel()),
        hour_concentration=1 - entropy_share(hours) if enough_hours else None,
        peak_hour=peak_regularity(hours) if enough_hours else None,
        active_hours=len(worked),
        active_days_by_weekday=[int(count) for count in weekdays],
    )

"""Levels of weekly active days, and where one gives way to another."""

import numpy as np

from engagement.domain.patterns.finding import Outcome, short_of
from engagement.domain.patterns.history import History, day_of, of_weeks

LEAST_WEEKS, MOST_WEEKS = 8, 16
LEAST_SEGMENT = 2
# The variance of the transformed value, whatever the level: 1 / (4 n + 2), n = 7 (Anscombe 1948).
VARIANCE = 1 / 30
PENALTY = 3.0


def levelled(active_days: np.ndarray) -> np.ndarray:
    """Weekly active days (0-7) on a scale where chance moves every level alike: asin sqrt((y + 3/8) / (7 + 3/4))."""
    return np.arcsin(np.sqrt((np.asarray(active_days, dtype=float) + 0.375) / 7.75))


def change_points(active_days: np.ndarray) -> np.ndarray:
    """Where new levels begin in k series of w weekly active days, 0-7: bool (k, w) from int (k, w), w >= 4.

    The least sum of squares around the means of segments of at least 2 weeks, each change paid for with
    3 variances times ln w. That optimum is what PELT (Killick 2012) finds with pruning; for weeks of one term
    the plain recursion (Jackson 2005) over all learners at once is quicker.
    """
    z = levelled(active_days)
    rows, weeks = z.shape
    zero = np.zeros((rows, 1))
    sums = np.hstack([zero, np.cumsum(z, axis=1)])
    squares = np.hstack([zero, np.cumsum(z * z, axis=1)])
    penalty = PENALTY * VARIANCE * np.log(weeks)

    best = np.full((rows, weeks + 1), np.inf)
    best[:, 0] = -penalty
    begins = np.zeros((rows, weeks + 1), dtype=int)
    for end in range(LEAST_SEGMENT, weeks + 1):
        starts = np.arange(end - LEAST_SEGMENT + 1)
        length = end - starts
        total = sums[:, end, None] - sums[:, starts]
        cost = squares[:, end, None] - squares[:, starts] - total * total / length
        all_costs = best[:, starts] + cost + penalty
        begins[:, end] = np.argmin(all_costs, axis=1)
        best[:, end] = np.min(all_costs, axis=1)

    found = np.zeros((rows, weeks), dtype=bool)
    at, every = np.full(rows, weeks), np.arange(rows)
    while (at > 0).any():
        at = begins[every, at]
        inside = at > 0
        found[every[inside], at[inside]] = True
    return found


def change_point(history: History) -> Outcome:
    """The newest change of level of weekly active days within the last 8 to 16 whole weeks.

    Strength: the difference of the two levels in active days a week, as a share of 7.
    """
    if missing := short_of(("complete weeks", len(history.weeks), LEAST_WEEKS)):
        return missing
    weeks = history.weeks.last(MOST_WEEKS)
    values = weeks.active_days
    places = np.flatnonzero(change_points(values[None, :])[0])
    if not len(places):
        return None
    begins = int(places[-2]) if len(places) > 1 else 0
    before = values[begins : places[-1]].mean()
    after = values[places[-1] :].mean()
    return history.on_days(
        abs(float(after - before)) / 7,
        # Of both levels: the newer one may be nothing at all.
        weeks.last(len(values) - begins).days.tolist(),
        of_weeks(
            weeks,
            direction="up" if after > before else "down",
            changed_on=day_of(weeks.starts[places[-1]]),
            active_days_before=float(before),
            active_days_after=float(after),
            weeks_after=len(values) - int(places[-1]),
            active_days_by_week=[int(value) for value in values],
            all_changes=[day_of(weeks.starts[place]) for place in places],
        ),
    )

"""A fortnight's work squeezed into its last days, or into two."""

import numpy as np

from engagement.domain.patterns.bursts import LEAST_ACTIVE_DAYS, LEAST_BURST_POINTS
from engagement.domain.patterns.finding import Outcome, short_of
from engagement.domain.patterns.history import History, day_of

FORTNIGHT = 14
# 72 hours before a deadline: its day and the two before. Without one, any two days in a row.
DAYS_BEFORE_DEADLINE, DAYS_WITHOUT = 3, 2
LEAST_POINTS = 300.0
LEAST_SHARE, LEAST_ZERO_DAYS = 0.60, 5
# Two usual days in a fortnight are little work, not crammed work: without a deadline each must also be a full one.
LEAST_AGAINST_USUAL = 1.5


def fullest_run(points: np.ndarray, days: int) -> tuple[int, float]:
    """Where the fullest run of so many days begins, and its share of all points, 0-1; (0, 0) without points."""
    total = float(points.sum())
    sums = np.convolve(points, np.ones(days), "valid")
    start = int(np.argmax(sums))
    return (start, float(sums[start]) / total) if total > 0 else (0, 0.0)


def cramming(history: History) -> Outcome:
    """60 % of 14 days' points within the 72 hours before a deadline, or within 2 days where no deadline is known.

    At least 5 of the 14 days are without any points. With deadlines, the newest of the range is looked at;
    without, the 14 counting days that end with the range, and the 2 days have 200 points each on average and
    1.5 times the learner's usual active day. Strength: the share.
    """
    due = [
        place
        for day in sorted(history.deadlines, reverse=True)
        if history.first <= day <= history.last
        and (place := int(np.searchsorted(history.days, day.toordinal(), side="right"))) >= FORTNIGHT
    ]
    end = due[0] if due else len(history.days)
    days, points = history.days[max(0, end - FORTNIGHT) : end], history.points[max(0, end - FORTNIGHT) : end]
    if missing := short_of(
        ("counting days", len(days), FORTNIGHT), ("points in 14 counting days", float(points.sum()), LEAST_POINTS)
    ):
        return missing
    if due:
        start, length = FORTNIGHT - DAYS_BEFORE_DEADLINE, DAYS_BEFORE_DEADLINE
        share = float(points[start:].sum() / points.sum())
    else:
        length = DAYS_WITHOUT
        start, share = fullest_run(points, length)
    zero_days = int((points == 0).sum())
    if share < LEAST_SHARE or zero_days < LEAST_ZERO_DAYS:
        return None
    if not due and points[start : start + length].mean() < _full_day(history):
        return None
    return history.on_days(
        share,
        days[start : start + length].tolist(),
        {
            "first_day": day_of(days[0]),
            "last_day": day_of(days[-1]),
            "share": share,
            "crammed_days": [day_of(day) for day in days[start : start + length]],
            "points": float(points.sum()),
            "zero_days": zero_days,
            "deadline": day_of(days[-1]) if due else None,
        },
    )


def _full_day(history: History) -> float:
    """Points from which on a day is a full one for this learner."""
    if history.active.sum() < LEAST_ACTIVE_DAYS:
        return LEAST_BURST_POINTS
    return max(LEAST_BURST_POINTS, LEAST_AGAINST_USUAL * float(np.median(history.points[history.active])))

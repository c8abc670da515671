"""Days of far more work than a learner's usual one, and what comes after them."""

import numpy as np

from engagement.domain.patterns.finding import Outcome, short_of
from engagement.domain.patterns.history import History, day_of

LEAST_ACTIVE_DAYS = 8
BURST_FACTOR, LEAST_BURST_POINTS = 3.0, 200.0
LEAST_GAPS = 5
# Silence after a burst: as long as twice the learner's long gap, and a week at least.
SILENCE_FACTOR, LEAST_SILENT_DAYS = 2.0, 7


def burst_days(points: np.ndarray, active: np.ndarray) -> np.ndarray:
    """Where D is 3 times the learner's median active day or more, and 200 points or more; bool (d,)."""
    if not active.any():
        return np.zeros(len(points), dtype=bool)
    return points >= max(BURST_FACTOR * float(np.median(points[active])), LEAST_BURST_POINTS)


def burst(history: History) -> Outcome:
    """Days of the range with far more work than the learner's usual active day.

    Strength: how far the largest of them lies above the usual day, 1 - usual / largest.
    """
    if missing := short_of(("active days", int(history.active.sum()), LEAST_ACTIVE_DAYS)):
        return missing
    places = np.flatnonzero(burst_days(history.points, history.active) & history.in_range)
    if not len(places):
        return None
    usual = float(np.median(history.points[history.active]))
    largest = float(history.points[places].max())
    days = history.days[places].tolist()
    return history.on_days(
        1 - usual / largest,
        days,
        history.looked_at(
            days=[day_of(day) for day in days],
            points_by_day=[float(value) for value in history.points[places]],
            usual_points=usual,
            largest_points=largest,
        ),
    )


def binge_then_silence(history: History) -> Outcome:
    """A day of far more work than usual, then days without any, in the range; the newest time it happened.

    Silent days are counting days without an active one: at least 7, and at least twice the learner's long gap
    (the 90th percentile of the others). Strength: silent days / twice that limit, up to 1.
    """
    gaps = history.gaps
    if missing := short_of(
        ("gaps between active days", len(gaps), LEAST_GAPS),
        ("active days", int(history.active.sum()), LEAST_ACTIVE_DAYS),
    ):
        return missing
    bursts = burst_days(history.points, history.active)
    active = np.flatnonzero(history.active)
    running = len(history.days) - 1 - int(active[-1])
    for order in range(len(active) - 1, -1, -1):
        place = active[order]
        if not (bursts[place] and history.in_range[place]):
            continue
        is_running = order == len(active) - 1
        silent = running if is_running else int(gaps[order]) - 1
        others = gaps if is_running else np.delete(gaps, order)
        long_gap = float(np.percentile(others, 90))
        limit = max(LEAST_SILENT_DAYS, SILENCE_FACTOR * long_gap)
        if silent >= limit:
            day = int(history.days[place])
            return history.on_days(
                min(1.0, silent / (2 * limit)),
                [day],
                history.looked_at(
                    burst_day=day_of(day),
                    points=float(history.points[place]),
                    usual_points=float(np.median(history.points[history.active])),
                    silent_days=silent,
                    still_silent=is_running,
                    long_gap_days=long_gap,
                    limit_days=float(limit),
                ),
            )
    return None

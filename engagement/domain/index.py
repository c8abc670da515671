"""The engagement index L of a learner over 28 days (docs/engagement-score.md).

Works on counting days: days on which the clock runs. Day 0 is today; paused days are left out before the
arrays come here, so age i is the i-th counting day back, not the i-th on the wall calendar.
"""

from dataclasses import dataclass

import numpy as np

from interactions.domain.scoring import ACTIVE_DAY_POINTS, level_of, round_half_up

WINDOW_DAYS = 28
LEAST_DAYS = 7
HALF_LIFE_DAYS = 14.0
ACTIVE_DAYS_A_WEEK = 4.0
# The weighted activity that counts as full: 40 % of what working hard every day would give.
FULL_ACTIVITY = 0.40
DEEP_DAYS_IN_FULL_WINDOW = 8
ACTIVITY_POINTS, REGULARITY_POINTS, DEPTH_POINTS = 50.0, 30.0, 20.0

_AGE_WEIGHTS = np.exp2(-np.arange(WINDOW_DAYS) / HALF_LIFE_DAYS)
_WEEK_WEIGHTS = np.exp2(-7 * np.arange(WINDOW_DAYS // 7) / HALF_LIFE_DAYS)


@dataclass(frozen=True, slots=True)
class Indexes:
    """The index of k learners; every array has shape (k,), NaN where the tenure is below 7 days.

    activity, regularity, depth   parts, 0-1
    score                         L, 0-100, rounded half up to 2 decimals
    days                          n, counting days looked at (0-28)
    """

    activity: np.ndarray
    regularity: np.ndarray
    depth: np.ndarray
    score: np.ndarray
    days: np.ndarray

    def level(self, index: int) -> str | None:
        score = self.score[index]
        return None if score != score else level_of(float(score))


def engagement_indexes(points: np.ndarray, best: np.ndarray, tenure: np.ndarray) -> Indexes:
    """L of k learners.

    points  (k, 28) capped base points D of each counting day, column 0 is today
    best    (k, 28) the highest base points P of one interaction on that day, 0-100
    tenure  (k,)    counting days since enrolment, today included
    """
    days = np.clip(tenure, 0, WINDOW_DAYS).astype(int)
    ages = np.arange(WINDOW_DAYS)
    inside = ages[None, :] < days[:, None]
    points = np.where(inside, points, 0.0)

    effort = 1 - np.exp2(-points / 100)
    possible = FULL_ACTIVITY * (inside * _AGE_WEIGHTS).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        activity = np.minimum(1.0, (effort * _AGE_WEIGHTS).sum(axis=1) / possible)
        regularity = _regularity(points >= ACTIVE_DAY_POINTS, days)
    depth = _depth(np.where(inside, best, 0.0) / 100, days)
    score = round_half_up(ACTIVITY_POINTS * activity + REGULARITY_POINTS * regularity + DEPTH_POINTS * depth)

    enough = days >= LEAST_DAYS
    return Indexes(
        *(np.where(enough, part, np.nan) for part in (activity, regularity, depth, score)),
        days=days,
    )


def _regularity(active: np.ndarray, days: np.ndarray) -> np.ndarray:
    """R over complete weeks only: how near each week comes to four active days, newer weeks weighing more."""
    per_week = active.reshape(len(active), WINDOW_DAYS // 7, 7).sum(axis=2)
    complete = np.arange(WINDOW_DAYS // 7)[None, :] < (days // 7)[:, None]
    weights = complete * _WEEK_WEIGHTS
    return (weights * np.minimum(1.0, per_week / ACTIVE_DAYS_A_WEEK)).sum(axis=1) / weights.sum(axis=1)


def _depth(best: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Q: the mean of the m best days, m = max(1, ceil(8 n / 28))."""
    wanted = np.maximum(1, -(-DEEP_DAYS_IN_FULL_WINDOW * days // WINDOW_DAYS))
    ordered = -np.sort(-best, axis=1)
    return np.where(np.arange(WINDOW_DAYS)[None, :] < wanted[:, None], ordered, 0.0).sum(axis=1) / wanted

"""The score to expect on the usual case of a specialty, help counted.

An interval is as wide as forecasts for learners with about as many attempts were off (Mondrian conformal prediction:
each bin judges itself).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engagement.domain.elo import LEAST_IN_SPECIALTY, Ability, Scale, expected_score
from engagement.domain.forecast.conformal import MISS, conformal_quantile
from engagement.domain.insufficient import Insufficient, Need

LEAST_ATTEMPTS = 5
# Lower ends of the bins of attempts: 1-4, 5-9, 10 and more.
ATTEMPT_BINS = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class ExpectedScore:
    """value 0-100; low, high the 80 % interval, None where too few forecasts were ever checked; attempts counted."""

    value: float
    low: float | None
    high: float | None
    attempts: int


def attempt_bin(attempts: np.ndarray) -> np.ndarray:
    """0, 1, 2 by ATTEMPT_BINS, (k,)."""
    return np.clip(np.searchsorted(ATTEMPT_BINS, attempts, side="right") - 1, 0, len(ATTEMPT_BINS) - 1)


def half_widths(residuals: np.ndarray, attempts: np.ndarray, miss: float = MISS) -> dict[int, float]:
    """Half width of the interval by bin, in points; bins with fewer than 30 checked forecasts are left out.

    residuals  (r,) score that came minus score expected, 0-100
    attempts   (r,) attempts the learner had had in the specialty when the forecast was made
    """
    bins = attempt_bin(attempts)
    widths = {}
    for number in range(len(ATTEMPT_BINS)):
        width = conformal_quantile(np.abs(residuals[bins == number]), miss)
        if width is not None:
            widths[number] = width
    return widths


def performance_of(
    ability: Ability, specialty: str, scale: Scale, widths: Mapping[int, float]
) -> ExpectedScore | Insufficient:
    """What to expect of one learner in one specialty; `widths` as half_widths gives them."""
    attempts = ability.attempts(specialty)
    needs = (
        Need("scored attempts", ability.general.attempts, LEAST_ATTEMPTS),
        Need("scored attempts in the specialty", attempts, LEAST_IN_SPECIALTY),
    )
    if missing := tuple(need for need in needs if need.have < need.need):
        return Insufficient(missing)
    value = 100 * expected_score(ability, specialty, scale.usual_in(specialty))
    width = widths.get(int(attempt_bin(np.array(attempts))))
    low, high = (None, None) if width is None else (max(0.0, value - width), min(100.0, value + width))
    return ExpectedScore(value, low, high, attempts)

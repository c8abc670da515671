"""The score to expect on a case of middling difficulty in a specialty, from abilities in logits.

Abilities and attempt counts come as arrays, wherever they were estimated. An interval is as wide as forecasts for
learners with about as many attempts were off (Mondrian conformal prediction: each bin judges itself).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engagement.domain.forecast.conformal import MISS, conformal_quantile
from engagement.domain.insufficient import Insufficient, Need

LEAST_ATTEMPTS = 5
LEAST_IN_SPECIALTY = 3
REFERENCE_DIFFICULTY = 0.0
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


def expected_scores(general: np.ndarray, in_specialty: np.ndarray, difficulty: float = REFERENCE_DIFFICULTY):
    """100 sigma(G + L - D), (k,): general ability, the specialty's own part, both in logits."""
    return 100 / (1 + np.exp(-(general + in_specialty - difficulty)))


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
    *, general: float, in_specialty: float, attempts: int, attempts_in_specialty: int, widths: Mapping[int, float]
) -> ExpectedScore | Insufficient:
    """What to expect of one learner in one specialty; `widths` as half_widths gives them."""
    needs = (
        Need("scored attempts", attempts, LEAST_ATTEMPTS),
        Need("scored attempts in the specialty", attempts_in_specialty, LEAST_IN_SPECIALTY),
    )
    if missing := tuple(need for need in needs if need.have < need.need):
        return Insufficient(missing)
    value = float(expected_scores(np.array(general), np.array(in_specialty)))
    width = widths.get(int(attempt_bin(np.array(attempts_in_specialty))))
    low, high = (None, None) if width is None else (max(0.0, value - width), min(100.0, value + width))
    return ExpectedScore(value, low, high, attempts_in_specialty)

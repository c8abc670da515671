"""A rule for whom too few others are there to learn from: silent for twice the longest usual gap."""

from dataclasses import dataclass

import numpy as np

from engagement.domain.insufficient import Insufficient, Need

LEAST_GAPS = 5
USUAL = 90
TIMES = 2.0


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """days_since the last active day; usual_gap, the learner's 90th percentile; unusual: more than twice of it."""

    days_since: int
    usual_gap: float
    unusual: bool


def silence_rule(active: np.ndarray) -> RuleAnswer | Insufficient:
    """Says nothing about a probability. `active` (n,) bool, newest first."""
    ages = np.flatnonzero(active)
    gaps = np.diff(ages)
    if len(gaps) < LEAST_GAPS:
        return Insufficient((Need("gaps between active days", len(gaps), LEAST_GAPS),))
    usual = float(np.percentile(gaps, USUAL))
    return RuleAnswer(int(ages[0]), usual, bool(ages[0] > TIMES * usual))

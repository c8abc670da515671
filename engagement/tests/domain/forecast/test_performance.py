import numpy as np
import pytest

from engagement.domain.elo import Ability, Estimate, Scale
from engagement.domain.forecast.performance import ExpectedScore, half_widths, performance_of
from engagement.domain.insufficient import Insufficient, Need


def test_the_interval_is_of_learners_with_about_as_many_attempts():
    residuals = np.concatenate([np.full(40, -20.0), np.full(40, 8.0), np.full(29, 1.0)])
    widths = half_widths(residuals, np.repeat([2, 7, 12], [40, 40, 29]))
    assert widths == {0: 20.0, 1: 8.0}
    scale = Scale(usual={"cardiology": -0.522522})
    value = pytest.approx(73.9822, abs=1e-3)
    low, high = pytest.approx(65.9822, abs=1e-3), pytest.approx(81.9822, abs=1e-3)
    assert performance_of(able(9, 6), "cardiology", scale, widths) == ExpectedScore(value, low, high, 6)
    assert performance_of(able(10, 10), "cardiology", scale, widths) == ExpectedScore(value, None, None, 10)


def test_few_attempts_give_no_score():
    answer = performance_of(able(4, 2), "cardiology", Scale(), {})
    assert answer == Insufficient((Need("scored attempts", 4, 5), Need("scored attempts in the specialty", 2, 3)))


def able(overall: int, here: int) -> Ability:
    return Ability(Estimate(0.261261, overall), {"cardiology": Estimate(0.261261, here)})

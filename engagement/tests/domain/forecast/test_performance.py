import numpy as np
import pytest

from engagement.domain.forecast.performance import ExpectedScore, half_widths, performance_of
from engagement.domain.insufficient import Insufficient, Need


def test_the_interval_is_of_learners_with_about_as_many_attempts():
    residuals = np.concatenate([np.full(40, -20.0), np.full(40, 8.0), np.full(29, 1.0)])
    widths = half_widths(residuals, np.repeat([2, 7, 12], [40, 40, 29]))
    assert widths == {0: 20.0, 1: 8.0}
    told = dict(general=0.261261, in_specialty=0.261261, attempts=9, widths=widths)
    value = pytest.approx(62.7737, abs=1e-3)
    low, high = pytest.approx(54.7737, abs=1e-3), pytest.approx(70.7737, abs=1e-3)
    assert performance_of(attempts_in_specialty=6, **told) == ExpectedScore(value, low, high, 6)
    assert performance_of(attempts_in_specialty=10, **told) == ExpectedScore(value, None, None, 10)


def test_few_attempts_give_no_score():
    answer = performance_of(general=0, in_specialty=0, attempts=4, attempts_in_specialty=2, widths={})
    assert answer == Insufficient((Need("scored attempts", 4, 5), Need("scored attempts in the specialty", 2, 3)))

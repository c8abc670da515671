import numpy as np
import pytest

from engagement.domain.forecast.conformal import adapted, conformal_quantile, fit_band, missed_share


def test_the_quantile_is_the_one_whose_rank_keeps_the_promise():
    assert conformal_quantile(np.arange(1.0, 31), miss=0.2) == 25  # ceil(31 * .8) = 25
    assert conformal_quantile(np.arange(1.0, 30)) is None
    assert conformal_quantile(np.arange(1.0, 31), miss=0.01) is None


def test_the_level_follows_what_was_missed():
    assert adapted(0.2, missed=0.3) == pytest.approx(0.198)
    assert adapted(0.2, missed=0.1) == pytest.approx(0.202)
    assert adapted(0.01, missed=1.0) == 0.01


def outcomes(seed: int, k: int = 4000):
    """Expectations, and counts that scatter around them far more than Poisson; a third does nothing."""
    rng = np.random.default_rng(seed)
    expected = rng.gamma(1.5, 8, k)
    came = rng.negative_binomial(1.2, 1.2 / (1.2 + expected * 1.5)) * (rng.random(k) < 2 / 3)
    return expected, came.astype(float)


def test_four_of_five_outcomes_fall_inside():
    band = fit_band(*outcomes(1))
    expected, came = outcomes(2)
    assert 0.77 <= 1 - missed_share(*band.interval(expected), came) <= 0.83
    assert 0.45 <= np.mean(came <= band.quantiles(expected)[1]) <= 0.60


def test_an_interval_never_goes_below_nothing_nor_beyond_what_can_be():
    low, high = fit_band(*outcomes(1)).interval(np.array([0.0, 0.1, 500.0]), most=7)
    assert (low >= 0).all() and (high <= 7).all() and (low <= high).all()


def test_too_few_outcomes_give_no_band():
    assert fit_band(*outcomes(1, k=59)) is None
    assert fit_band(*outcomes(1, k=60)) is not None

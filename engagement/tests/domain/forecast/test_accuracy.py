import numpy as np
import pytest
from sklearn.metrics import mean_pinball_loss, roc_auc_score

from engagement.domain.forecast.accuracy import auc, brier, calibration, calibration_error, pinball


def test_auc_equals_the_reference_with_ties():
    rng = np.random.default_rng(3)
    score, happened = rng.integers(0, 6, 300) / 6, rng.random(300) < 0.3
    assert auc(score, happened) == pytest.approx(roc_auc_score(happened, score))
    assert auc(score, np.ones(300)) is None


def test_brier_pinball_and_calibration():
    assert brier(np.array([0.5, 1.0]), np.array([0, 1])) == 0.125
    quantile, came = np.array([3.0, 5.0]), np.array([4.0, 1.0])
    assert pinball(quantile, came, 0.9) == pytest.approx(mean_pinball_loss(came, quantile, alpha=0.9))
    said = np.repeat([0.1, 0.6], 100)
    came = np.concatenate([np.arange(100) < 20, np.arange(100) < 50])
    assert calibration(said, came, bins=2) == [(pytest.approx(0.1), 0.2, 100), (pytest.approx(0.6), 0.5, 100)]
    assert calibration_error(said, came, bins=2) == pytest.approx(0.1)
    assert calibration_error(said[:199], came[:199]) is None

"""How good forecasts were: of events (AUC, Brier, calibration) and of amounts (RMSE, MAE, pinball)."""

import numpy as np

BINS = 10
LEAST_CASES_FOR_CALIBRATION = 200


def brier(probability: np.ndarray, happened: np.ndarray) -> float:
    """Mean squared error of probabilities."""
    return float(np.mean((probability - happened) ** 2))


def auc(score: np.ndarray, happened: np.ndarray) -> float | None:
    """P(a case where it happened scores higher than one where it did not), ties half; None with one kind only."""
    happened = happened.astype(bool)
    yes, no = int(happened.sum()), int((~happened).sum())
    if not yes or not no:
        return None
    # Only training asks, and scipy.stats is a third of what a worker would hold.
    from scipy.stats import rankdata

    return float((rankdata(score)[happened].sum() - yes * (yes + 1) / 2) / (yes * no))


def calibration_error(probability: np.ndarray, happened: np.ndarray, bins: int = BINS) -> float | None:
    """Expected calibration error in bins of equally many cases; None with fewer than 200."""
    if len(probability) < LEAST_CASES_FOR_CALIBRATION:
        return None
    return float(
        sum(abs(said - came) * n for said, came, n in calibration(probability, happened, bins)) / len(probability)
    )


def calibration(probability: np.ndarray, happened: np.ndarray, bins: int = BINS) -> list[tuple[float, float, int]]:
    """In bins of equally many cases, lowest first: mean probability said, share that happened, cases."""
    order = np.argsort(probability, kind="stable")
    parts = (part for part in np.array_split(order, bins) if len(part))
    return [(float(probability[part].mean()), float(happened[part].mean()), len(part)) for part in parts]


def rmse(expected: np.ndarray, observed: np.ndarray) -> float:
    return float(np.sqrt(np.mean((expected - observed) ** 2)))


def mae(expected: np.ndarray, observed: np.ndarray) -> float:
    return float(np.mean(np.abs(expected - observed)))


def pinball(quantile: np.ndarray, observed: np.ndarray, level: float) -> float:
    """Mean pinball loss of a forecast of the `level` quantile, 0-1."""
    error = observed - quantile
    return float(np.mean(np.maximum(level * error, (level - 1) * error)))

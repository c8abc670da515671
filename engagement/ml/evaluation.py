"""How good forecasts were on cases that came after everything they were made from."""

from dataclasses import dataclass

import numpy as np

from engagement.domain.forecast.accuracy import auc, brier, calibration, calibration_error, mae, pinball, rmse
from engagement.domain.forecast.conformal import Band, missed_share

REPEATS = 1_000
CAPACITY = 0.05


@dataclass(frozen=True, slots=True)
class EventScore:
    """Forecasts of an event: cases, share that happened, AUC, Brier beside that of the bare share, calibration.

    auc, calibration_error   None where it cannot be told (one outcome only; fewer than 200 cases)
    top_share                how many of the 5 % with the highest forecasts it happened to
    bins                     mean forecast, share that happened, cases; lowest first
    """

    cases: int
    base_rate: float
    auc: float | None
    brier: float
    base_rate_brier: float
    calibration_error: float | None
    top_share: float
    bins: list[tuple[float, float, int]]


# What is said of no case at all.
NOBODY = EventScore(0, 0.0, None, 0.0, 0.0, None, 0.0, [])


def event_score(probability: np.ndarray, happened: np.ndarray) -> EventScore:
    rate = float(happened.mean())
    top = np.argsort(-probability, kind="stable")[: max(1, int(CAPACITY * len(happened)))]
    return EventScore(
        len(happened),
        rate,
        auc(probability, happened),
        brier(probability, happened),
        rate * (1 - rate),
        calibration_error(probability, happened),
        float(happened[top].mean()),
        calibration(probability, happened),
    )


@dataclass(frozen=True, slots=True)
class AmountScore:
    """Forecasts of an amount. pinball: mean over the quantiles .1, .5 and .9; coverage of the 80 % interval."""

    cases: int
    rmse: float
    mae: float
    pinball: float
    coverage: float


def amount_score(expected: np.ndarray, came: np.ndarray, band: Band, most: float = np.inf) -> AmountScore:
    """Of expectations (k,) with the band around them, and what came; amounts go up to `most`."""
    quantiles = band.quantiles(expected)
    losses = [pinball(value, came, level) for value, level in zip(quantiles, (0.1, 0.5, 0.9), strict=True)]
    missed = missed_share(*band.interval(expected, most=most), came)
    return AmountScore(len(came), rmse(expected, came), mae(expected, came), float(np.mean(losses)), 1 - missed)


class LearnerBootstrap:
    """Draws learners with all their cases, since cases of one learner are no independent news."""

    def __init__(self, learner: np.ndarray, repeats: int = REPEATS, seed: int = 0):
        _, self._place = np.unique(learner, return_inverse=True)
        self._learners, self._repeats, self._seed = int(self._place.max()) + 1, repeats, seed

    def weights(self):
        """How often each case is drawn, (n,), once for every repeat; the same each time."""
        rng = np.random.default_rng(self._seed)
        for _ in range(self._repeats):
            drawn = np.bincount(rng.integers(0, self._learners, self._learners), minlength=self._learners)
            yield drawn[self._place]

    def brier_gain(self, ours: np.ndarray, other: np.ndarray, happened: np.ndarray) -> tuple[float, float]:
        """95 % interval of the other's Brier less ours: above 0, ours is better."""
        return self.mean_gain((other - happened) ** 2 - (ours - happened) ** 2)

    def mean_gain(self, gain: np.ndarray) -> tuple[float, float]:
        """95 % interval of the mean of (n,) values."""
        return _interval([float(weights @ gain) / weights.sum() for weights in self.weights()])

    def auc_and_gain(self, ours: np.ndarray, other: np.ndarray, happened: np.ndarray):
        """95 % intervals of our AUC and of ours less the other's."""
        mine, others = WeightedAuc(ours, happened), WeightedAuc(other, happened)
        pairs = np.array([(mine(weights), others(weights)) for weights in self.weights()])
        return _interval(pairs[:, 0]), _interval(pairs[:, 0] - pairs[:, 1])


class WeightedAuc:
    """AUC with a weight on each case, sorted once and asked many times."""

    def __init__(self, score: np.ndarray, happened: np.ndarray):
        self._order = np.argsort(score, kind="stable")
        ordered = score[self._order]
        self._starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
        self._happened = happened[self._order].astype(float)

    def __call__(self, weights: np.ndarray) -> float:
        weights = weights[self._order].astype(float)
        yes = np.add.reduceat(weights * self._happened, self._starts)
        no = np.add.reduceat(weights * (1 - self._happened), self._starts)
        below = np.cumsum(no) - no
        possible = yes.sum() * no.sum()
        return float((yes * (below + no / 2)).sum() / possible) if possible else float("nan")


def _interval(values) -> tuple[float, float]:
    low, high = np.nanquantile(np.asarray(values), [0.025, 0.975])
    return float(low), float(high)


def better(ours: EventScore, other: EventScore) -> bool:
    """Whether ours has the higher AUC and the lower Brier; never where an AUC cannot be told."""
    known = ours.auc is not None and other.auc is not None
    return known and ours.auc > other.auc and ours.brier < other.brier

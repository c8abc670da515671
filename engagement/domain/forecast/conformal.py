"""Intervals that hold what they promise, made from how far past forecasts were off.

Split conformal prediction: nothing is assumed about the errors but that tomorrow's are like yesterday's. What an
80 % interval promises holds over all learners together, not for each one, and not when habits change; so the
level follows what was really missed (adaptive conformal inference, Gibbs and Candes 2021).
"""

from dataclasses import dataclass

import numpy as np

MISS = 0.20
# The step after one outcome, and after a week's share over many learners, which is far less a matter of chance.
ADAPTATION, POOLED_ADAPTATION = 0.02, 0.2
LEAST_RESIDUALS = 30
_CASES_A_BIN, _MOST_BINS = 200, 12
# A band is never drawn in further than this, in log1p: where most learners do nothing, nothing would be left of it.
_MOST_DRAWN_IN = 0.7


def conformal_quantile(residuals: np.ndarray, miss: float = MISS) -> float | None:
    """The ceil((n+1)(1-miss))-th smallest; None with fewer than 30 of them, or too few for so small a miss."""
    n = len(residuals)
    rank = int(np.ceil((n + 1) * (1 - miss)))
    if n < LEAST_RESIDUALS or rank > n:
        return None
    return float(np.partition(residuals, rank - 1)[rank - 1])


def adapted(level: float, missed: float, *, target: float = MISS, rate: float = ADAPTATION) -> float:
    """The next level after a share `missed` of the newest outcomes fell outside: level + rate (target - missed)."""
    return float(np.clip(level + rate * (target - missed), 0.01, 0.50))


@dataclass(frozen=True, slots=True)
class Band:
    """How an expectation widens into an interval; lists of b values, one for each bin of expectations.

    edges             the b - 1 borders between bins
    low, middle, high quantiles of log1p(observed) - log1p(expected) in a bin
    widening          added on both sides, in log1p, so that together they miss what they may
    cases             how many outcomes it was made from
    """

    edges: tuple[float, ...]
    low: tuple[float, ...]
    middle: tuple[float, ...]
    high: tuple[float, ...]
    widening: float
    cases: int

    def interval(self, expected: np.ndarray, *, most: float = np.inf) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper end, (k,) each, between 0 and `most`."""
        low, high = self._ends(expected)
        # What starts at nothing keeps starting there when the band is drawn in.
        low = np.where(low <= 0, 0.0, low - self.widening)
        high = np.maximum(high + self.widening, 0)
        low = np.minimum(low, high)
        return tuple(np.clip(np.expm1(end), 0.0, most) for end in (low, high))

    def quantiles(self, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The quantiles miss/2, 1/2 and 1 - miss/2 of what comes, (k,) each."""
        place, (low, high) = np.searchsorted(self.edges, expected), self._ends(expected)
        middle = np.log1p(expected) + np.array(self.middle)[place]
        return tuple(np.maximum(np.expm1(value), 0.0) for value in (low, middle, high))

    def _ends(self, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        place, centre = np.searchsorted(self.edges, expected), np.log1p(expected)
        return centre + np.array(self.low)[place], centre + np.array(self.high)[place]


def fit_band(expected: np.ndarray, observed: np.ndarray, miss: float = MISS) -> Band | None:
    """A band from past forecasts (k,) and what came of them (k,); None with fewer than 60.

    Every other case tells the shape, the rest tell how much to widen it, so neither judges itself.
    """
    shape, judge = slice(0, None, 2), slice(1, None, 2)
    if len(expected) < 2 * LEAST_RESIDUALS:
        return None
    bins = int(np.clip(len(expected) // _CASES_A_BIN, 1, _MOST_BINS))
    edges = np.unique(np.quantile(expected[shape], np.arange(1, bins) / bins))
    place = np.searchsorted(edges, expected[shape])
    residuals = np.log1p(observed[shape]) - np.log1p(expected[shape])
    quantiles = [
        np.quantile(residuals[place == number], [miss / 2, 0.5, 1 - miss / 2])
        if (place == number).any()
        else np.zeros(3)
        for number in range(len(edges) + 1)
    ]
    low, middle, high = (tuple(float(value) for value in column) for column in zip(*quantiles, strict=True))
    band = Band(tuple(map(float, edges)), low, middle, high, 0.0, len(expected))
    widening = conformal_quantile(_outside(band, expected[judge], observed[judge]), miss)
    widening = max(0.0 if widening is None else widening, -_MOST_DRAWN_IN)
    return Band(band.edges, low, middle, high, widening, len(expected))


def _outside(band: Band, expected: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """How far outside its interval each outcome lies in log1p, negative inside.

    Below nothing there is nothing: an interval that starts at 0 cannot be missed on that side.
    """
    (low, high), seen = band._ends(expected), np.log1p(observed)
    below = np.where(low > 0, low - seen, -np.inf)
    return np.maximum(below, np.where(observed > 0, seen - high, -np.inf))


def missed_share(low: np.ndarray, high: np.ndarray, observed: np.ndarray) -> float:
    return float(np.mean((observed < low) | (observed > high)))

"""Active days as coin tosses by somebody who may have left for good: the BG/BB model.

Each day a learner who is still there is active with his own probability p, and leaves with his own probability
theta before the next; p is Beta(alpha, beta) and theta Beta(gamma, delta) over the cohort. What a learner did is
told in full by (x, t_x, n): how many active days, on which day the last, of how many.

Source: Fader, Hardie and Shang, Customer-Base Analysis in a Discrete-Time Noncontractual Setting, Marketing
Science 29 (2010). Everything is reckoned in logarithms, for the Beta functions underflow within weeks.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, logsumexp

# Keeps the fit of a small cohort from running to the edge.
RIDGE = 0.05
LEAST_LEARNERS = 30
LEAST_DAYS = 14
LEAST_ACTIVE_DAYS = 2
REACH_DAYS = 56


@dataclass(frozen=True, slots=True)
class Counts:
    """(x, t_x, n) of k learners, integer arrays of shape (k,).

    active    x, active days
    last      t_x, the last active day, 1 to n; 0 where there is none
    observed  n, days watched
    """

    active: np.ndarray
    last: np.ndarray
    observed: np.ndarray

    def distinct(self) -> tuple["Counts", np.ndarray, np.ndarray]:
        """Each different triple once; where each learner's stands among them; how many share it."""
        triples = np.stack([self.active, self.last, self.observed], axis=1)
        rows, back, shared = np.unique(triples, axis=0, return_inverse=True, return_counts=True)
        return Counts(*rows.T), back.reshape(-1), shared


def counts_of(active: np.ndarray, observed: np.ndarray) -> Counts:
    """Counts of flags (k, n), newest first, of which the first `observed` (k,) are the learner's days."""
    observed = np.minimum(observed, active.shape[1])
    seen = active.any(axis=1)
    return Counts(active.sum(axis=1), np.where(seen, observed - active.argmax(axis=1), 0), observed)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a cohort's model expects of k learners over the next days; arrays (k,).

    alive        P(still there at the cut-off)
    active_days  E[active days]
    none         P(no active day at all)
    """

    alive: np.ndarray
    active_days: np.ndarray
    none: np.ndarray


@dataclass(frozen=True, slots=True)
class BGBB:
    """A fitted cohort: the parameters of both Beta distributions, all above 0."""

    alpha: float
    beta: float
    gamma: float
    delta: float

    def log_likelihood(self, counts: Counts) -> np.ndarray:
        """ln L of each learner, (k,)."""
        return np.logaddexp(self._log_alive(counts), self._log_gone(counts))

    def alive(self, counts: Counts) -> np.ndarray:
        """P(still there after day n), (k,)."""
        return np.exp(self._log_alive(counts) - self.log_likelihood(counts))

    def expected_active_days(self, counts: Counts, days: int) -> np.ndarray:
        """E[active days among the next `days`], (k,)."""
        x, n = counts.active, counts.observed
        ahead = np.arange(1, days + 1)[None, :]
        staying = logsumexp(betaln(self.gamma, self.delta + n[:, None] + ahead), axis=1) - self._ln_leave
        return np.exp(self._log_tosses(x + 1, n - x) + staying - self.log_likelihood(counts))

    def no_active_day(self, counts: Counts, days: int) -> np.ndarray:
        """P(no active day among the next `days`), (k,)."""
        x, n = counts.active, counts.observed
        i = np.arange(days)[None, :]
        leaves_later = logsumexp(
            self._log_tosses(x[:, None], n[:, None] - x[:, None] + i)
            + betaln(self.gamma + 1, self.delta + n[:, None] + i)
            - self._ln_leave,
            axis=1,
        )
        stays_idle = self._log_tosses(x, n - x + days) + betaln(self.gamma, self.delta + n + days) - self._ln_leave
        log_l = self.log_likelihood(counts)
        still_there = np.exp(self._log_alive(counts) - log_l)
        none = 1 - still_there + np.exp(np.logaddexp(leaves_later, stays_idle) - log_l)
        return np.clip(none, 0.0, 1.0)

    def own_share(self, counts: Counts) -> np.ndarray:
        """How much of a learner's rate of active days is his own and not the cohort's, 0-1, (k,)."""
        return counts.observed / (self.alpha + self.beta + counts.observed)

    def outlook(self, counts: Counts, days: int) -> Outlook:
        """All three at once; learners with the same counts are reckoned once."""
        distinct, back, _ = counts.distinct()
        return Outlook(
            self.alive(distinct)[back],
            self.expected_active_days(distinct, days)[back],
            self.no_active_day(distinct, days)[back],
        )

    @property
    def _ln_leave(self) -> float:
        return betaln(self.gamma, self.delta)

    def _log_tosses(self, active: np.ndarray, idle: np.ndarray) -> np.ndarray:
        return betaln(self.alpha + active, self.beta + idle) - betaln(self.alpha, self.beta)

    def _log_alive(self, counts: Counts) -> np.ndarray:
        x, n = counts.active, counts.observed
        return self._log_tosses(x, n - x) + betaln(self.gamma, self.delta + n) - self._ln_leave

    def _log_gone(self, counts: Counts) -> np.ndarray:
        """ln P(what was seen, and gone on one of the days after the last active one)."""
        x, last, n = (values[:, None] for values in (counts.active, counts.last, counts.observed))
        i = np.arange(max(int((n - last).max(initial=0)), 1))[None, :]
        terms = self._log_tosses(x, last - x + i) + betaln(self.gamma + 1, self.delta + last + i) - self._ln_leave
        return logsumexp(np.where(i < n - last, terms, -np.inf), axis=1)


def fit_bgbb(counts: Counts, ridge: float = RIDGE, start: BGBB | None = None) -> BGBB:
    """The likeliest parameters for a cohort. The same counts give the same parameters, in any order.

    ridge   weight of the squared log-parameters; 0 gives the plain maximum
    start   where to begin, such as the fit of another day; saves most of the work
    """
    distinct, _, shared = counts.distinct()

    def loss(logs: np.ndarray) -> float:
        model = BGBB(*np.exp(logs))
        return -float(shared @ model.log_likelihood(distinct)) + ridge * float(logs @ logs)

    bounds = (-7.0, 9.0)
    first = np.zeros(4) if start is None else np.clip(np.log(_parameters(start)), *bounds)
    # Only a fit asks for it, and workers that answer requests never fit.
    from scipy.optimize import minimize

    found = minimize(loss, first, method="L-BFGS-B", bounds=[bounds] * 4)
    return BGBB(*(float(value) for value in np.exp(found.x)))


def _parameters(model: BGBB) -> tuple[float, float, float, float]:
    return model.alpha, model.beta, model.gamma, model.delta

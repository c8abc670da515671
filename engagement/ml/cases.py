"""Learners at past cut-offs with what was known then and what came after: the cases a model learns and is judged on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np

from engagement.domain.forecast import naive
from engagement.domain.forecast.bgbb import LEAST_DAYS, REACH_DAYS, Counts, counts_of
from engagement.domain.forecast.history import Histories, Past
from engagement.ml.features import REACH_DAYS as FEATURE_DAYS
from engagement.ml.features import features_of
from engagement.ml.peers import PeerFigures, peer_figures, peer_rows

ACTIVE_DAYS, VOLUME = "active_days", "volume"
SMOOTHED = "exponential smoothing"
# Whoever has not been seen for three weeks is silent already; to say so again is no forecast.
ELIGIBLE_DAYS = 21


@dataclass(frozen=True, slots=True)
class Known:
    """What a forecast may use of n learners at their cut-offs.

    rows       (n, f) features
    counts     of active days, REACH_DAYS back
    volume     (n,) interactions on those days
    eligible   (n,) bool, active in the last 21 days
    week       what exponential smoothing expects of a week, by target, (n,) each
    naive      naive forecasts by target and name, (n,) each: alone bound to a number of days
    """

    rows: np.ndarray
    counts: Counts
    volume: np.ndarray
    eligible: np.ndarray
    week: dict[str, np.ndarray]
    naive: dict[str, dict[str, np.ndarray]]


@dataclass(frozen=True, slots=True)
class Cases:
    """n cases over `days` days: what was known, whose (row of the histories) and when, and what came, (n,) each.

    shorter   what would have been shown for the next shorter horizon, by target, where there is one: a forecast is
              held within it
    """

    known: Known
    learner: np.ndarray
    origin: np.ndarray
    active_days: np.ndarray
    volume: np.ndarray
    days: int
    shorter: dict[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.learner)

    @property
    def silent(self) -> np.ndarray:
        return self.active_days == 0

    def came(self, target: str) -> np.ndarray:
        return (self.active_days if target == ACTIVE_DAYS else self.volume).astype(float)

    def chosen(self, mask: np.ndarray) -> "Cases":
        return _mapped(self, lambda values: values[mask])


def known_of(past: Past, peers: PeerFigures, group: np.ndarray, days: int) -> Known:
    """What is known of k learners at their cut-offs. `past` reaches FEATURE_DAYS back."""
    recent = past.active[:, :REACH_DAYS]
    forecasts: dict[str, dict[str, np.ndarray]] = {}
    week: dict[str, np.ndarray] = {}
    for target, values in ((ACTIVE_DAYS, past.active), (VOLUME, past.volume)):
        week[target] = naive.smoothed_week(values, past.observed)
        forecasts[target] = {
            "last week": naive.last_week(values, days),
            "mean of 4 weeks": naive.mean_of_weeks(values, days),
            "four weeks before": naive.four_weeks_before(values, days),
            SMOOTHED: week[target] * days / 7,
        }
    return Known(
        features_of(past, peer_rows(peers, group)),
        counts_of(recent, past.observed),
        past.volume[:, :REACH_DAYS].sum(axis=1),
        past.active[:, :ELIGIBLE_DAYS].any(axis=1),
        week,
        forecasts,
    )


def cases_of(histories: Histories, cuts: Iterable[int], days: int, least_days: int = LEAST_DAYS) -> Cases:
    """Every learner present at every cut-off whose next `days` days are known, with at least so many days behind."""
    parts = []
    for cut in cuts:
        past, present = histories.as_of(cut, FEATURE_DAYS), histories.present(cut)
        peers = peer_figures(past, histories.group, present)
        ahead = histories.ahead(cut, days)
        taken = np.flatnonzero(ahead.whole & (past.observed >= least_days))
        known = known_of(past.rows(taken), peers, histories.group[taken], days)
        origin = np.full(len(taken), cut)
        parts.append(Cases(known, taken, origin, ahead.active_days[taken], ahead.volume[taken], days))
    return joined(parts) if parts else cases_of(histories, [0], days, least_days=histories.days + 1)


def over(cases: Cases, histories: Histories, days: int) -> Cases:
    """The same cases with what came in their first `days` days, fewer than they have."""
    active_days, volume = np.zeros_like(cases.active_days), np.zeros_like(cases.volume)
    for cut in np.unique(cases.origin):
        here, ahead = cases.origin == cut, histories.ahead(int(cut), days)
        active_days[here] = ahead.active_days[cases.learner[here]]
        volume[here] = ahead.volume[cases.learner[here]]
    return replace(cases, active_days=active_days, volume=volume, days=days)


def joined(parts: Sequence[Cases]) -> Cases:
    return _mapped(parts[0], lambda *values: np.concatenate(values), *parts[1:])


def _mapped(first, change, *others):
    """The same shape with every array changed; numbers stay those of the first."""
    if isinstance(first, np.ndarray):
        return change(first, *others)
    if isinstance(first, dict):
        return {name: _mapped(value, change, *(other[name] for other in others)) for name, value in first.items()}
    if isinstance(first, int):
        return first
    names = [part.name for part in fields(first)]
    return type(first)(
        *(_mapped(getattr(first, name), change, *(getattr(other, name) for other in others)) for name in names)
    )

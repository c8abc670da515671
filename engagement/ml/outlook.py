"""From what is known at a cut-off to what is expected, by the method that earned it (engagement.ml.choosing)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np

from engagement.domain.forecast.bgbb import BGBB
from engagement.domain.forecast.conformal import Band
from engagement.domain.forecast.horizons import held
from engagement.domain.forecast.volume import interactions_per_active_day
from engagement.ml.cases import ACTIVE_DAYS, VOLUME, Known
from engagement.ml.evaluation import AmountScore, EventScore
from engagement.ml.models import Boosted, Logistic, Recency

HORIZONS = (7, 14, 28)
SILENCE = "silence"
TARGETS = (SILENCE, ACTIVE_DAYS, VOLUME)
# By what a forecast is made. A blend is half BG/BB and half logistic, of amounts half exponential smoothing.
BOOSTED, BLEND, LOGISTIC, BGBB_ALONE, RECENCY, SMOOTHING = (
    "boosted",
    "blend",
    "logistic",
    "bgbb",
    "recency",
    "smoothing",
)
# In the order in which they are tried, the last being what all others have to beat.
SILENCE_METHODS = (BOOSTED, BLEND, LOGISTIC, BGBB_ALONE, RECENCY)
AMOUNT_METHODS = (BOOSTED, BLEND, BGBB_ALONE, SMOOTHING)


def key_of(target: str, days: int) -> str:
    """silence:14d, active_days:7d, …"""
    return f"{target}:{days}d"


Models = Mapping[str, Boosted]


@dataclass(frozen=True)
class TrackRecord:
    """How forecasts of one thing did on the newest past cut-offs, beside the naive ones.

    event            for silence: ours, and the others' by name
    amount           for amounts, likewise
    origins          the cut-offs' days, ISO
    """

    origins: list[str]
    event: dict[str, EventScore] = field(default_factory=dict)
    amount: dict[str, AmountScore] = field(default_factory=dict)


@dataclass(frozen=True)
class CohortFit:
    """What all learners together say of one: everything the base forecast needs, as numbers.

    fitted_on          the last day it saw, ISO
    learners           learners with enough days to count
    bgbb               of active days
    size               interactions per active day
    pool_points, best  active days of the cohort to draw index paths from
    peers              what each cohort did up to `fitted_on` (engagement.ml.peers)
    methods            what passed and may be shown, by key, the first that can be; none where nothing was judged
    recency            of silence by key: recency alone, where there were enough labelled cases
    logistic           of silence by key, where there were enough of them silent too
    bands              of active days and volume by key, where there were enough past forecasts
    levels             the miss level each band was made for; it follows what was really missed
    records            by key
    performance_widths half widths of the interval of expected scores, by bin of attempts
    """

    fitted_on: str
    learners: int
    bgbb: BGBB
    size: float
    pool_points: list[float]
    pool_best: list[float]
    peers: dict[int, tuple[float, ...]]
    methods: dict[str, tuple[str, ...]] = field(default_factory=dict)
    recency: dict[str, Recency] = field(default_factory=dict)
    logistic: dict[str, Logistic] = field(default_factory=dict)
    bands: dict[str, Band] = field(default_factory=dict)
    levels: dict[str, float] = field(default_factory=dict)
    records: dict[str, TrackRecord] = field(default_factory=dict)
    performance_widths: dict[int, float] = field(default_factory=dict)

    def packed(self) -> bytes:
        return msgspec.msgpack.encode(self)

    @classmethod
    def unpacked(cls, stored: bytes) -> "CohortFit":
        """Raises msgspec.DecodeError where the bytes are none of ours."""
        return msgspec.msgpack.decode(stored, type=cls)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of n learners, so that it agrees with what is shown for fewer days.

    values    (n,)
    days      (n,) the horizon whose forecast each is: a shorter one where the longer would contradict it
    methods   by horizon, shortest first
    """

    values: np.ndarray
    days: np.ndarray
    methods: Mapping[int, str]

    def method(self, row: int) -> str:
        """By what the value of one learner was made."""
        return self.methods[int(self.days[row])]


def up_to(days: int) -> tuple[int, ...]:
    """This horizon and all that are shorter, shortest first."""
    return (*shorter_than(days), days)


def shorter_than(days: int) -> tuple[int, ...]:
    return tuple(shorter for shorter in HORIZONS if shorter < days)


def silence(known: Known, days: int, cohort: CohortFit, models: Models) -> Shown | None:
    """P(no active day), never more than over fewer days; None where nothing was ever judged."""
    keys = {horizon: key_of(SILENCE, horizon) for horizon in up_to(days)}
    shown = {horizon: _first(cohort.methods.get(key, ()), key, models) for horizon, key in keys.items()}
    if shown[days] is None:
        return None
    methods = {horizon: method for horizon, method in shown.items() if method is not None}
    values = [silence_by(method, known, horizon, cohort, models) for horizon, method in methods.items()]
    return _held(SILENCE, methods, values)


def silence_by(method: str, known: Known, days: int, cohort: CohortFit, models: Models) -> np.ndarray:
    """P(no active day), (n,), by one of SILENCE_METHODS, whether or not it may be shown."""
    key = key_of(SILENCE, days)
    if method == BOOSTED:
        return models[key].predict(known.rows)
    if method == RECENCY:
        return cohort.recency[key].predict(known.rows)
    if method == LOGISTIC:
        return cohort.logistic[key].predict(known.rows)
    none = cohort.bgbb.outlook(known.counts, days).none
    return none if method == BGBB_ALONE else (none + cohort.logistic[key].predict(known.rows)) / 2


def amount(target: str, known: Known, days: int, cohort: CohortFit, models: Models) -> Shown:
    """Expected active days or interactions, never less than over fewer days: smoothing where none was judged."""
    keys = {horizon: key_of(target, horizon) for horizon in up_to(days)}
    methods = {horizon: _first(cohort.methods.get(key, ()), key, models) or SMOOTHING for horizon, key in keys.items()}
    values = [amount_by(method, target, known, horizon, cohort, models) for horizon, method in methods.items()]
    return _held(target, methods, values)


def amount_by(method: str, target: str, known: Known, days: int, cohort: CohortFit, models: Models) -> np.ndarray:
    """Expected active days or interactions, (n,), by one of AMOUNT_METHODS, whether or not it may be shown."""
    smoothed = known.week[target] * days / 7
    if method == SMOOTHING:
        return smoothed
    if method == BOOSTED:
        expected = models[key_of(target, days)].predict(known.rows)
        return np.minimum(expected, days) if target == ACTIVE_DAYS else expected
    expected = cohort.bgbb.outlook(known.counts, days).active_days
    if target == VOLUME:
        expected = expected * interactions_per_active_day(known.volume, known.counts.active, cohort.size)
    return expected if method == BGBB_ALONE else (expected + smoothed) / 2


def held_within(target: str, shorter: np.ndarray | None, own: np.ndarray) -> np.ndarray:
    """A horizon's own forecasts (n,) within what is shown for the next shorter one, (n,); None where there is none."""
    return own if shorter is None else held(np.stack([shorter, own]), rising=target != SILENCE)[0]


def _held(target: str, methods: Mapping[int, str], values: Sequence[np.ndarray]) -> Shown:
    told, place = held(np.stack(values), rising=target != SILENCE)
    return Shown(told, np.array(list(methods))[place], methods)


def _first(methods: Sequence[str], key: str, models: Models) -> str | None:
    """The first that can be: trees of a release with other features cannot."""
    return next((method for method in methods if method != BOOSTED or key in models), None)

"""From what is known at a cut-off to what is expected: the cohort's fit, and trained models where one is in use."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec
import numpy as np

from engagement.domain.forecast.bgbb import BGBB
from engagement.domain.forecast.conformal import Band
from engagement.domain.forecast.volume import interactions_per_active_day
from engagement.ml.cases import ACTIVE_DAYS, VOLUME, Known
from engagement.ml.evaluation import AmountScore, EventScore
from engagement.ml.models import Boosted, Logistic

HORIZONS = (7, 14, 28)
SILENCE = "silence"
TARGETS = (SILENCE, ACTIVE_DAYS, VOLUME)


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
    logistic           of silence by key, where there were enough labelled cases
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


def silence(known: Known, days: int, cohort: CohortFit, models: Models) -> tuple[np.ndarray, str]:
    """P(no active day), (n,), and by what: boosted, blend (half BG/BB, half logistic) or bgbb."""
    key = key_of(SILENCE, days)
    if key in models:
        return models[key].predict(known.rows), "boosted"
    none = cohort.bgbb.outlook(known.counts, days).none
    if key in cohort.logistic:
        return (none + cohort.logistic[key].predict(known.rows)) / 2, "blend"
    return none, "bgbb"


def amount(target: str, known: Known, days: int, cohort: CohortFit, models: Models) -> tuple[np.ndarray, str]:
    """Expected active days or interactions, (n,), and by what: boosted or bgbb."""
    key = key_of(target, days)
    if key in models:
        expected = models[key].predict(known.rows)
        return (np.minimum(expected, days) if target == ACTIVE_DAYS else expected), "boosted"
    active_days = cohort.bgbb.outlook(known.counts, days).active_days
    if target == ACTIVE_DAYS:
        return active_days, "bgbb"
    return active_days * interactions_per_active_day(known.volume, known.counts.active, cohort.size), "bgbb"

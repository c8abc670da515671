"""What the next days may bring, for one learner or many: daily sums in, values with intervals and their basis out.

A forecast is an opinion about what happens if nobody does anything; it is no verdict (docs/prediction.md).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zlib import crc32

import numpy as np

from accounts.calendar import local_day
from accounts.models import User
from engagement.domain.elo import Ability, Scale
from engagement.domain.forecast.bgbb import LEAST_ACTIVE_DAYS, LEAST_DAYS, LEAST_LEARNERS
from engagement.domain.forecast.history import Past
from engagement.domain.forecast.index_paths import DayPool, IndexOutlook, index_outlook
from engagement.domain.forecast.performance import ExpectedScore, performance_of
from engagement.domain.forecast.silence_rule import RuleAnswer, silence_rule
from engagement.domain.index import LEAST_DAYS as LEAST_INDEX_DAYS
from engagement.domain.index import WINDOW_DAYS
from engagement.domain.insufficient import Insufficient, Need
from engagement.histories import HistoryTable, histories_of
from engagement.ml.cases import ACTIVE_DAYS, VOLUME, Known, known_of
from engagement.ml.features import FEATURES
from engagement.ml.features import REACH_DAYS as FEATURE_DAYS
from engagement.ml.outlook import (
    BGBB_ALONE,
    BOOSTED,
    RECENCY,
    SILENCE,
    SMOOTHING,
    TARGETS,
    CohortFit,
    Shown,
    TrackRecord,
    amount,
    key_of,
    silence,
    up_to,
)
from engagement.progress import abilities_of, catalogue_of_cases
from engagement.trained import COHORT, InUse, models_in_use
from interactions.policies import policy_book

DEFAULT_HORIZON = 14
# What is short as long as no forecast was ever learned from the days of all learners.
NOT_FITTED = f"learners with {LEAST_DAYS} observed days, fitted"
# What is short where the enrolment ends before the forecast would.
ENROLLED = "coming days of the enrolment"
PERSONAL, SHRUNK, RULE = "personal", "shrunk", "rule"
# From this share of the learner's own days on a forecast is called his own.
_OWN = 0.9
REASONS = 3
_FIGURES = {
    BGBB_ALONE: ("days since the last active day", "active days in 56"),
    RECENCY: ("days since the last active day",),
}
# Lower ends of the levels of the risk of silence.
LEVELS = ((0.5, "high"), (0.2, "raised"), (0.0, "low"))


@dataclass(frozen=True, slots=True)
class Expected:
    """value with its 80 % interval (None where too few forecasts were ever checked), by what, and what it rests on.

    days   the horizon whose forecast this is: a shorter one than asked for where the longer would contradict it
    """

    value: float
    low: float | None
    high: float | None
    basis: str
    method: str
    days: int


@dataclass(frozen=True, slots=True)
class Reason:
    """A figure that moved the risk: contribution in logits, positive towards silence; None where none is known."""

    feature: str
    value: float
    contribution: float | None


@dataclass(frozen=True, slots=True)
class SilenceRisk:
    """P(no active day), its level, by what (outlook.SILENCE_METHODS), and the three figures that moved it most.

    days   as in Expected: method, basis and reasons are those of this horizon
    """

    probability: float
    level: str
    method: str
    basis: str
    reasons: tuple[Reason, ...]
    days: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected of one learner in the `horizon` days after `as_of`.

    Every value may be Insufficient. silence is a RuleAnswer where no probability could ever be judged.
    index, performance  only from forecast_of
    """

    as_of: date
    horizon: int
    active_days: Expected | Insufficient
    volume: Expected | Insufficient
    silence: SilenceRisk | RuleAnswer | Insufficient
    index: IndexOutlook | Insufficient | None = None
    performance: Mapping[str, ExpectedScore | Insufficient] | None = None
    records: Mapping[str, TrackRecord] | None = None
    versions: Mapping[str, str] | None = None
    fitted_on: str | None = None


def forecasts_of(learners: Collection[int], *, now: datetime, horizon: int = DEFAULT_HORIZON) -> dict[int, Forecast]:
    """Forecasts by learner's key, without index and performance (at most 6 queries for a thousand learners)."""
    table = histories_of(learners, today=local_day(now), days=FEATURE_DAYS + 1, book=policy_book())
    return _forecasts(table, models_in_use(), horizon)


@dataclass(frozen=True, slots=True)
class LearnerForecast:
    """The whole answer about one learner: the forecast, whose, when it was asked, and the policy of that day."""

    learner: User
    forecast: Forecast
    complete_through: datetime
    policy_version: str


def forecast_of(
    learner: User,
    *,
    now: datetime,
    horizon: int = DEFAULT_HORIZON,
    known_ability: tuple[Ability, Scale] | None = None,
    index_by_day: bool = False,
) -> LearnerForecast:
    """Everything that is forecast of one learner (at most 10 queries, whatever the history holds).

    known_ability   and the scale it lies on, where they are known already, so that a page tells one and the same
    index_by_day    the index on the way there too, for a chart
    """
    book, today = policy_book(), local_day(now)
    table, used = histories_of([learner.pk], today=today, days=FEATURE_DAYS + 1, book=book), models_in_use()
    plain = _forecasts(table, used, horizon)[learner.pk]
    cohort = used.cohort
    keys = [key_of(target, horizon) for target in TARGETS]
    # Shorter horizons have a part in it, for this one is held within them.
    parts = [key_of(target, days) for target in TARGETS for days in up_to(horizon)]
    forecast = Forecast(
        plain.as_of,
        horizon,
        plain.active_days,
        plain.volume,
        plain.silence,
        index=_index(learner, table, used, plain, horizon, index_by_day),
        performance=_performance(*(known_ability or _counted_ability(learner, now)), cohort),
        records={} if cohort is None else {key: cohort.records[key] for key in keys if key in cohort.records},
        versions={kind: used.versions[kind] for kind in ("cohort", *parts) if _is_shown(kind, used)},
        fitted_on=cohort and cohort.fitted_on,
    )
    return LearnerForecast(learner, forecast, now, book.on(today).version)


def _is_shown(kind: str, used: InUse) -> bool:
    """Whether this stored model has a part in what is said."""
    if kind == COHORT or kind not in used.versions:
        return kind in used.versions
    return used.cohort is not None and BOOSTED in used.cohort.methods.get(kind, ())[:1]


def _forecasts(table: HistoryTable, used: InUse, horizon: int) -> dict[int, Forecast]:
    cuts = table.cuts()
    past = table.histories.as_of(cuts, FEATURE_DAYS)
    days = [table.day(cut) for cut in cuts]
    if used.cohort is None:
        nobody = Insufficient((Need(NOT_FITTED, 0, LEAST_LEARNERS),))
        return {
            key: Forecast(days[row], horizon, nobody, nobody, silence_rule(past.active[row]))
            for row, key in enumerate(table.learners)
        }
    cohort = used.cohort
    known = known_of(past, cohort.peers, table.histories.group, horizon)
    own = np.where(cohort.bgbb.own_share(known.counts) >= _OWN, PERSONAL, SHRUNK)
    amounts = {}
    for target in (ACTIVE_DAYS, VOLUME):
        shown = amount(target, known, horizon, cohort, used.models)
        band, most = cohort.bands.get(key_of(target, horizon)), horizon if target == ACTIVE_DAYS else np.inf
        # Around what is shown, so that an interval moves with a value that is held.
        low, high = (None, None) if band is None else band.interval(shown.values, most=most)
        amounts[target] = shown, low, high
    risk = silence(known, horizon, cohort, used.models)
    risks = None if risk is None else _risks(risk, known, cohort, used, own)
    ahead = table.counting_ahead(cuts, horizon), table.enrolled_ahead(cuts, horizon)
    missing = _missing(past, *ahead, horizon)
    found = {}
    for row, key in enumerate(table.learners):
        if missing[row] is not None:
            short = missing[row]
            found[key] = Forecast(days[row], horizon, short, short, short)
            continue
        values = {
            target: Expected(
                float(shown.values[row]),
                None if low is None else float(low[row]),
                None if high is None else float(high[row]),
                RULE if shown.method(row) == SMOOTHING else str(own[row]),
                shown.method(row),
                int(shown.days[row]),
            )
            for target, (shown, low, high) in amounts.items()
        }
        silent = silence_rule(past.active[row]) if risks is None else risks[row]
        found[key] = Forecast(days[row], horizon, values[ACTIVE_DAYS], values[VOLUME], silent)
    return found


def _risks(shown: Shown, known: Known, cohort: CohortFit, used: InUse, own: np.ndarray) -> list[SilenceRisk]:
    risks: list[SilenceRisk | None] = [None] * len(own)
    for days, method in shown.methods.items():
        rows = np.flatnonzero(shown.days == days)
        reasons = _reasons(known.rows[rows], cohort, used, days, method)
        for row, chance, why in zip(rows.tolist(), shown.values[rows].tolist(), reasons, strict=True):
            basis = RULE if method == RECENCY else str(own[row])
            risks[row] = SilenceRisk(chance, level_of_risk(chance), method, basis, why, days)
    return risks


def level_of_risk(probability: float) -> str:
    """low, raised or high."""
    return next(word for floor, word in LEVELS if probability >= floor)


def _missing(past: Past, ahead: np.ndarray, enrolled: np.ndarray, horizon: int) -> list[Insufficient | None]:
    """What is short for each learner, None where nothing is.

    Who is on leave ahead, or whose enrolment ends, is not expected to work then.
    """
    found: list[Insufficient | None] = []
    figures = (past.observed, past.active.sum(axis=1), ahead, enrolled)
    for observed, active, coming, staying in zip(*(figure.tolist() for figure in figures), strict=True):
        needs = (
            Need("observed days", observed, LEAST_DAYS),
            Need("active days", active, LEAST_ACTIVE_DAYS),
            Need("coming days without leave", coming, horizon),
            Need(ENROLLED, staying, horizon),
        )
        short = tuple(need for need in needs if need.have < need.need)
        found.append(Insufficient(short) if short else None)
    return found


def _reasons(rows: np.ndarray, cohort: CohortFit, used: InUse, days: int, method: str) -> list[tuple[Reason, ...]]:
    """The three largest contributions to each row of features; of what has no parts the figures that it knows."""
    if method in _FIGURES:
        names = _FIGURES[method]
        places = [FEATURES.index(name) for name in names]
        return [tuple(Reason(FEATURES[place], float(row[place]), None) for place in places) for row in rows]
    key = key_of(SILENCE, days)
    model = used.models[key] if method == BOOSTED else cohort.logistic[key]
    moved = model.contributions(rows)
    largest = np.argsort(-np.abs(moved), axis=1, kind="stable")[:, :REASONS]
    return [
        tuple(Reason(FEATURES[place], float(rows[row, place]), float(moved[row, place])) for place in places)
        for row, places in enumerate(largest)
    ]


def _index(learner: User, table: HistoryTable, used: InUse, plain: Forecast, horizon: int, by_day: bool):
    if isinstance(plain.active_days, Insufficient):
        return plain.active_days
    past = table.histories.as_of(table.cuts(), FEATURE_DAYS)
    cohort, worked = used.cohort, past.active[0]
    seed = crc32(f"{learner.public_id} {plain.as_of} {used.versions['cohort']}".encode())
    known = known_of(past, cohort.peers, table.histories.group, horizon)
    found = index_outlook(
        points=past.points[0, :WINDOW_DAYS],
        best=past.best[0, :WINDOW_DAYS],
        tenure=int(past.tenure[0]),
        counts=known.counts,
        cohort=cohort.bgbb,
        own=DayPool(past.points[0][worked], past.best[0][worked]),
        others=DayPool(np.array(cohort.pool_points), np.array(cohort.pool_best)),
        days=horizon,
        seed=seed,
        by_day=by_day,
        expected=plain.active_days.value,
    )
    if found is None:
        return Insufficient((Need("counting days", int(past.tenure[0]), LEAST_INDEX_DAYS),))
    return found


def _counted_ability(learner: User, now: datetime) -> tuple[Ability, Scale]:
    return abilities_of([learner.pk])[learner.pk], catalogue_of_cases().scale(now)


def _performance(ability: Ability, scale: Scale, cohort: CohortFit | None) -> dict[str, ExpectedScore | Insufficient]:
    """Expected score by specialty the learner has tried."""
    widths = {} if cohort is None else cohort.performance_widths
    return {
        specialty: performance_of(ability, specialty, scale, widths)
        for specialty in sorted(ability.specialties)
        if specialty
    }

"""Cases to learn from and later ones to judge by, and the cohort's fit at either time.

Time runs one way: cases to learn from end before the first cut-off that judges, by as many days as a label is long,
so no label overlaps.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np

from engagement.domain.forecast.bgbb import BGBB, LEAST_DAYS, LEAST_LEARNERS, REACH_DAYS, Counts, counts_of, fit_bgbb
from engagement.domain.forecast.history import Histories
from engagement.domain.insufficient import Insufficient, Need
from engagement.ml.cases import Cases, cases_of, joined
from engagement.ml.features import FEATURES
from engagement.ml.features import REACH_DAYS as FEATURE_DAYS
from engagement.ml.fitting import fit_logistic, fit_recency
from engagement.ml.outlook import HORIZONS, SILENCE, CohortFit, key_of
from engagement.ml.peers import peer_figures

LEARNING_STEP = 5
LEAST_LABELLED, LEAST_SILENT = 200, 40
MOST_CASES = 300_000
# What the small logistic model may use: recency, frequency and volume.
RFM = tuple(
    FEATURES.index(name)
    for name in (
        "days since the last active day",
        "days since, in usual gaps",
        "active days in 14",
        "active days in 28",
        "active days in 56",
        "interactions in 28 (log)",
    )
)
POOL = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """How far back and on which cut-offs.

    horizons      days ahead
    weeks         the most weekly cut-offs looked at
    judge_weeks   how many of the newest weekly cut-offs judge and calibrate
    boosting      whether trees are tried at all
    only          keys to learn; None: every target of every horizon
    least_days    days a learner must have been watched
    """

    horizons: tuple[int, ...] = HORIZONS
    weeks: int = 45
    judge_weeks: int = 8
    boosting: bool = True
    only: frozenset[str] | None = None
    least_days: int = LEAST_DAYS


USUAL = Plan()


def fit_cohort(
    histories: Histories, first_day: date, cut: int, plan: Plan = USUAL, start: BGBB | None = None
) -> CohortFit | Insufficient:
    """BG/BB and the cohort's figures, from what was known every four weeks up to the cut-off."""
    pooled, learners, volume, active = [], set(), 0.0, 0
    for origin in range(cut, max(cut - 7 * plan.weeks, LEAST_DAYS - 2), -28):
        past = histories.as_of(origin, REACH_DAYS)
        enough = histories.present(origin) & (past.observed >= LEAST_DAYS)
        pooled.append(counts_of(past.active[enough], past.observed[enough]))
        learners.update(np.flatnonzero(enough).tolist())
        volume, active = volume + past.volume[enough].sum(), active + int(past.active[enough].sum())
    if len(learners) < LEAST_LEARNERS:
        return Insufficient((Need(f"learners with {LEAST_DAYS} observed days", len(learners), LEAST_LEARNERS),))
    counts = Counts(*(np.concatenate([getattr(part, name) for part in pooled]) for name in Counts.__slots__))
    past = histories.as_of(cut, FEATURE_DAYS)
    worked = np.flatnonzero(past.active)
    # Evenly spaced, so the same data gives the same pool.
    drawn = worked[np.linspace(0, len(worked) - 1, min(POOL, len(worked))).astype(int)] if len(worked) else worked
    return CohortFit(
        fitted_on=(first_day + timedelta(days=cut)).isoformat(),
        learners=len(learners),
        bgbb=fit_bgbb(counts, start=start),
        size=float(volume / active) if active else 1.0,
        pool_points=past.points.reshape(-1)[drawn].tolist(),
        pool_best=past.best.reshape(-1)[drawn].tolist(),
        peers=peer_figures(past, histories.group, histories.present(cut)),
    )


def labels_of(cases: Cases, target: str) -> np.ndarray:
    """What came, (n,)."""
    return cases.silent if target == SILENCE else cases.came(target)


def link_of(target: str) -> str:
    """That of trees for one target."""
    return "logit" if target == SILENCE else "log"


@dataclass(frozen=True, slots=True)
class Lesson:
    """Cases of one horizon: to learn from, and later ones to judge by.

    judge       cases of all cut-offs that judge and calibrate; decide: of their earlier and their later half
    newest      cases of the newest cut-off
    first       the column of the first cut-off that judges
    then        the cohort's fit with nothing known but what the cases to learn from knew
    origins     the days of the first and of the last cut-off that judge
    everything  the cases of all of them, made when first asked for
    """

    days: int
    learn: Cases
    judge: Cases
    decide: tuple[Cases, Cases]
    newest: Cases
    first: int
    then: CohortFit
    origins: list[str]
    everything: Callable[[], Cases]


def lesson_of(histories: Histories, first_day: date, cut: int, days: int, plan: Plan, start: BGBB) -> Lesson | None:
    """None where the past is too short for both."""
    last = cut - days
    first = max(last - 7 * (plan.weeks - 1), plan.least_days - 1)
    judging = list(range(last, first - 1, -7))[::-1]
    judging = judging[-min(plan.judge_weeks, max(3, len(judging) // 3)) :]
    # Five days apart, so that every weekday is learned from: forecasts are asked for on all of them.
    learning = list(range(judging[0] - days, first - 1, -LEARNING_STEP))[::-1] if judging else []
    if len(judging) < 3 or not learning:
        return None
    then = fit_cohort(histories, first_day, learning[-1], plan, start)
    learn = cases_of(histories, _at_most(histories, learning), days, plan.least_days)
    judge = [cases_of(histories, [origin], days, plan.least_days) for origin in judging]
    half = len(judge) // 2
    decide = joined(judge[:half]), joined(judge[half:])
    if isinstance(then, Insufficient) or not len(learn) or not all(map(len, (*decide, judge[-1]))):
        return None
    fit_simple(then, learn)
    told = [(first_day + timedelta(days=origin)).isoformat() for origin in (judging[0], judging[-1])]

    @cache
    def everything() -> Cases:
        return cases_of(
            histories, _at_most(histories, list(range(last, first - 1, -LEARNING_STEP))[::-1]), days, plan.least_days
        )

    return Lesson(days, learn, joined(judge), decide, judge[-1], judging[0], then, told, everything)


def _at_most(histories: Histories, origins: list[int]) -> list[int]:
    """Fewer cut-offs, evenly spaced, where all would be more than MOST_CASES."""
    possible = sum(int(histories.present(origin).sum()) for origin in origins)
    taken = min(1.0, MOST_CASES / max(possible, 1)) * len(origins)
    places = np.unique(np.linspace(0, len(origins) - 1, max(1, int(taken))).round().astype(int))
    return [origins[place] for place in places]


def fit_simple(cohort: CohortFit, cases: Cases) -> None:
    """Recency alone and the small logistic model of silence, each where there are enough cases for it."""
    if len(cases) < LEAST_LABELLED:
        return
    key = key_of(SILENCE, cases.days)
    cohort.recency[key] = fit_recency(cases.known.rows, cases.silent)
    if min(cases.silent.sum(), (~cases.silent).sum()) >= LEAST_SILENT:
        cohort.logistic[key] = fit_logistic(cases.known.rows, cases.silent, RFM)

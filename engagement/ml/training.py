"""Train on the past, judge on what came later, ship what won.

Time runs one way: cases to learn from end before the first cut-off that judges, by as many days as a label is long,
so no label overlaps. A trained model is shipped for one thing (say silence over 14 days) only where it beat recency
alone, and what is in use now, twice: on the earlier and on the later half of the cut-offs that judge. Otherwise what
was stays. Nothing is judged on days from which it learned: what is in use is no rival then, and the record and the
bands are those of the same trees without these days.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

import numpy as np

from engagement.domain.forecast.accuracy import rmse
from engagement.domain.forecast.bgbb import BGBB, LEAST_DAYS, LEAST_LEARNERS, REACH_DAYS, Counts, counts_of, fit_bgbb
from engagement.domain.forecast.conformal import MISS, POOLED_ADAPTATION, adapted, fit_band, missed_share
from engagement.domain.forecast.history import Histories
from engagement.domain.insufficient import Insufficient, Need
from engagement.ml.cases import ACTIVE_DAYS, Cases, cases_of, joined
from engagement.ml.evaluation import EventScore, amount_score, beats_everywhere, event_score
from engagement.ml.features import FEATURES
from engagement.ml.features import REACH_DAYS as FEATURE_DAYS
from engagement.ml.fitting import fit_boosted, fit_logistic, fit_recency
from engagement.ml.models import Boosted
from engagement.ml.outlook import HORIZONS, SILENCE, TARGETS, CohortFit, Models, TrackRecord, amount, key_of, silence
from engagement.ml.peers import peer_figures

LEARNING_STEP = 5
LEAST_LABELLED, LEAST_SILENT = 200, 40
LEAST_TO_BOOST, LEAST_SILENT_TO_BOOST = 1_000, 100
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


@dataclass(frozen=True, slots=True)
class Candidate:
    """Trees for one key, whether they won, and the sentence and figures that say why.

    scores  on both halves that decide, by name
    model   what is shipped: learned from everything
    judged  the same without the later cases, won or not; None where none were tried
    """

    key: str
    won: bool
    why: str
    scores: dict[str, list] = field(default_factory=dict)
    model: Boosted | None = None
    judged: Boosted | None = None


@dataclass(frozen=True, slots=True)
class Training:
    cohort: CohortFit
    candidates: list[Candidate]


def train(
    histories: Histories,
    first_day: date,
    cut: int,
    *,
    in_use: Models,
    learned_to: Mapping[str, int] = MappingProxyType({}),
    plan: Plan = Plan(),
    levels: Mapping[str, float] | None = None,
    progress: Callable[[str], None] = lambda said: None,
) -> Training | Insufficient:
    """Everything that can be learned from the days up to column `cut` (`first_day` is column 0).

    in_use      trained models now in use, by key
    learned_to  the newest column that each of them learned from, by key
    levels      the miss levels of the fit before, by key
    """
    cohort = fit_cohort(histories, first_day, cut, plan)
    if isinstance(cohort, Insufficient):
        return cohort
    candidates: list[Candidate] = []
    for days in plan.horizons:
        lesson = _lesson(histories, first_day, cut, days, plan, cohort.bgbb)
        if lesson is None:
            continue
        for target in TARGETS:
            if plan.only is not None and key_of(target, days) not in plan.only:
                continue
            progress(f"{key_of(target, days)}: {len(lesson.learn)} cases to learn from")
            rivals = {key: model for key, model in in_use.items() if learned_to[key] <= lesson.first}
            candidate = _tried(lesson, target, rivals, plan)
            candidates.append(candidate)
            stays_unjudged = candidate.key in in_use and candidate.key not in rivals
            if candidate.judged is not None and (candidate.won or stays_unjudged):
                models = rivals | {candidate.key: candidate.judged}
            else:
                models = rivals
            if target == SILENCE:
                _record_silence(cohort, lesson, models)
            else:
                _record_amount(cohort, lesson, target, models, (levels or {}).get(candidate.key, MISS))
    return Training(cohort, candidates)


def fit_cohort(
    histories: Histories, first_day: date, cut: int, plan: Plan = Plan(), start: BGBB | None = None
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


@dataclass(frozen=True, slots=True)
class _Lesson:
    """Cases of one horizon: to learn from, and later ones to judge by.

    judge   cases of all cut-offs that judge and calibrate; decide: of their earlier and their later half
    newest  cases of the newest cut-off
    first   the column of the first cut-off that judges
    then    the cohort's fit with nothing known but what the cases to learn from knew
    """

    days: int
    learn: Cases
    judge: Cases
    decide: tuple[Cases, Cases]
    newest: Cases
    first: int
    then: CohortFit
    recency: Callable[[np.ndarray], np.ndarray]
    origins: list[str]
    everything: Callable[[], Cases]


def _lesson(histories: Histories, first_day: date, cut: int, days: int, plan: Plan, start: BGBB) -> _Lesson | None:
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
    if len(learn) >= LEAST_LABELLED and min(learn.silent.sum(), (~learn.silent).sum()) >= LEAST_SILENT:
        then.logistic[key_of(SILENCE, days)] = fit_logistic(learn.known.rows, learn.silent, RFM)
    told = [(first_day + timedelta(days=origin)).isoformat() for origin in (judging[0], judging[-1])]
    recency = fit_recency(learn.known.rows[:, 0], learn.silent)

    @cache
    def everything() -> Cases:
        return cases_of(
            histories, _at_most(histories, list(range(last, first - 1, -LEARNING_STEP))[::-1]), days, plan.least_days
        )

    return _Lesson(days, learn, joined(judge), decide, judge[-1], judging[0], then, recency, told, everything)


def _at_most(histories: Histories, origins: list[int]) -> list[int]:
    """Fewer cut-offs, evenly spaced, where all would be more than MOST_CASES."""
    possible = sum(int(histories.present(origin).sum()) for origin in origins)
    taken = min(1.0, MOST_CASES / max(possible, 1)) * len(origins)
    places = np.unique(np.linspace(0, len(origins) - 1, max(1, int(taken))).round().astype(int))
    return [origins[place] for place in places]


def _tried(lesson: _Lesson, target: str, in_use: Models, plan: Plan) -> Candidate:
    """Trees for one thing, judged; fitted once more on everything where they won."""
    key, link = key_of(target, lesson.days), "logit" if target == SILENCE else "log"
    few = len(lesson.learn) < LEAST_TO_BOOST or lesson.learn.silent.sum() < LEAST_SILENT_TO_BOOST
    if few or not plan.boosting:
        why = f"it takes {LEAST_TO_BOOST} cases, {LEAST_SILENT_TO_BOOST} of them silent" if few else "not asked for"
        return Candidate(key, won=False, why=f"Not tried: {why}.")
    tried = fit_boosted(lesson.learn.known.rows, _labels(lesson.learn, target), link)
    scores = (_event_scores if target == SILENCE else _errors)(lesson, target, tried, in_use)
    others = {name: values for name, values in scores.items() if name != "trees"}
    if target == SILENCE:
        won = beats_everywhere(scores["trees"], others["recency alone"]) and all(
            ours.brier < before.brier for ours, before in zip(scores["trees"], others["in use before"], strict=True)
        )
        rivals = "recency alone"
    else:
        won = all(ours < min(theirs) for ours, *theirs in zip(scores["trees"], *others.values(), strict=True))
        rivals = "the naive forecasts"
    if not won:
        why = f"Not shipped: it did not beat {rivals} and what is in use twice."
        return Candidate(key, won=False, why=why, scores=scores, judged=tried)
    everything = lesson.everything()
    model = fit_boosted(everything.known.rows, _labels(everything, target), link)
    return Candidate(key, True, f"Shipped: it beat {rivals} and what was in use twice.", scores, model, tried)


def _labels(cases: Cases, target: str) -> np.ndarray:
    return cases.silent if target == SILENCE else cases.came(target)


def _event_scores(lesson: _Lesson, target: str, tried: Boosted, in_use: Models) -> dict[str, list[EventScore]]:
    """Scores on the two halves that decide, by name."""
    forecasts = {
        "trees": lambda cases: tried.predict(cases.known.rows),
        "recency alone": lambda cases: lesson.recency(cases.known.rows[:, 0]),
        "in use before": lambda cases: silence(cases.known, lesson.days, lesson.then, in_use)[0],
    }
    return {
        name: [event_score(said(cases), cases.silent) for cases in lesson.decide] for name, said in forecasts.items()
    }


def _errors(lesson: _Lesson, target: str, tried: Boosted, in_use: Models) -> dict[str, list[float]]:
    """RMSE on the two halves that decide, by name."""
    by_name: dict[str, list[float]] = {}
    for cases in lesson.decide:
        with_trees = in_use | {key_of(target, lesson.days): tried}
        forecasts = {
            "trees": amount(target, cases.known, lesson.days, lesson.then, with_trees)[0],
            "in use before": amount(target, cases.known, lesson.days, lesson.then, in_use)[0],
            **cases.known.naive[target],
        }
        for name, expected in forecasts.items():
            by_name.setdefault(name, []).append(rmse(expected, cases.came(target)))
    return by_name


def _record_silence(cohort: CohortFit, lesson: _Lesson, models: Models) -> None:
    """The blend fitted on everything, and how the forecasts in use would have done on learners not silent already."""
    key = key_of(SILENCE, lesson.days)
    if key in lesson.then.logistic:
        everything = lesson.everything()
        cohort.logistic[key] = fit_logistic(everything.known.rows, everything.silent, RFM)
    cases = lesson.judge.chosen(lesson.judge.known.eligible)
    if len(cases):
        said = {
            "forecast": silence(cases.known, lesson.days, lesson.then, models)[0],
            "recency alone": lesson.recency(cases.known.rows[:, 0]),
        }
        scores = {name: event_score(probability, cases.silent) for name, probability in said.items()}
        cohort.records[key] = TrackRecord(lesson.origins, event=scores)


def _record_amount(cohort: CohortFit, lesson: _Lesson, target: str, models: Models, level: float) -> None:
    """The band around one amount, its next level by what the newest cut-off missed, and the record."""
    key, cases, newest = key_of(target, lesson.days), lesson.judge, lesson.newest
    expected, came = amount(target, cases.known, lesson.days, lesson.then, models)[0], cases.came(target)
    most = lesson.days if target == ACTIVE_DAYS else np.inf
    band = fit_band(expected, came, level)
    if band is None:
        return
    newest_expected = amount(target, newest.known, lesson.days, lesson.then, models)[0]
    missed = missed_share(*band.interval(newest_expected, most=most), newest.came(target))
    cohort.bands[key], cohort.levels[key] = band, adapted(level, missed, rate=POOLED_ADAPTATION)
    scores = {}
    for name, values in {"forecast": expected, **cases.known.naive[target]}.items():
        own = band if name == "forecast" else fit_band(values, came, level)
        scores[name] = amount_score(values, came, own, most)
    cohort.records[key] = TrackRecord(lesson.origins, amount=scores)

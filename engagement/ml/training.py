"""Train on the past, judge on what came later, show what won.

For each forecast (say silence over 14 days) candidates are tried in order, and each has to beat what is simplest
twice: on the earlier and on the later half of the cut-offs that judge (engagement.ml.choosing). Nothing is judged on
days from which it learned: trees in use that did are no candidates, and the record and the bands are those of the
same method without these days.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import numpy as np

from engagement.domain.forecast.accuracy import rmse
from engagement.domain.forecast.conformal import MISS, POOLED_ADAPTATION, adapted, fit_band, missed_share
from engagement.domain.forecast.history import Histories
from engagement.domain.insufficient import Insufficient
from engagement.ml.cases import ACTIVE_DAYS, Cases
from engagement.ml.choosing import IN_USE, Choice, Verdict, judged_amount, judged_silence, methods_of
from engagement.ml.evaluation import NOBODY, EventScore, amount_score, event_score
from engagement.ml.fitting import fit_boosted
from engagement.ml.lessons import USUAL, Lesson, Plan, fit_cohort, fit_simple, labels_of, lesson_of, link_of
from engagement.ml.models import Boosted
from engagement.ml.outlook import (
    AMOUNT_METHODS,
    BLEND,
    BOOSTED,
    LOGISTIC,
    RECENCY,
    SILENCE,
    SILENCE_METHODS,
    SMOOTHING,
    TARGETS,
    CohortFit,
    Models,
    TrackRecord,
    amount_by,
    held_within,
    key_of,
    silence_by,
)
from engagement.ml.shorter import within_shorter

LEAST_TO_BOOST, LEAST_SILENT_TO_BOOST = 1_000, 100
RECENCY_ALONE = "recency alone"


@dataclass(frozen=True, slots=True)
class Training:
    """The cohort's fit, which names the methods that are shown, and how each of them was chosen."""

    cohort: CohortFit
    choices: list[Choice]


def train(
    histories: Histories,
    first_day: date,
    cut: int,
    *,
    in_use: Models,
    learned_to: Mapping[str, int] = MappingProxyType({}),
    plan: Plan = USUAL,
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
    choices: list[Choice] = []
    kept: dict[str, Boosted] = {}
    # Shortest first: a longer horizon is held within what is shown for the shorter ones.
    for days in sorted(plan.horizons):
        lesson = lesson_of(histories, first_day, cut, days, plan, cohort.bgbb)
        if lesson is None:
            continue
        unseen = {key: trees for key, trees in kept.items() if learned_to.get(key, cut) <= lesson.first}
        lesson = within_shorter(lesson, histories, cohort.methods, unseen)
        for target in TARGETS:
            key = key_of(target, days)
            if plan.only is not None and key not in plan.only:
                continue
            if target == SILENCE and key not in lesson.then.recency:
                # Not even recency alone has enough cases: nothing can be measured, and only the rule speaks.
                continue
            progress(f"{key}: {len(lesson.learn)} cases to learn from")
            known = in_use.get(key) if learned_to.get(key, cut) <= lesson.first else None
            choice = _chosen(lesson, target, known, plan)
            choices.append(choice)
            if choice.keeps_trees:
                kept[key] = known
            cohort.methods[key] = choice.methods
            shown = known if choice.keeps_trees else choice.judged
            if target == SILENCE:
                _record_silence(cohort, lesson, choice.methods[0], shown)
            else:
                _record_amount(cohort, lesson, target, choice.methods[0], shown, (levels or {}).get(key, MISS))
    return Training(cohort, choices)


def _chosen(lesson: Lesson, target: str, in_use: Boosted | None, plan: Plan) -> Choice:
    """Tries all methods for one thing; trees that won are fitted once more on everything."""
    key, link = key_of(target, lesson.days), link_of(target)
    few = len(lesson.learn) < LEAST_TO_BOOST or lesson.learn.silent.sum() < LEAST_SILENT_TO_BOOST
    tried = (
        None
        if few or not plan.boosting
        else fit_boosted(lesson.learn.known.rows, labels_of(lesson.learn, target), link)
    )
    if target == SILENCE:
        scores = _event_scores(lesson, _candidates(SILENCE_METHODS, lesson, key, tried, in_use))
        verdicts, simplest = judged_silence(scores), RECENCY
    else:
        scores = _errors(lesson, target, _candidates(AMOUNT_METHODS, lesson, key, tried, in_use))
        naive = lesson.judge.known.naive[target]
        verdicts, simplest = judged_amount(scores, [name for name in scores if name in naive]), SMOOTHING
    if tried is None:
        why = f"it takes {LEAST_TO_BOOST} cases, {LEAST_SILENT_TO_BOOST} of them silent" if few else "not asked for"
        verdicts = (Verdict(BOOSTED, False, f"not tried: {why}"), *verdicts)
    choice = Choice(key, methods_of(verdicts, simplest), verdicts, scores, judged=tried)
    if not choice.won:
        return choice
    everything = lesson.everything()
    model = fit_boosted(everything.known.rows, labels_of(everything, target), link)
    return Choice(key, choice.methods, verdicts, scores, model, tried)


def _candidates(methods, lesson: Lesson, key: str, tried: Boosted | None, in_use: Boosted | None):
    """(name, method, trees) of all that can be tried, in order."""
    for method in methods:
        if method == BOOSTED:
            yield from (
                (name, method, trees) for name, trees in ((BOOSTED, tried), (IN_USE, in_use)) if trees is not None
            )
        elif key.startswith(SILENCE) and method in (BLEND, LOGISTIC) and key not in lesson.then.logistic:
            continue
        else:
            yield method, method, None


def _event_scores(lesson: Lesson, candidates) -> dict:
    """Scores in each span that decides, by name: of everybody, and of those whom a forecast is about."""
    seen = [cases.chosen(cases.known.eligible) for cases in lesson.decide]
    return {
        name: [_event_score(lesson, method, cases, trees) for cases in (*lesson.decide, *seen)]
        for name, method, trees in candidates
    }


def _event_score(lesson: Lesson, method: str, cases: Cases, trees: Boosted | None) -> EventScore:
    if not len(cases):
        return NOBODY
    # What has to be beaten is recency alone as it is, not held within anything.
    said = _recency_then(lesson, cases) if method == RECENCY else _silence_then(lesson, method, cases, trees)
    return event_score(said, cases.silent)


def _silence_then(lesson: Lesson, method: str, cases: Cases, trees: Boosted | None) -> np.ndarray:
    """As it would have been shown: within what was shown for fewer days."""
    models = {} if trees is None else {key_of(SILENCE, lesson.days): trees}
    own = silence_by(method, cases.known, lesson.days, lesson.then, models)
    return held_within(SILENCE, cases.shorter.get(SILENCE), own)


def _recency_then(lesson: Lesson, cases: Cases) -> np.ndarray:
    return silence_by(RECENCY, cases.known, lesson.days, lesson.then, {})


def _errors(lesson: Lesson, target: str, candidates) -> dict:
    """RMSE on the two halves that decide, by name; those of the naive forecasts last."""
    errors = {
        name: [rmse(_amount_then(lesson, target, method, cases, trees), cases.came(target)) for cases in lesson.decide]
        for name, method, trees in candidates
        if method != SMOOTHING
    }
    for name in lesson.judge.known.naive[target]:
        errors[name] = [rmse(cases.known.naive[target][name], cases.came(target)) for cases in lesson.decide]
    return errors


def _amount_then(lesson: Lesson, target: str, method: str, cases: Cases, trees: Boosted | None) -> np.ndarray:
    """As it would have been shown: within what was shown for fewer days."""
    models = {} if trees is None else {key_of(target, lesson.days): trees}
    own = amount_by(method, target, cases.known, lesson.days, lesson.then, models)
    return held_within(target, cases.shorter.get(target), own)


def _record_silence(cohort: CohortFit, lesson: Lesson, method: str, trees: Boosted | None) -> None:
    """The small models fitted on everything, and how what is shown would have done on learners not silent already."""
    key = key_of(SILENCE, lesson.days)
    cohort.recency[key] = lesson.then.recency[key]
    if key in lesson.then.logistic:
        cohort.logistic[key] = lesson.then.logistic[key]
    fit_simple(cohort, lesson.everything())
    cases = lesson.judge.chosen(lesson.judge.known.eligible)
    if len(cases):
        said = {
            "forecast": _silence_then(lesson, method, cases, trees),
            RECENCY_ALONE: _recency_then(lesson, cases),
        }
        scores = {name: event_score(probability, cases.silent) for name, probability in said.items()}
        cohort.records[key] = TrackRecord(lesson.origins, event=scores)


def _record_amount(
    cohort: CohortFit, lesson: Lesson, target: str, method: str, trees: Boosted | None, level: float
) -> None:
    """The band around one amount, its next level by what the newest cut-off missed, and the record."""
    key, cases, newest = key_of(target, lesson.days), lesson.judge, lesson.newest
    expected, came = _amount_then(lesson, target, method, cases, trees), cases.came(target)
    most = lesson.days if target == ACTIVE_DAYS else np.inf
    band = fit_band(expected, came, level)
    if band is None:
        return
    newest_expected = _amount_then(lesson, target, method, newest, trees)
    missed = missed_share(*band.interval(newest_expected, most=most), newest.came(target))
    cohort.bands[key], cohort.levels[key] = band, adapted(level, missed, rate=POOLED_ADAPTATION)
    scores = {}
    for name, values in {"forecast": expected, **cases.known.naive[target]}.items():
        own = band if name == "forecast" else fit_band(values, came, level)
        scores[name] = amount_score(values, came, own, most)
    cohort.records[key] = TrackRecord(lesson.origins, amount=scores)

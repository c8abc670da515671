"""What was shown for fewer days, at past cut-offs, so that a longer horizon is judged as it is shown: held within it.

The methods are those that are shown now; what they learned is learned anew from the longer lesson's own cases, for the
shorter lesson's reach into the cut-offs by which the longer one is judged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engagement.domain.forecast.history import Histories
from engagement.ml.cases import ACTIVE_DAYS, VOLUME, Cases, joined, over
from engagement.ml.fitting import fit_boosted
from engagement.ml.lessons import Lesson, fit_simple, labels_of, link_of
from engagement.ml.models import Boosted
from engagement.ml.outlook import (
    BLEND,
    BOOSTED,
    LOGISTIC,
    SILENCE,
    TARGETS,
    CohortFit,
    Models,
    amount,
    key_of,
    shorter_than,
    silence,
)


def within_shorter(
    lesson: Lesson, histories: Histories, methods: Mapping[str, Sequence[str]], unseen: Models
) -> Lesson:
    """The lesson whose cases that judge know what would have been shown for fewer days.

    methods   what is shown for the shorter horizons, by key
    unseen    trees in use that are shown and learned from nothing behind the first cut-off that judges
    """
    shorter, then, models = shorter_than(lesson.days), lesson.then, {}
    if not shorter:
        return lesson
    for days in shorter:
        cases = over(lesson.learn, histories, days)
        fit_simple(then, cases)
        for key, target in ((key_of(target, days), target) for target in TARGETS):
            then.methods[key] = tuple(method for method in methods.get(key, ()) if _can_be(method, key, target, then))
            if BOOSTED in then.methods[key][:1]:
                models[key] = unseen.get(key) or fit_boosted(
                    cases.known.rows, labels_of(cases, target), link_of(target)
                )
    decide = tuple(_told(part, shorter[-1], then, models) for part in lesson.decide)
    judge = joined(decide)
    return replace(lesson, judge=judge, decide=decide, newest=judge.chosen(judge.origin == judge.origin.max()))


def _can_be(method: str, key: str, target: str, then: CohortFit) -> bool:
    """Fewer cases may have had too few of one kind for the small logistic model."""
    return target != SILENCE or method not in (BLEND, LOGISTIC) or key in then.logistic


def _told(cases: Cases, days: int, then: CohortFit, models: Mapping[str, Boosted]) -> Cases:
    told = {target: amount(target, cases.known, days, then, models).values for target in (ACTIVE_DAYS, VOLUME)}
    silent = silence(cases.known, days, then, models)
    if silent is not None:
        told[SILENCE] = silent.values
    return replace(cases, shorter=told)

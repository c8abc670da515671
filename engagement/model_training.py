"""Train on what is stored, judge it, keep what won: what `manage.py train_models` does."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from accounts.calendar import local_day
from accounts.models import User
from engagement.domain.forecast.performance import half_widths
from engagement.domain.insufficient import Insufficient
from engagement.domain.replay import LearnersInteraction, replay
from engagement.histories import histories_of
from engagement.ml.card import card_of, cohort_card
from engagement.ml.training import Plan, Training, train
from engagement.models import TrainedModel
from engagement.progress import COLUMNS, catalogue_of_cases
from engagement.trained import COHORT, keep_model, models_in_use, withdraw_others
from interactions.models import UserInteractionTrackingModel
from interactions.policies import policy_book

HISTORY_DAYS = 364
MOST_ON_CASES = 200_000
SCORING = ("case_complete", "case_abandon", "help_request")


@dataclass(frozen=True, slots=True)
class Trained:
    """learners read, what was learned (or what is missing), and what was stored: nothing on a dry run."""

    learners: int
    outcome: Training | Insufficient
    stored: list[TrainedModel]


def train_models(
    *,
    now: datetime,
    keep: bool = True,
    boosting: bool = True,
    history_days: int = HISTORY_DAYS,
    progress: Callable[[str], None] = lambda said: None,
) -> Trained:
    """Fit the cohort anew, try methods for every forecast, and keep what won. Same data, same models.

    history_days   how far back training looks
    """
    today, used = local_day(now), models_in_use()
    learners = list(User.objects.learners().order_by("pk").values_list("pk", flat=True))
    progress(f"reading {len(learners)} learners")
    table = histories_of(learners, today=today, days=history_days, book=policy_book())
    # Today is not over; yesterday is the last whole day.
    cut = table.today - 1
    outcome = train(
        table.histories,
        table.first_day,
        cut,
        in_use=dict(used.models),
        learned_to={kind: (day - table.first_day).days for kind, day in used.learned_through.items()},
        plan=Plan(boosting=boosting, weeks=history_days // 7),
        levels=used.cohort.levels if used.cohort else None,
        progress=progress,
    )
    if isinstance(outcome, Insufficient):
        return Trained(len(learners), outcome, [])
    progress("checking expected scores")
    outcome = replace(outcome, cohort=replace(outcome.cohort, performance_widths=_performance_widths()))
    stored = []
    if keep:
        through = today - timedelta(days=1)
        cohort = outcome.cohort
        metrics = {key: asdict(record) for key, record in cohort.records.items()}
        told = dict(learned_through=through, chosen=True, now=now)
        card = cohort_card(cohort, outcome.choices)
        stored.append(keep_model(kind=COHORT, parameters=cohort.packed(), metrics=metrics, card=card, **told))
        for choice in outcome.choices:
            if choice.won:
                scores = {
                    name: [value if isinstance(value, float) else asdict(value) for value in values]
                    for name, values in choice.scores.items()
                }
                card = card_of(choice, cohort)
                packed = choice.model.packed()
                stored.append(keep_model(kind=choice.key, parameters=packed, metrics=scores, card=card, **told))
        # Trees that passed no more are used no more.
        withdraw_others({choice.key for choice in outcome.choices if choice.won or choice.keeps_trees})
    return Trained(len(learners), outcome, stored)


def _performance_widths() -> dict[int, float]:
    """How far expected scores of specialties were off, by bin of attempts: each said just before the attempt came.

    The first two thirds settle abilities and difficulties; the newest third judges.
    """
    attempts = list(replay(on_cases(), catalogue_of_cases(counted=False)))
    judging = [attempt for attempt in attempts[2 * len(attempts) // 3 :] if attempt.attempts_in_specialty]
    off = np.array([100 * (attempt.score - attempt.in_specialty) for attempt in judging])
    return half_widths(off, np.array([attempt.attempts_in_specialty for attempt in judging], int))


def on_cases() -> Iterable[LearnersInteraction]:
    """What scores and the help before them are made of: the newest, in the order of receipt."""
    told = UserInteractionTrackingModel.objects.filter(interaction_type__in=SCORING).exclude(case_id="")
    return reversed(list(told.order_by("-pk").values_list(*COLUMNS, named=True)[:MOST_ON_CASES]))

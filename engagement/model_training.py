"""Train on what is stored, judge it, keep what won: what `manage.py train_models` does."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from accounts.calendar import local_day
from accounts.models import User
from engagement.domain.elo import Ability, Estimate, authored_difficulty, credit, learn
from engagement.domain.forecast.performance import half_widths
from engagement.domain.insufficient import Insufficient
from engagement.histories import histories_of
from engagement.ml.card import card_of, cohort_card
from engagement.ml.training import Plan, Training, train
from engagement.models import TrainedModel
from engagement.trained import COHORT, keep_model, models_in_use
from interactions.models import Case, UserInteractionTrackingModel
from interactions.policies import policy_book

HISTORY_DAYS = 364
MOST_ATTEMPTS = 200_000


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
    """Fit the cohort anew, try trees for every forecast, and keep what won. Same data, same models.

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
        card = cohort_card(cohort)
        stored.append(keep_model(kind=COHORT, parameters=cohort.packed(), metrics=metrics, card=card, **told))
        for candidate in outcome.candidates:
            if candidate.won:
                scores = {
                    name: [value if isinstance(value, float) else asdict(value) for value in values]
                    for name, values in candidate.scores.items()
                }
                card = card_of(candidate, cohort)
                packed = candidate.model.packed()
                stored.append(keep_model(kind=candidate.key, parameters=packed, metrics=scores, card=card, **told))
    return Trained(len(learners), outcome, stored)


def _performance_widths() -> dict[int, float]:
    """How far expected scores were off, by bin of attempts: every scored attempt forecast just before it came.

    The first two thirds settle the abilities; the newest third judges.
    """
    specialties, difficulties = {}, {}
    for case, specialty, word in Case.objects.values_list("case_id", "specialty", "difficulty"):
        specialties[case], difficulties[case] = specialty, Estimate(authored_difficulty(word))
    abilities: dict[int, Ability] = {}
    tried: set[tuple[int, str]] = set()
    residuals, attempts = [], []
    for user, case, performance in _scored_attempts():
        ability, specialty, key = abilities.setdefault(user, Ability()), specialties.get(case, ""), (user, case)
        before, item = ability.attempts(specialty), difficulties.setdefault(case, Estimate())
        score = credit(performance)
        expected = learn(ability, specialty, item, score, first=key not in tried)
        tried.add(key)
        residuals.append(100 * (score - expected))
        attempts.append(before)
    judging = slice(2 * len(residuals) // 3, None)
    known, off = np.array(attempts[judging], int), np.array(residuals[judging], float)
    return half_widths(off[known >= 1], known[known >= 1])


def _scored_attempts() -> Iterator[tuple[int, str, float]]:
    """The newest scored completions of cases, in the order of receipt."""
    rows = UserInteractionTrackingModel.objects.filter(interaction_type="case_complete", performance__isnull=False)
    newest = rows.exclude(case_id="").order_by("-pk").values_list("user", "case_id", "performance")[:MOST_ATTEMPTS]
    return reversed(list(newest))

"""Scored attempts once more, each beside what was expected of it the moment before: how good expected scores are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from engagement.domain.elo import Scale, credit, expected_score
from engagement.domain.progress import CASE, Catalogue, Interaction, Item, LearnerProgress, take_in


class LearnersInteraction(Interaction, Protocol):
    user_id: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """A scored attempt; scores 0-1, help counted.

    on_case, in_specialty                what was expected on this case, and on the usual one of its specialty
    attempts, attempts_in_specialty      scored attempts the learner had had
    """

    learner: int
    case: str
    specialty: str
    score: float
    on_case: float
    in_specialty: float
    attempts: int
    attempts_in_specialty: int


def replay(events: Iterable[LearnersInteraction], catalogue: Catalogue) -> Iterator[Attempt]:
    """Fold interactions in their order by the product's own rules; nothing is expected from what comes later.

    catalogue   cases with their specialties and difficulties, nothing counted yet
    """
    learners: dict[int, LearnerProgress] = defaultdict(LearnerProgress)
    scale, scale_day = Scale(), date.min
    for event in events:
        learner = learners[event.user_id]
        if event.interaction_type == "case_complete" and event.case_id and event.performance is not None:
            if event.occurred_at.date() != scale_day:
                scale, scale_day = catalogue.scale(event.occurred_at), event.occurred_at.date()
            item = Item(CASE, "", event.case_id)
            specialty, ability, done = catalogue.specialties.get(item, ""), learner.ability, learner.items.get(item)
            yield Attempt(
                learner=event.user_id,
                case=event.case_id,
                specialty=specialty,
                score=credit(event.performance, done.helps if done else 0),
                on_case=expected_score(ability, specialty, catalogue.difficulty_of(item).value),
                in_specialty=expected_score(ability, specialty, scale.usual_in(specialty)),
                attempts=ability.general.attempts,
                attempts_in_specialty=ability.attempts(specialty),
            )
        take_in(event, learner, catalogue)

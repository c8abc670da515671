"""What learners did with cases and resources, folded one interaction at a time.

The nightly count folds everybody's interactions, a page the few of one learner that were not counted yet: both by
`take_in`, so they cannot disagree. Everything folded is a plain sum or a decayed one; nothing needs the rows again.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from math import fsum
from typing import NamedTuple, Protocol

from engagement.domain.elo import Ability, Estimate, Scale, authored_difficulty, credit, learn

CASE, RESOURCE = "case", "resource"
# Opening a page on the way is not working with it.
ON_THE_WAY = "navigation"
# What is taken up now, and what is completed lately: half of the weight is gone after so many days.
UPTAKE_HALF_LIFE_DAYS, OUTCOME_HALF_LIFE_DAYS = 4.0, 90.0
PASS = 0.6
RECENT_ITEMS = 10
MOST_FOLLOWERS = 60
_DAY_SECONDS = 86_400


class Item(NamedTuple):
    """A case, or a resource with its type ("" for a case)."""

    kind: str
    resource_type: str
    id: str


class Interaction(Protocol):
    """The columns of a stored interaction that progress is made of."""

    interaction_type: str
    case_id: str
    resource_type: str
    resource_id: str
    performance: float | None
    occurred_at: datetime


@dataclass(slots=True)
class ItemProgress:
    """One learner with one item. Helps are those since the last attempt was concluded."""

    first_at: datetime
    last_at: datetime
    attempts: int = 0
    helps: int = 0
    completed_at: datetime | None = None
    last_credit: float | None = None


@dataclass(slots=True)
class Practice:
    """One learner in one specialty: scored attempts passed and not, and the last one."""

    passes: int = 0
    failures: int = 0
    last_at: datetime | None = None


@dataclass(slots=True)
class LearnerProgress:
    """recent   items in the order in which they were first opened, the newest last"""

    ability: Ability = field(default_factory=Ability)
    practice: dict[str, Practice] = field(default_factory=dict)
    items: dict[Item, ItemProgress] = field(default_factory=dict)
    recent: list[Item] = field(default_factory=list)


@dataclass(slots=True)
class ItemStatistics:
    """One item over all learners; decayed sums are as of `as_of`.

    difficulty   D in logits and the first attempts it rests on
    openers      learners who ever opened it
    uptake       the same, decayed (half-life 4 days)
    starts, completions   decayed (half-life 90 days)
    followers    what was first opened after it, decayed (half-life 90 days)
    used_at      when anybody last did anything with it
    """

    difficulty: Estimate = field(default_factory=Estimate)
    openers: int = 0
    uptake: float = 0.0
    starts: float = 0.0
    completions: float = 0.0
    followers: dict[Item, float] = field(default_factory=dict)
    as_of: datetime | None = None
    used_at: datetime | None = None

    def at(self, moment: datetime) -> tuple[float, float]:
        """Weights of uptake and of outcomes as of a moment that is not before `as_of`."""
        days = max((moment - self.as_of).total_seconds() / _DAY_SECONDS, 0.0) if self.as_of else 0.0
        return 2 ** (-days / UPTAKE_HALF_LIFE_DAYS), 2 ** (-days / OUTCOME_HALF_LIFE_DAYS)

    def weights(self, moment: datetime) -> tuple[float, float]:
        """What one event of this moment adds; the sums are moved on to it where it is the newest."""
        if self.as_of is not None and moment < self.as_of:
            days = (self.as_of - moment).total_seconds() / _DAY_SECONDS
            return 2 ** (-days / UPTAKE_HALF_LIFE_DAYS), 2 ** (-days / OUTCOME_HALF_LIFE_DAYS)
        uptake, outcome = self.at(moment)
        self.uptake *= uptake
        self.starts *= outcome
        self.completions *= outcome
        for item in self.followers:
            self.followers[item] *= outcome
        self.as_of = moment
        return 1.0, 1.0


@dataclass(slots=True)
class Catalogue:
    """What is known of items, of cases of all; `touched` are those that folding changed.

    hearsay   items that only learners' own tokens have named
    """

    specialties: dict[Item, str] = field(default_factory=dict)
    difficulties: dict[Item, str] = field(default_factory=dict)
    statistics: dict[Item, ItemStatistics] = field(default_factory=dict)
    touched: set[Item] = field(default_factory=set)
    hearsay: set[Item] = field(default_factory=set)

    def enter(self, item: Item, specialty: str, difficulty: str) -> None:
        self.specialties[item], self.difficulties[item] = specialty, difficulty

    def statistics_of(self, item: Item) -> ItemStatistics:
        """Those of an item, to be changed."""
        self.touched.add(item)
        return self.statistics.setdefault(item, ItemStatistics())

    def difficulty_of(self, item: Item) -> Estimate:
        """D of an item, to be changed; it starts where the author put it, shifted to where cases lie by now."""
        difficulty = self.statistics_of(item).difficulty
        if not difficulty.attempts:
            difficulty.value = authored_difficulty(self.difficulties.get(item, "")) + self._middle()
        return difficulty

    def scale(self, now: datetime) -> Scale:
        """As of a moment; takes the statistics of all cases."""
        weights: dict[str, list[float]] = defaultdict(list)
        weighted: dict[str, list[float]] = defaultdict(list)
        for item, known in self._scored():
            specialty, weight = self.specialties.get(item, ""), known.completions * known.at(now)[1]
            weights[specialty].append(weight)
            weighted[specialty].append(weight * known.difficulty.value)
        usual = {name: fsum(weighted[name]) / total for name in weights if (total := fsum(weights[name]))}
        return Scale(self._middle(), usual)

    def _middle(self) -> float:
        # Exact sums: counting on and counting anew meet the same cases in another order.
        shifts = [
            known.difficulty.value - authored_difficulty(self.difficulties.get(item, ""))
            for item, known in self._scored()
        ]
        return fsum(shifts) / len(shifts) if shifts else 0.0

    def _scored(self) -> Iterator[tuple[Item, ItemStatistics]]:
        return (
            (item, known) for item, known in self.statistics.items() if item.kind == CASE and known.difficulty.attempts
        )


def items_of(event: Interaction) -> list[Item]:
    items = []
    if event.case_id:
        items.append(Item(CASE, "", event.case_id))
    if event.resource_id:
        items.append(Item(RESOURCE, event.resource_type, event.resource_id))
    return items


def take_in(event: Interaction, learner: LearnerProgress, catalogue: Catalogue) -> None:
    """Fold one interaction into its learner and its items, in place. In the order of receipt."""
    for item in items_of(event):
        if event.interaction_type == ON_THE_WAY:
            catalogue.statistics_of(item)
            continue
        progress = learner.items.get(item)
        if progress is None:
            progress = _open(item, event.occurred_at, learner, catalogue)
        statistics = catalogue.statistics_of(item)
        statistics.used_at = max(statistics.used_at or event.occurred_at, event.occurred_at)
        progress.first_at = min(progress.first_at, event.occurred_at)
        progress.last_at = max(progress.last_at, event.occurred_at)
        if item.kind == CASE:
            _work_on(item, event, progress, learner, catalogue)


def _open(item: Item, moment: datetime, learner: LearnerProgress, catalogue: Catalogue) -> ItemProgress:
    statistics = catalogue.statistics_of(item)
    uptake, _ = statistics.weights(moment)
    statistics.openers += 1
    statistics.uptake += uptake
    for distance, before in enumerate(reversed(learner.recent)):
        _follow(catalogue.statistics_of(before), item, moment, distance)
    learner.recent.append(item)
    del learner.recent[:-RECENT_ITEMS]
    progress = learner.items[item] = ItemProgress(moment, moment)
    return progress


def nearness(distance: int) -> float:
    """Weight of an item opened `distance` items before the newest: 1, 5/6, 5/7, ..."""
    return 5 / (5 + distance)


def _follow(before: ItemStatistics, item: Item, moment: datetime, distance: int) -> None:
    _, weight = before.weights(moment)
    followers = before.followers
    followers[item] = followers.get(item, 0.0) + weight * nearness(distance)
    if len(followers) > MOST_FOLLOWERS:
        # The newcomer stays, or nothing new could ever come in.
        del followers[min((key for key in followers if key != item), key=lambda key: (followers[key], key))]


def _work_on(
    item: Item, event: Interaction, progress: ItemProgress, learner: LearnerProgress, catalogue: Catalogue
) -> None:
    match event.interaction_type:
        case "case_start":
            statistics = catalogue.statistics_of(item)
            statistics.starts += statistics.weights(event.occurred_at)[1]
        case "help_request":
            progress.helps += 1
        case "case_abandon":
            progress.helps = 0
        case "case_complete":
            statistics = catalogue.statistics_of(item)
            statistics.completions += statistics.weights(event.occurred_at)[1]
            progress.completed_at = max(progress.completed_at or event.occurred_at, event.occurred_at)
            if event.performance is not None:
                _score(item, event, progress, learner, catalogue)
            progress.helps = 0


def _score(
    item: Item, event: Interaction, progress: ItemProgress, learner: LearnerProgress, catalogue: Catalogue
) -> None:
    specialty = catalogue.specialties.get(item, "")
    score = credit(event.performance, progress.helps)
    learn(learner.ability, specialty, catalogue.difficulty_of(item), score, first=progress.attempts == 0)
    progress.attempts += 1
    progress.last_credit = score
    practice = learner.practice.setdefault(specialty, Practice())
    if score >= PASS:
        practice.passes += 1
    else:
        practice.failures += 1
    practice.last_at = max(practice.last_at or event.occurred_at, event.occurred_at)


def follow_up(recent: list[Item], statistics: dict[Item, ItemStatistics]) -> dict[Item, float]:
    """How strongly each item follows what was opened lately: learners at the same point opened it next. Sums, >= 0."""
    strength: dict[Item, float] = defaultdict(float)
    for distance, before in enumerate(reversed(recent)):
        known = statistics.get(before)
        if known is None or not known.followers:
            continue
        total = sum(known.followers.values()) + 1.0
        for item, weight in known.followers.items():
            strength[item] += nearness(distance) * weight / total
    return strength

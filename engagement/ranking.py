"""The candidates of one learner and the figures behind each, from values alone: page and benchmark rank alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from engagement.domain.elo import (
    LEAST_IN_SPECIALTY,
    Mastery,
    Scale,
    authored_difficulty,
    expected_score,
    mastery_of,
)
from engagement.domain.insufficient import Insufficient, Need
from engagement.domain.progress import (
    CASE,
    PASS,
    RESOURCE,
    Catalogue,
    Item,
    ItemStatistics,
    LearnerProgress,
    Practice,
    follow_up,
)
from engagement.domain.recommending import (
    COLD_WEIGHTS,
    WEIGHTS,
    Candidate,
    Choice,
    Part,
    completion_rate,
    due,
    gap,
    parts_of,
    zpd,
)

PERSONAL, SHRUNK, COLD_START = "personal", "shrunk", "cold_start"
JUST_DONE = timedelta(days=7)
DUE_AGAIN = 0.5
# What many used once and nobody has for so long has gone out of use: last year's assignment.
OUT_OF_USE = timedelta(days=90)
# Figures about fewer people are given to nobody.
LEAST_GROUP = 10
LEAST_WITNESSES = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """The figures a place in the list is made of.

    parts              add up to `utility`
    expected_score     0-100 on this item, None where nothing tells its difficulty
    mastery            0-1 of the specialty, or what is missing
    attempts           scored attempts in the specialty
    last_practised     the last scored attempt in the specialty
    last_opened, last_completed   this item
    openers            learners who ever opened it; None below ten
    completion_rate    0-1, drawn towards the overall rate; None for resources, and below ten openers
    propensity         where the place was drawn by lot: its probability
    """

    utility: float
    parts: tuple[Part, ...]
    expected_score: float | None
    mastery: Mastery | Insufficient
    attempts: int
    last_practised: datetime | None
    last_opened: datetime | None
    last_completed: datetime | None
    openers: int | None
    completion_rate: float | None
    propensity: float | None


@dataclass(frozen=True, slots=True)
class Recommendation:
    kind: str
    id: str
    resource_type: str
    title: str
    specialty: str
    difficulty: str
    basis: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of the catalogue; what nobody told is empty."""

    item: Item
    title: str
    specialty: str
    difficulty: str
    confirmed: bool = True

    @property
    def stray(self) -> bool:
        """A case without title and specialty, as a call made for a trial leaves it: no tutor would name it."""
        return self.item.kind == CASE and not (self.title or self.specialty)


class Ranking:
    """The candidates of one learner at one moment, from values alone."""

    def __init__(
        self, progress: LearnerProgress, catalogue: Catalogue, scale: Scale, start: datetime | None, now: datetime
    ):
        self._progress, self._catalogue, self._scale = progress, catalogue, scale
        self._start, self._now = start, now
        # A list asks for each of them once for every item.
        self._due, self._mastery, self._gap = cache(self._due_of), cache(self._mastery_of), cache(self._gap_of)
        weights = {item: known.at(now) for item, known in catalogue.statistics.items()}
        self._uptake = {item: catalogue.statistics[item].uptake * uptake for item, (uptake, _) in weights.items()}
        self._lately = {item: lately for item, (_, lately) in weights.items()}
        self._most_taken_up = max(self._uptake.values(), default=0.0)
        follow = follow_up(progress.recent, catalogue.statistics)
        # What the learner has opened already cannot be what comes next for him.
        self._follow = {item: strength for item, strength in follow.items() if item not in progress.items}
        self._strongest = max(self._follow.values(), default=0.0)
        self._completion = self._overall_completion()
        attempts = progress.ability.general.attempts
        self.missing = (
            None
            if attempts >= LEAST_IN_SPECIALTY
            else Insufficient((Need("scored attempts", attempts, LEAST_IN_SPECIALTY),))
        )

    def _overall_completion(self) -> float:
        starts = completions = 0.0
        for item, known in self._catalogue.statistics.items():
            if item.kind == CASE:
                weight = self._lately[item]
                starts += weight * max(known.starts, known.completions)
                completions += weight * known.completions
        return completions / starts if starts else 1.0

    def candidates(self, items: Iterable[Item], least: int) -> list[Candidate]:
        """The items that may be recommended; those out of use only where there are fewer others than `least`."""
        admitted = [item for item in items if self.admits(item)]
        in_use = [item for item in admitted if not self._out_of_use(item)]
        return [self.candidate(item) for item in (in_use if len(in_use) >= least else admitted)]

    def _out_of_use(self, item: Item) -> bool:
        known = self._catalogue.statistics.get(item)
        if known is None or known.used_at is None or known.openers < LEAST_GROUP:
            return False
        return known.used_at < self._now - OUT_OF_USE

    def admits(self, item: Item) -> bool:
        """Whether it may be recommended.

        Not what learners only pass through; not what a learner or two have named and nobody else, for then a title
        written by one would stand before all; not what was done within the week, nor a case that was passed, before
        half of its specialty is forgotten.
        """
        known, done = self._catalogue.statistics.get(item), self._progress.items.get(item)
        if known is not None and not known.openers:
            return False
        if done is None:
            return item not in self._catalogue.hearsay or (known is not None and known.openers >= LEAST_WITNESSES)
        finished = done.completed_at if item.kind == CASE else done.last_at
        passed = done.last_credit is not None and done.last_credit >= PASS
        if finished is None or (finished < self._now - JUST_DONE and not passed):
            return True
        return self._due(self._specialty(item)) > DUE_AGAIN

    def _specialty(self, item: Item) -> str:
        return self._catalogue.specialties.get(item, "")

    def _mastery_of(self, specialty: str) -> Mastery | Insufficient:
        return mastery_of(self._progress.ability, specialty, self._scale)

    def _gap_of(self, specialty: str) -> float:
        mastery = self._mastery(specialty)
        return gap(mastery.probability, mastery.attempts) if isinstance(mastery, Mastery) else 0.0

    def _due_of(self, specialty: str) -> float:
        practice = self._progress.practice.get(specialty)
        if practice is None or practice.last_at is None:
            return 0.0
        days = (self._now - practice.last_at).total_seconds() / 86_400
        return due(days, practice.passes, practice.failures)

    def _difficulty(self, item: Item) -> float | None:
        """D in logits; None for a resource of which nobody said."""
        word = self._catalogue.difficulties.get(item, "")
        if item.kind == RESOURCE:
            return self._scale.unscored(word) if word else None
        known = self._catalogue.statistics.get(item)
        return known.difficulty.value if known and known.difficulty.attempts else self._scale.unscored(word)

    def expected(self, item: Item) -> float | None:
        """Expected score 0-1 on an item; None in a cold start, and where nothing tells its difficulty."""
        difficulty = self._difficulty(item)
        if difficulty is None or self.missing is not None:
            return None
        return expected_score(self._progress.ability, self._specialty(item), difficulty)

    def _completion_rate(self, item: Item) -> float | None:
        if item.kind == RESOURCE:
            return None
        known = self._catalogue.statistics.get(item) or ItemStatistics()
        weight = self._lately.get(item, 1.0)
        return completion_rate(known.completions * weight, known.starts * weight, self._completion)

    def _prior(self, item: Item) -> float:
        """How much it is taken up now and after what this learner opened last, by how often it is completed."""
        uptake = self._uptake.get(item, 0.0) / self._most_taken_up if self._most_taken_up else 0.0
        prior = uptake
        if self._strongest:
            prior = (uptake + self._follow.get(item, 0.0) / self._strongest) / 2
        rate = self._completion_rate(item)
        return prior if rate is None else prior * rate

    def _novelty(self, item: Item) -> float:
        done = self._progress.items.get(item)
        if done is None:
            return 1.0
        return 0.5 if self._start is not None and done.last_at < self._start else 0.0

    def candidate(self, item: Item) -> Candidate:
        specialty, prior, novelty = self._specialty(item), self._prior(item), self._novelty(item)
        if self.missing is not None:
            word = self._catalogue.difficulties.get(item, "")
            easy_first = 0.5 - authored_difficulty(word) / 1.6 if word else None
            values = {"order": easy_first, "prior": prior, "novelty": novelty}
            return Candidate(item, specialty, parts_of(values, COLD_WEIGHTS))
        expected = self.expected(item)
        values = {
            "gap": self._gap(specialty),
            "zpd": None if expected is None else zpd(expected),
            "due": self._due(specialty),
            "prior": prior,
            "novelty": novelty,
        }
        return Candidate(item, specialty, parts_of(values, WEIGHTS))

    def recommendation(self, choice: Choice, entry: Entry) -> Recommendation:
        item, specialty = entry.item, entry.specialty
        known, done = self._catalogue.statistics.get(item), self._progress.items.get(item)
        practice = self._progress.practice.get(specialty, Practice())
        expected = self.expected(item)
        mastery = self._mastery(specialty)
        enough = known is not None and known.openers >= LEAST_GROUP
        basis = SHRUNK if isinstance(mastery, Insufficient) else PERSONAL
        return Recommendation(
            kind=item.kind,
            id=item.id,
            resource_type=item.resource_type,
            title=entry.title or item.id,
            specialty=specialty,
            difficulty=entry.difficulty,
            basis=basis if self.missing is None else COLD_START,
            evidence=Evidence(
                utility=choice.candidate.utility,
                parts=choice.candidate.parts,
                expected_score=None if expected is None else 100 * expected,
                mastery=mastery,
                attempts=self._progress.ability.attempts(specialty),
                last_practised=practice.last_at,
                last_opened=done and done.last_at,
                last_completed=done and done.completed_at,
                openers=known.openers if enough else None,
                completion_rate=self._completion_rate(item) if enough else None,
                propensity=choice.propensity,
            ),
        )

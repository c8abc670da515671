"""Ability and difficulty from scored attempts, by Elo's rule with partial credit.

A learner has one general ability G and one L for each specialty, an item a difficulty D, on one scale of logits. G and
L start at 0, D where its author put it. Expected score p = sigma(G + L - D); after a score s the three move by the
surprise s - p, less the more attempts they rest on. Pelanek 2016, doi 10.1016/j.compedu.2016.03.017.

Only differences on the scale mean anything. Where scores average more than 50, abilities rise and difficulties fall
together, so 0 is not the middle: what is said of a specialty is measured at its usual case (`Scale`).

Plain values only: the same steps serve one learner's page, the nightly count of everybody, and a benchmark.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp

from engagement.domain.insufficient import Insufficient, Need

# K(n) = 1 / (1 + .05 n): the step after n attempts. A learner's share of it is split between G and L.
_DAMPING = 0.05
_SHARE = 0.5
HELP_COST, LEAST_CREDIT = 0.1, 0.5
MASTERED = 0.75
LEAST_IN_SPECIALTY = 3
# The words authors use, in the order of the scale. Anything else says nothing and stands in the middle.
_AUTHORED = {
    **dict.fromkeys(("easy", "beginner", "basic", "novice", "introductory", "low"), -0.8),
    **dict.fromkeys(("medium", "intermediate", "moderate", "normal"), 0.0),
    **dict.fromkeys(("hard", "advanced", "difficult", "expert", "high"), 0.8),
}


@dataclass(slots=True)
class Estimate:
    """A value on the logit scale and the attempts it rests on."""

    value: float = 0.0
    attempts: int = 0


@dataclass(slots=True)
class Ability:
    """One learner: G, and L by specialty ("" where an item names none)."""

    general: Estimate = field(default_factory=Estimate)
    specialties: dict[str, Estimate] = field(default_factory=dict)

    def of(self, specialty: str) -> float:
        """G + L of a specialty, logits; a specialty never tried has L = 0."""
        local = self.specialties.get(specialty)
        return self.general.value + (local.value if local else 0.0)

    def attempts(self, specialty: str) -> int:
        local = self.specialties.get(specialty)
        return local.attempts if local else 0


@dataclass(frozen=True, slots=True)
class Mastery:
    """Expected score (0-1) on the usual case of a specialty, and the attempts it rests on."""

    probability: float
    attempts: int


def authored_difficulty(word: str) -> float:
    """Where D starts: easy -.8, medium 0, hard +.8; 0 for a word nobody defined."""
    return _AUTHORED.get(word.strip().casefold(), 0.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """Where cases lie on the scale now, in logits.

    middle   how much harder than their authors said cases turned out, the mean over those that were scored; an item
             that nobody was scored on lies so far from where its author put it
    usual    difficulty of the usual case by specialty: the mean, weighted by how often each was completed lately
    """

    middle: float = 0.0
    usual: Mapping[str, float] = field(default_factory=dict)

    def unscored(self, word: str) -> float:
        """Difficulty of an item that nobody was scored on, by its author's word."""
        return authored_difficulty(word) + self.middle

    def usual_in(self, specialty: str) -> float:
        return self.usual.get(specialty, self.middle)


def credit(score: float, helps: int = 0) -> float:
    """Score s in [0, 1] of an attempt with `score` 0-100: each help costs a tenth, at most half."""
    return min(max(score / 100, 0.0), 1.0) * max(1 - HELP_COST * helps, LEAST_CREDIT)


def logistic(logit: float) -> float:
    """sigma(x), without overflow at either end."""
    if logit >= 0:
        return 1 / (1 + exp(-logit))
    power = exp(logit)
    return power / (1 + power)


def expected_score(ability: Ability, specialty: str, difficulty: float) -> float:
    """p of the score s in [0, 1] on an item of this difficulty (logits)."""
    return logistic(ability.of(specialty) - difficulty)


def learn(ability: Ability, specialty: str, item: Estimate, score: float, *, first: bool = True) -> float:
    """Take in one attempt, in place; p as it was expected before.

    score   s in [0, 1], from `credit`
    first   the learner's first attempt at the item: only these move D, since a second try is at an item
            already seen and would make every item look easier than it is
    """
    local = ability.specialties.setdefault(specialty, Estimate())
    expected = logistic(ability.general.value + local.value - item.value)
    surprise = score - expected
    for estimate in (ability.general, local):
        estimate.value += _SHARE * surprise / (1 + _DAMPING * estimate.attempts)
        estimate.attempts += 1
    if first:
        item.value -= surprise / (1 + _DAMPING * item.attempts)
        item.attempts += 1
    return expected


def mastery_of(ability: Ability, specialty: str, scale: Scale) -> Mastery | Insufficient:
    """Mastery of a specialty, or the attempts that are missing."""
    attempts = ability.attempts(specialty)
    if attempts < LEAST_IN_SPECIALTY:
        return Insufficient((Need("scored attempts in the specialty", attempts, LEAST_IN_SPECIALTY),))
    return Mastery(expected_score(ability, specialty, scale.usual_in(specialty)), attempts)

"""Which cases and resources come next, each with the parts its place is made of (docs/recommendations.md).

U = .30 gap + .30 zpd + .20 due + .10 prior + .10 novelty; a part that says nothing about an item (zpd of a resource
without difficulty) is left out and its weight shared among the others, so U stays within [0, 1].
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from math import exp
from random import Random
from typing import NamedTuple

from engagement.domain.elo import MASTERED
from engagement.domain.progress import Item

WEIGHTS = {"gap": 0.30, "zpd": 0.30, "due": 0.20, "prior": 0.10, "novelty": 0.10}
COLD_WEIGHTS = {"order": 0.40, "prior": 0.40, "novelty": 0.20}
BAND = (0.70, 0.85)
_AIM, _SPREAD = 0.775, 0.15
_HALF_LIFE, _PER_PASS, _PER_FAILURE, _SHORTEST, _LONGEST = 14.0, 1.8, 0.5, 1.0, 180.0
_LAMBDA = 0.8
BLOCK, MOST_PER_SPECIALTY = 5, 2
LEAST_SHOWN_TO_EXPLORE, LOTS = 3, 10
# Sums are printed to this many decimals and add up as printed.
DECIMALS = 4


def gap(mastery: float, attempts: int) -> float:
    """How far mastery (0-1) lies below .75, trusted the more the more scored attempts it rests on; 0-1."""
    return max(0.0, MASTERED - mastery) / MASTERED * attempts / (attempts + 3)


def zpd(expected: float) -> float:
    """How well an expected score (0-1) fits: 1 at .775, in the middle of the band .70-.85."""
    return exp(-0.5 * ((expected - _AIM) / _SPREAD) ** 2)


def half_life(passes: int, failures: int) -> float:
    """Days after which half is forgotten: 14, longer with each pass and shorter with each failure, 1 to 180."""
    # The exponents are bounded first: what lies beyond is clipped anyway, and must not overflow.
    days = _HALF_LIFE * _PER_PASS ** min(passes, 400) * _PER_FAILURE ** min(failures, 400)
    return min(max(days, _SHORTEST), _LONGEST)


def due(days: float, passes: int, failures: int) -> float:
    """The share forgotten, 0-1, `days` after the last practice."""
    return 1 - 2 ** (-max(days, 0.0) / half_life(passes, failures))


def completion_rate(completions: float, starts: float, overall: float) -> float:
    """The completion rate of an item, drawn towards the overall rate as by five more starts."""
    starts = max(starts, completions)
    return (completions + 5 * overall) / (starts + 5)


class Part(NamedTuple):
    """A component of U: value 0-1, its weight, and their product in `points` (4 decimals)."""

    name: str
    value: float
    weight: float
    points: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """`utility` is the sum of the parts' points: added once, for a choice compares it many times."""

    item: Item
    specialty: str
    parts: tuple[Part, ...]
    utility: float = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "utility", round(sum([part.points for part in self.parts]), DECIMALS))


@dataclass(frozen=True, slots=True)
class Choice:
    """One place of the list; `propensity` where it was drawn by lot: the probability with which it was."""

    candidate: Candidate
    propensity: float | None = None


def parts_of(values: dict[str, float | None], weights: dict[str, float]) -> tuple[Part, ...]:
    """The parts of a utility; what is None is left out and its weight shared."""
    total = sum([weights[name] for name, value in values.items() if value is not None])
    return tuple(
        [
            Part(name, value, weights[name] / total, round(value * weights[name] / total, DECIMALS))
            for name, value in values.items()
            if value is not None
        ]
    )


def choose(candidates: Sequence[Candidate], *, limit: int, seed: int, explore: bool = True) -> list[Choice]:
    """The best of the candidates in their order, diverse, one of them drawn by lot.

    Greedy maximal marginal relevance (lambda .8, the same specialty is wholly similar), in each five at most two of
    a specialty as long as there are others. The last of the first five (of fewer, if fewer are asked) is drawn
    evenly from the next ten, so that what would never come up can show what it is worth (`explore`).
    """
    left = list(candidates)
    slot = min(limit, BLOCK) - 1
    chosen: list[Choice] = []
    taken: Counter[str] = Counter()
    while left and len(chosen) < limit:
        if len(chosen) % BLOCK == 0:
            taken.clear()
        seen = {choice.candidate.specialty for choice in chosen}
        open_to = [candidate for candidate in left if taken[candidate.specialty] < MOST_PER_SPECIALTY] or left
        lots = nsmallest(
            LOTS,
            open_to,
            key=lambda candidate: (
                -(_LAMBDA * candidate.utility - (1 - _LAMBDA) * (candidate.specialty in seen)),
                candidate.item,
            ),
        )
        pick, propensity = lots[0], None
        if explore and len(chosen) == slot and limit >= LEAST_SHOWN_TO_EXPLORE and len(lots) > 1:
            pick, propensity = Random(seed).choice(lots), 1 / len(lots)
        left.remove(pick)
        taken[pick.specialty] += 1
        chosen.append(Choice(pick, propensity))
    return chosen

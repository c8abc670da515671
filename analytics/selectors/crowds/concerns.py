"""What is worth a look about a case: where it has more of something than the other cases together."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.domain.surplus import Sample, lower, more_often, more_per
from analytics.selectors.crowds.cases import CaseHealth

LEFT, SHALLOW, SCORES, HELP = KINDS = ("left", "shallow", "scores", "help")
# Two standard deviations of chance, and never one or two learners' doing alone.
STANDS_OUT, LEAST_EVENTS = 2.0, 3


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing about one case.

    strength         how far beyond chance, in standard deviations
    part, of         how many of how many; for scores the mean and how many there are
    others, others_of  the same of the other cases together
    """

    kind: str
    case: CaseHealth
    strength: float
    part: float
    of: int
    others: float
    others_of: int

    @property
    def stands_out(self) -> bool:
        return self.strength >= STANDS_OUT


@dataclass(frozen=True, slots=True)
class Together:
    """Some cases added up; `number`: how many cases. Of all but one is all without that one."""

    number: int
    left: int
    starts: int
    shallow: int
    timed: int
    help_requests: int
    scores: Sample

    @classmethod
    def of(cls, cases: Sequence[CaseHealth]) -> "Together":
        whole = {name: sum(getattr(each, name) for each in cases) for name in _ADDED}
        return cls(len(cases), **whole, scores=sum((each.scores for each in cases), Sample()))

    def without(self, case: CaseHealth) -> "Together":
        rest = {name: getattr(self, name) - getattr(case, name) for name in _ADDED}
        return Together(self.number - 1, **rest, scores=self.scores - case.scores)


_ADDED = ("left", "starts", "shallow", "timed", "help_requests")


def concerns_of(cases: Sequence[CaseHealth]) -> list[tuple[Concern, ...]]:
    """All four of each case, compared with the others together, the gravest kind first.

    How hard a case is shows in scores and calls for help, so these are compared among cases of one difficulty.
    """
    of_all = Together.of(cases)
    by_difficulty: dict[str, list[CaseHealth]] = {}
    for case in cases:
        by_difficulty.setdefault(case.difficulty, []).append(case)
    of_difficulty = {name: Together.of(alike) for name, alike in by_difficulty.items()}
    found = []
    for case in cases:
        others, alike = of_all.without(case), of_difficulty[case.difficulty].without(case)
        found.append(_concerns(case, others, alike if alike.number else others))
    return found


def _concerns(case: CaseHealth, others: Together, alike: Together) -> tuple[Concern, ...]:
    return (
        _share(LEFT, case, (case.left, case.starts), (others.left, others.starts)),
        _share(SHALLOW, case, (case.shallow, case.timed), (others.shallow, others.timed)),
        _scores(case, alike.scores),
        _help(case, alike),
    )


def gravest(concerns: Sequence[Concern]) -> Concern | None:
    return next((concern for concern in concerns if concern.stands_out), None)


def _share(kind: str, case: CaseHealth, own: tuple[int, int], others: tuple[int, int]) -> Concern:
    strength = more_often(*own, *others) if own[0] >= LEAST_EVENTS else 0.0
    return Concern(kind, case, strength, *own, *others)


def _scores(case: CaseHealth, rest: Sample) -> Concern:
    scores = case.scores
    strength = lower(scores, rest) if case.score else 0.0
    return Concern(
        SCORES, case, strength, scores.mean if scores.n else 0.0, scores.n, rest.mean if rest.n else 0.0, rest.n
    )


def _help(case: CaseHealth, alike: Together) -> Concern:
    told = case.help_requests, case.starts, alike.help_requests, alike.starts
    return Concern(HELP, case, more_per(*told) if case.help_requests >= LEAST_EVENTS else 0.0, *told)

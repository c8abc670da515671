"""What is worth a look about a case: where it has more of something than the other cases together."""

from collections.abc import Iterable, Sequence
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


def concerns_of(case: CaseHealth, cases: Sequence[CaseHealth]) -> tuple[Concern, ...]:
    """All four of a case, the gravest kind first; `cases`: all that are compared, itself among them.

    How hard a case is shows in scores and calls for help, so these are compared among cases of one difficulty.
    """
    others = [each for each in cases if each.case_id != case.case_id]
    alike = [each for each in others if each.difficulty == case.difficulty] or others
    return (
        _share(LEFT, case, others, lambda each: (each.left, each.starts)),
        _share(SHALLOW, case, others, lambda each: (each.shallow, each.timed)),
        _scores(case, alike),
        _help(case, alike),
    )


def gravest(concerns: Sequence[Concern]) -> Concern | None:
    return next((concern for concern in concerns if concern.stands_out), None)


def _share(kind: str, case: CaseHealth, others: Sequence[CaseHealth], numbers) -> Concern:
    (part, of), (rest, rest_of) = numbers(case), _added(map(numbers, others))
    strength = more_often(part, of, rest, rest_of) if part >= LEAST_EVENTS else 0.0
    return Concern(kind, case, strength, part, of, rest, rest_of)


def _scores(case: CaseHealth, others: Sequence[CaseHealth]) -> Concern:
    scores, rest = case.scores, sum((each.scores for each in others), Sample())
    strength = lower(scores, rest) if scores.n >= LEAST_EVENTS else 0.0
    return Concern(
        SCORES, case, strength, scores.mean if scores.n else 0.0, scores.n, rest.mean if rest.n else 0.0, rest.n
    )


def _help(case: CaseHealth, others: Sequence[CaseHealth]) -> Concern:
    rest, rest_of = _added((each.help_requests, each.starts) for each in others)
    strength = more_per(case.help_requests, case.starts, rest, rest_of) if case.help_requests >= LEAST_EVENTS else 0.0
    return Concern(HELP, case, strength, case.help_requests, case.starts, rest, rest_of)


def _added(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    told = list(pairs)
    return sum(part for part, _ in told), sum(of for _, of in told)

"""Whether a case has more of something than the others together, beyond what chance makes of so few.

Each answer is in standard deviations of chance. One learner's attempts are not independent of each other, so this is a
rule for what is worth a look, and no test of a hypothesis.
"""

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Sample:
    """Some values by their number, sum and sum of squares, which can be added up."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0

    @property
    def mean(self) -> float:
        return self.total / self.n

    @property
    def variance(self) -> float:
        """Of the values themselves, not below 0 whatever rounding does."""
        return max(0.0, self.squares / self.n - self.mean**2)

    def __add__(self, other: "Sample") -> "Sample":
        return Sample(self.n + other.n, self.total + other.total, self.squares + other.squares)

    def __sub__(self, other: "Sample") -> "Sample":
        return Sample(self.n - other.n, self.total - other.total, self.squares - other.squares)


def more_often(part: int, of: int, others: int, others_of: int) -> float:
    """How far the share `part` of `of` lies above that of the others: two proportions with a pooled variance."""
    if not of or not others_of:
        return 0.0
    pooled = (part + others) / (of + others_of)
    error = sqrt(pooled * (1 - pooled) * (1 / of + 1 / others_of)) if 0 < pooled < 1 else 0.0
    return (part / of - others / others_of) / error if error else 0.0


def more_per(events: int, chances: int, others: int, others_chances: int) -> float:
    """How far a rate lies above that of the others, where there may be several events to a chance.

    Of all events together, each would fall here by the share of the chances (Przyborowski and Wilenski 1940).
    """
    total = events + others
    if not total or not chances or not others_chances:
        return 0.0
    here = chances / (chances + others_chances)
    return (events - total * here) / sqrt(total * here * (1 - here))


def lower(one: Sample, others: Sample) -> float:
    """How far a mean lies below that of the others (Welch 1947)."""
    if one.n < 2 or others.n < 2:
        return 0.0
    error = sqrt(one.variance / one.n + others.variance / others.n)
    return (others.mean - one.mean) / error if error else 0.0

"""Where a learner stands among others, in bands wide enough to be true and too coarse to name anybody."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

LEAST_OTHERS = 10
LEAST_TENURE_DAYS = 14
# The middle of a percentile is known to +-26 points among ten others, to +-18 among twenty.
QUARTERS_FROM = 20
THIRDS = ("lower_third", "middle_third", "upper_third")
QUARTERS = ("lowest_quarter", "second_quarter", "third_quarter", "highest_quarter")
BANDS = (*THIRDS, *QUARTERS)
_COUNT_STEP = 5
# Figures are compared in steps of a quarter, so that who moves his own finds nobody's by where the band turns.
_STEP = math.log(1.25)


def percentile(value: float, others: Sequence[float]) -> float:
    """100 (less + equal / 2) / n of the others; n >= 1."""
    ranked = sorted(others)
    less, through = bisect_left(ranked, value), bisect_right(ranked, value)
    return 100 * (less + (through - less) / 2) / len(ranked)


def band_of(value: float, others: Sequence[float]) -> str | None:
    """The third, from 20 others on the quarter, in which a value lies.

    None below ten others, and where they are all alike: then the band would tell the figure of each of them.
    """
    steps = [_step(other) for other in others]
    if len(steps) < LEAST_OTHERS or min(steps) == max(steps):
        return None
    bands = QUARTERS if len(steps) >= QUARTERS_FROM else THIRDS
    return bands[min(int(percentile(_step(value), steps) / 100 * len(bands)), len(bands) - 1)]


def _step(figure: float) -> float:
    """The step a figure lies in, as a number to compare; nothing is a step of its own."""
    return math.floor(math.log(figure) / _STEP) if figure > 0 else -math.inf


def similar_tenure(learner: int, tenures: Mapping[int, int]) -> tuple[list[int], bool]:
    """The others of a learner's part, where all with 14 days are parted by tenure (days) into eleven or more.

    With them, whether tenure is alike: from one doubling of 14 days to the next. Parts have nobody in common, so the
    groups of two learners are of the same people but for themselves, or of other people altogether: what was matched
    around each one's own tenure would differ by one or two, and their bands would tell of these.
    """
    classes: dict[int, list[int]] = {}
    for one, days in sorted(tenures.items()):
        if days >= LEAST_TENURE_DAYS:
            classes.setdefault((days // LEAST_TENURE_DAYS).bit_length(), []).append(one)
    parts = [([name], learners) for name, learners in sorted(classes.items())]
    while len(parts) > 1 and min(len(learners) for _, learners in parts) <= LEAST_OTHERS:
        few = min(range(len(parts)), key=lambda place: len(parts[place][1]))
        near = min((place for place in (few - 1, few + 1) if 0 <= place < len(parts)), key=lambda at: len(parts[at][1]))
        first, second = sorted((few, near))
        parts[first : second + 1] = [tuple(one + other for one, other in zip(parts[first], parts[second], strict=True))]
    own = next((part for part in parts if learner in part[1]), ([], []))
    return [one for one in own[1] if one != learner], len(own[0]) == 1


def at_least(count: int) -> int:
    """A size of a group rounded down to fives, so that one who comes or goes does not show."""
    return count - count % _COUNT_STEP

"""Where a learner stands among others, in bands wide enough to be true and too coarse to name anybody."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

LEAST_OTHERS = 10
LEAST_TENURE_DAYS = 14
# The middle of a percentile is known to +-26 points among ten others, to +-18 among twenty.
QUARTERS_FROM = 20
THIRDS = ("lower_third", "middle_third", "upper_third")
QUARTERS = ("lowest_quarter", "second_quarter", "third_quarter", "highest_quarter")
BANDS = (*THIRDS, *QUARTERS)
# A tenure of half to twice one's own is similar.
_SIMILAR = 2.0
_COUNT_STEP = 5


def percentile(value: float, others: Sequence[float]) -> float:
    """100 (less + equal / 2) / n of the others; n >= 1."""
    ranked = sorted(others)
    less, through = bisect_left(ranked, value), bisect_right(ranked, value)
    return 100 * (less + (through - less) / 2) / len(ranked)


def band_of(value: float, others: Sequence[float]) -> str | None:
    """The third, from 20 others on the quarter, in which a value lies.

    None below ten others, and where they are all alike: then the band would tell the figure of each of them.
    """
    if len(others) < LEAST_OTHERS or min(others) == max(others):
        return None
    bands = QUARTERS if len(others) >= QUARTERS_FROM else THIRDS
    return bands[min(int(percentile(value, others) / 100 * len(bands)), len(bands) - 1)]


def similar_tenure(own: int, tenures: Mapping[int, int]) -> tuple[list[int], bool]:
    """Those with a tenure (days) of half to twice one's own; all with 14 days where these are fewer than ten.

    With the learners, whether tenure was matched.
    """
    settled = sorted(learner for learner, days in tenures.items() if days >= LEAST_TENURE_DAYS)
    near = [learner for learner in settled if own / _SIMILAR <= tenures[learner] <= own * _SIMILAR]
    return (near, True) if len(near) >= LEAST_OTHERS else (settled, False)


def at_least(count: int) -> int:
    """A size of a group rounded down to fives, so that one who comes or goes does not show."""
    return count - count % _COUNT_STEP

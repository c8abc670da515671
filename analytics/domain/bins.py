"""Histograms with fixed bins: counts that can be added up for ever, and medians that survive the raw rows."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

import numpy as np

# Seconds, eight bins to each doubling from 8 seconds to a day: a median is off by less than a bin, 9 % of it.
SECONDS_EDGES = (0, *sorted({round(8 * 2 ** (step / 8)) for step in range(108)}), 86_401)
# Scores by whole points, 0-100; the last bin holds the full score alone.
SCORE_EDGES = (*range(101), 101)


def bins_of(values: np.ndarray, edges: Sequence[int]) -> np.ndarray:
    """The bin of each of n values, int (n,): bin i is `[edges[i], edges[i + 1])`."""
    return np.searchsorted(np.asarray(edges), values, side="right") - 1


def bin_of(value: float, edges: Sequence[int]) -> int:
    return bisect_right(edges, value) - 1


def quantile_of(histogram: Mapping[str, int], edges: Sequence[int], share: float) -> float | None:
    """The value below which `share` (0-1) of the counted lie, None when nothing is counted.

    histogram  how many by the number of their bin, as text
    Within a bin the values are taken to lie evenly; the answer lies in the bin of the true quantile.
    """
    counted = sorted((int(name), count) for name, count in histogram.items() if count)
    total = sum(count for _, count in counted)
    if not total:
        return None
    wanted, below = share * total, 0
    for number, count in counted:
        if below + count >= wanted:
            low, high = edges[number], edges[number + 1]
            return low + (high - low) * (wanted - below) / count
        below += count
    raise AssertionError("a share is at most 1")

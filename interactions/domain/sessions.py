"""Sessions: runs of interactions with no gap of more than 30 minutes between them."""

from dataclasses import dataclass

import numpy as np

GAP_SECONDS = 30 * 60


@dataclass(frozen=True, slots=True)
class Sessions:
    """k sessions in order of time, arrays of shape (k,).

    first, last   indexes of a session's first and last interaction in the ordered times
    seconds       last minus first; a single interaction lasts 0 s, for nothing is known of its length
    """

    first: np.ndarray
    last: np.ndarray
    seconds: np.ndarray

    def __len__(self) -> int:
        return len(self.first)


def find_sessions(times: np.ndarray) -> Sessions:
    """Sessions in n ascending times (seconds since any epoch, float (n,))."""
    if len(times) == 0:
        nothing = np.empty(0, dtype=int)
        return Sessions(nothing, nothing, np.empty(0))
    breaks = np.flatnonzero(np.diff(times) > GAP_SECONDS)
    first = np.concatenate(([0], breaks + 1))
    last = np.concatenate((breaks, [len(times) - 1]))
    return Sessions(first, last, times[last] - times[first])

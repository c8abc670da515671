"""What many learners did on each day, as arrays: what is asked of one record after another is asked of all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from engagement.domain.tenure import Tenure


@dataclass(frozen=True, slots=True)
class DayGrid:
    """k learners on w days in a row.

    first          the first day; the others follow without a gap
    points, best   (k, w) capped base points D of each day, and the highest base points of one interaction
    counts         (k, w) whether the day counts for the learner
    """

    first: date
    points: np.ndarray
    best: np.ndarray
    counts: np.ndarray

    def column(self, day: date) -> int:
        """Where a day stands; outside of 0 to w - 1 where it is not held."""
        return day.toordinal() - self.first.toordinal()

    def ages(self, last: date) -> np.ndarray:
        """(k, w) how many counting days there are from each on up to `last`, itself not; -1 where it does not count."""
        through = max(0, self.column(last) + 1)
        ages = np.full(self.counts.shape, -1, dtype=np.int32)
        ages[:, :through] = _ages(self.counts[:, :through])
        return ages

    def windows(self, last: date, days: int, since: date = date.min) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """points and best (k, days), column 0 the newest counting day up to `last`, zeros behind; how many count (k,).

        since   days before it are left out
        """
        through = max(0, self.column(last) + 1)
        first = min(through, max(0, self.column(since)))
        newest = slice(max(first, through - days), through)
        counts = self.counts[:, newest]
        points, best = np.zeros((2, len(counts), days))
        # Most have no pause among the newest days, so that these stand in a row already.
        points[:, : counts.shape[1]] = (self.points[:, newest] * counts)[:, ::-1]
        best[:, : counts.shape[1]] = (self.best[:, newest] * counts)[:, ::-1]
        number = counts.sum(axis=1)
        reaches_back = ~counts.all(axis=1) & self.counts[:, first : newest.start].any(axis=1)
        [rows] = np.nonzero(reaches_back | (counts[:, :-1] & ~counts[:, 1:]).any(axis=1))
        ages = _ages(self.counts[rows, first:through])
        points[rows], best[rows] = 0.0, 0.0
        places, columns = np.nonzero((ages >= 0) & (ages < days))
        at, to = (rows[places], first + columns), (rows[places], ages[places, columns])
        points[to], best[to] = self.points[at], self.best[at]
        number[rows] = np.minimum((ages >= 0).sum(axis=1), days)
        return points, best, number


def _ages(counts: np.ndarray) -> np.ndarray:
    """Of days that count, (k, w), how many newer ones there are; -1 of the others."""
    return np.where(counts, np.cumsum(counts[:, ::-1], axis=1, dtype=np.int32)[:, ::-1] - 1, -1)


def counting(tenures: Sequence[Tenure], first: date, days: int) -> np.ndarray:
    """(k, days) whether each day from `first` on counts for each learner."""
    start = first.toordinal()
    begins = np.array([date.max.toordinal() if one.start is None else one.start.toordinal() for one in tenures])
    counts = start + np.arange(days)[None, :] >= begins.reshape(-1, 1)
    for row, tenure in enumerate(tenures):
        for pause, end in tenure.pauses:
            counts[row, max(0, pause.toordinal() - start) : max(0, end.toordinal() - start)] = False
    return counts

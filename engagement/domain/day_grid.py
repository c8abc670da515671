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

    def ages(self, last: date, since: date = date.min) -> np.ndarray:
        """(k, w) how many counting days each day lies before the newest one up to `last`, -1 where it does not count.

        since   days before it are left out
        """
        inside = self.counts.copy()
        inside[:, : max(0, self.column(since))] = False
        inside[:, max(0, self.column(last) + 1) :] = False
        ages = inside[:, ::-1].cumsum(axis=1)[:, ::-1] - 1
        return np.where(inside, ages, -1)

    def windows(self, last: date, days: int, since: date = date.min) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """points and best (k, days), column 0 the newest counting day up to `last`, zeros behind; how many count (k,).

        since   days before it are left out
        """
        ages = self.ages(last, since)
        rows, columns = np.nonzero((ages >= 0) & (ages < days))
        points, best = np.zeros((2, len(ages), days))
        points[rows, ages[rows, columns]] = self.points[rows, columns]
        best[rows, ages[rows, columns]] = self.best[rows, columns]
        return points, best, np.minimum((ages >= 0).sum(axis=1), days)


def counting(tenures: Sequence[Tenure], first: date, days: int) -> np.ndarray:
    """(k, days) whether each day from `first` on counts for each learner."""
    start = first.toordinal()
    begins = np.array([date.max.toordinal() if one.start is None else one.start.toordinal() for one in tenures])
    counts = start + np.arange(days)[None, :] >= begins.reshape(-1, 1)
    for row, tenure in enumerate(tenures):
        for pause, end in tenure.pauses:
            counts[row, max(0, pause.toordinal() - start) : max(0, end.toordinal() - start)] = False
    return counts

"""What k learners did day by day, and what of it was known at a cut-off.

A forecast may see nothing from after its cut-off. `Histories.as_of` is the one door to the past and
`Histories.ahead` the one door to what came then; features and fits take what these two give and nothing else.
"""

from dataclasses import dataclass

import numpy as np

Cut = int | np.ndarray


@dataclass(frozen=True, slots=True)
class Past:
    """The newest counting days of k learners up to a cut-off, newest first: column 0 is the cut-off's day.

    active    (k, n) bool     whether it was an active day
    volume    (k, n) float    interactions
    points    (k, n) float    capped base points D
    best      (k, n) float    the highest base points of one interaction
    observed  (k,)   int      how many of the columns are days of this learner; the rest is zero
    tenure    (k,)   int      counting days since the start, those beyond the columns included
    """

    active: np.ndarray
    volume: np.ndarray
    points: np.ndarray
    best: np.ndarray
    observed: np.ndarray
    tenure: np.ndarray

    def rows(self, chosen: np.ndarray) -> "Past":
        """The same of some learners (mask or indexes)."""
        return Past(*(getattr(self, name)[chosen] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Ahead:
    """What came in the h counting days after a cut-off.

    active_days (k,) int; volume (k,) float; whole (k,) bool: all h days are known, planned and not paused.
    """

    active_days: np.ndarray
    volume: np.ndarray
    whole: np.ndarray


@dataclass(frozen=True, slots=True)
class Histories:
    """Days of k learners on one calendar; column d is the d-th day of it.

    volume, points, best  (k, days) as in Past
    active                (k, days) bool
    start                 (k,) the column of the first day that counts, negative where it lies before the calendar
    end                   (k,) the first column that counts no more (the learner left)
    closed                (k,) the first column after the planned end of the cohort, nothing is forecast into it
    group                 (k,) the cohort's number, -1 for none
    paused                (k, days) bool, or None where nobody paused
    """

    active: np.ndarray
    volume: np.ndarray
    points: np.ndarray
    best: np.ndarray
    start: np.ndarray
    end: np.ndarray
    closed: np.ndarray
    group: np.ndarray
    paused: np.ndarray | None = None

    @property
    def days(self) -> int:
        return self.active.shape[1]

    def __len__(self) -> int:
        return len(self.active)

    def rows(self, chosen: np.ndarray) -> "Histories":
        """The same of some learners (mask or indexes)."""
        paused = None if self.paused is None else self.paused[chosen]
        parts = (getattr(self, name)[chosen] for name in self.__slots__ if name != "paused")
        return Histories(*parts, paused=paused)

    def present(self, cut: Cut) -> np.ndarray:
        """(k,) bool: who had begun, had not left, and whose cohort had not ended on the cut-off's day."""
        return (self.start <= cut) & (self.end > cut) & (self.closed > cut)

    def as_of(self, cut: Cut, reach: int) -> Past:
        """What is known at the end of column `cut` (one, or one for each learner), `reach` counting days back."""
        cut = np.broadcast_to(np.asarray(cut), len(self))
        columns, counts = self._columns_back(cut, reach)
        known = np.clip(columns, 0, self.days - 1)
        volume, points, best = (
            np.where(counts, np.take_along_axis(values, known, axis=1), 0.0).astype(np.float64)
            for values in (self.volume, self.points, self.best)
        )
        active = counts & np.take_along_axis(self.active, known, axis=1)
        tenure = np.maximum(cut - self.start + 1, 0)
        if self.paused is not None:
            before = np.arange(self.days)[None, :]
            tenure -= (self.paused & (before <= cut[:, None]) & (before >= self.start[:, None])).sum(axis=1)
        return Past(active, volume, points, best, counts.sum(axis=1), tenure)

    def _columns_back(self, cut: np.ndarray, reach: int) -> tuple[np.ndarray, np.ndarray]:
        """The columns of the newest counting days, newest first, and which of them are the learner's at all."""
        if self.paused is None:
            columns = cut[:, None] - np.arange(reach)[None, :]
        else:
            calendar = np.arange(self.days)[None, :]
            skipped = self.paused | (calendar > cut[:, None])
            # Stable, so the days that count keep their order and the skipped ones go behind them all.
            columns = np.argsort(np.where(skipped, self.days, cut[:, None] - calendar), axis=1, kind="stable")
            columns = np.where(np.take_along_axis(skipped, columns, axis=1), -1, columns)[:, :reach]
        return columns, (columns >= np.maximum(self.start, 0)[:, None]) & (columns < self.days)

    def ahead(self, cut: Cut, days: int) -> Ahead:
        """What came in the `days` days after column `cut`. Labels only: never an input of a forecast."""
        cut = np.broadcast_to(np.asarray(cut), len(self))
        columns = cut[:, None] + np.arange(1, days + 1)[None, :]
        known = np.clip(columns, 0, self.days - 1)
        whole = (cut + days < np.minimum(self.days, self.closed)) & self.present(cut)
        if self.paused is not None:
            whole &= ~np.take_along_axis(self.paused, known, axis=1).any(axis=1)
        return Ahead(
            np.take_along_axis(self.active, known, axis=1).sum(axis=1),
            np.take_along_axis(self.volume, known, axis=1).sum(axis=1, dtype=np.float64),
            whole,
        )

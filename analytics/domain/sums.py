"""Sums over cells that learners made, and whether one more would tell of a few of them, by any adding and subtracting.

What can be computed from sums is a vector over cells: the cells it depends on are those where it is not nothing, and
it tells of a few where the learners of these are fewer than LEAST. Each such vector is looked for: a cell of many has
to cancel out, a cell of a few may or may not, and no more than LEAST - 1 learners may be left. Numbers are modulo a
prime, in which elimination is exact.
"""

from collections.abc import Sequence

import numpy as np

from analytics.domain.release import LEAST

# Products of two remainders fit into 64 bits.
PRIME = 2**31 - 1
# A search that takes longer is given up, and the sum kept back; the longest of the demonstration take some fifty.
MOST_STEPS = 3_000


class Sums:
    """The sums that are told over some cells, each an array (cells,) of whole numbers.

    cells   who made each, as the bits of a whole number
    """

    def __init__(self, cells: Sequence[int]):
        self.cells = cells
        self.of_many = np.array([cell.bit_count() >= LEAST for cell in cells], dtype=bool)
        # In echelon form: first those in which a cell of many leads, then all that can be had without such cells.
        self._with_many: list[tuple[int, np.ndarray]] = []
        self._of_few: list[tuple[int, np.ndarray]] = []
        self._steps = 0

    def add(self, told: np.ndarray) -> None:
        rest = self._less_known(told)
        if not rest.any():
            return
        leading = np.flatnonzero((rest != 0) & self.of_many)
        if leading.size:
            self._with_many.append((leading[0], _led_by(rest, leading[0])))
        else:
            lead = np.flatnonzero(rest)[0]
            self._of_few.append((lead, _led_by(rest, lead)))

    def tell(self, asked: np.ndarray) -> bool:
        """Whether a sum follows from those that are told."""
        return not self._less_known(asked).any()

    def would_tell_of_few(self, asked: np.ndarray) -> bool:
        """Whether something about a few follows from this sum and those that are told, and not from these alone."""
        rest = self._less_known(asked)
        if not rest.any() or rest[self.of_many].any():
            return False
        self._steps = 0
        rows = np.array([row for _, row in self._of_few], dtype=np.int64).reshape(-1, len(self.cells))
        return self._leaves_few(rest, rows, 0)

    def _less_known(self, told: np.ndarray) -> np.ndarray:
        """A sum less what is told, so far as it can be cleared."""
        rest = told % PRIME
        for lead, row in (*self._with_many, *self._of_few):
            if rest[lead]:
                rest = (rest - rest[lead] * row) % PRIME
        return rest

    def _leaves_few(self, rest: np.ndarray, rows: np.ndarray, few: int) -> bool:
        """Whether `rest`, less some combination of `rows`, is of fewer than LEAST learners, `few` of them among these.

        Both are changed.
        """
        while True:
            self._steps += 1
            if self._steps > MOST_STEPS:
                return True
            left = rest.nonzero()[0]
            can_change = rows[:, left].any(axis=0)
            for cell in left[~can_change]:
                few |= self.cells[cell]
            if few.bit_count() >= LEAST:
                return False
            open_cells = [(few | self.cells[cell], cell) for cell in left[can_change] if self.cells[cell] & ~few]
            if not open_cells:
                return True
            # What would be too many has to cancel out; of a cell of few it is tried whether it does.
            among, cell = max(open_cells, key=lambda one: one[0].bit_count())
            if among.bit_count() < LEAST and self._leaves_few(rest.copy(), rows.copy(), among):
                return True
            rows = _cleared(rest, rows, cell)


def _led_by(row: np.ndarray, lead: int) -> np.ndarray:
    return row * pow(int(row[lead]), -1, PRIME) % PRIME


def _cleared(rest: np.ndarray, rows: np.ndarray, cell: int) -> np.ndarray:
    """The rows without that which cancels a cell out of `rest` and of the others, which are changed in place."""
    having = rows[:, cell].nonzero()[0]
    if not having.size:  # nothing clears it
        return rows
    *others, at = having
    row = _led_by(rows[at], cell)
    rows[at] = rows[-1]
    for other in others:
        rows[other] = (rows[other] - rows[other, cell] * row) % PRIME
    if rest[cell]:
        rest[:] = (rest - rest[cell] * row) % PRIME
    return rows[:-1]

"""Which cases of a crowd may be shown of a block of four weeks, beside all that is shown of its weeks.

All that is told are sums over cells. A cell is what was done in a week, in a field and in a case; a field is a
specialty with a difficulty. A case is shown where nothing about a few learners follows from it, the other cases and the
weeks (analytics.domain.sums). What is done in no case protects none, since nobody starts or completes it: what is new
about the work in cases must be of LEAST who worked in them.

It is decided week by week, as readers saw it. A case that was shown at the end of a week comes first in the next, so
that growing numbers put none in its place; what was told of one that may no longer be shown stays told. So no case is
shown that would tell of a few with another that was, and the choice depends on the weeks alone.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from analytics.domain.counting import Key
from analytics.domain.release import LEAST
from analytics.domain.stats import ALL, BOTH, DIFFICULTY, SPECIALTY
from analytics.domain.sums import Sums

# A specialty and a difficulty.
Field = tuple[str, str]
# Learners as the bits of a whole number, by week and field.
Cells = dict[tuple[date, Field], int]
# What is done in a field and in no case.
NO_CASE = ""


@dataclass(frozen=True, slots=True)
class BlockOfCrowd:
    """shown   the keys that are shown of each week that is shown at all
    cases   who worked on each case by week and field, and under NO_CASE who did anything in none
    """

    shown: Mapping[date, frozenset[Key]]
    cases: Mapping[str, Cells]


def shown_cases_beside(block: BlockOfCrowd) -> frozenset[str]:
    """The cases of a crowd's block that may be shown."""
    return frozenset(_Release(block).cases)


def may_be_parted(block: BlockOfCrowd, case: str, parts: Iterable[Collection[date]]) -> bool:
    """Whether a shown case may be shown for each of some sets of weeks by themselves, beside all that is shown."""
    release = _Release(block)
    return all(release.tells(case, weeks) for weeks in parts)


class _Release:
    """What is told of a block, week after week.

    cases   those that are shown at last, the first to be shown first
    past    what was told of others, as sums over the columns
    """

    def __init__(self, block: BlockOfCrowd):
        self.weeks = sorted({week for cells in block.cases.values() for week, _ in cells})
        self.of = {case: cells for case, cells in block.cases.items() if case != NO_CASE and _number(cells) >= LEAST}
        self._fill(block)
        self.cases: list[str] = []
        self.past: list[np.ndarray] = []
        for place, week in enumerate(self.weeks):
            self._go_on(self.weeks[:place], week)

    def _fill(self, block: BlockOfCrowd) -> None:
        """The columns: cells of which the same sums are made, put together."""
        keys = [(week, key) for week in sorted(block.shown) for key in sorted(block.shown[week])]
        cells: dict[tuple, int] = {}
        for case, several in block.cases.items():
            name = case if case in self.of or case == NO_CASE else None
            for (week, field), learners in several.items():
                sums = tuple(week == when and _takes_in(key, field) for when, key in keys)
                if name is not None or any(sums):
                    cells[week, name, sums] = cells.get((week, name, sums), 0) | learners
        self.columns = [(week, name) for week, name, _ in cells]
        self.learners = list(cells.values())
        self.in_cases = np.array([name != NO_CASE for _, name in self.columns], dtype=bool)
        of_weeks = np.array([sums for *_, sums in cells], dtype=np.int64).reshape(len(cells), len(keys)).T
        self.told_of_weeks = list(zip((week for week, _ in keys), of_weeks, strict=True))

    def _go_on(self, before: list[date], week: date) -> None:
        """Decide anew with one more week."""
        weeks = [*before, week]
        new = [case for case, cells in self.of.items() if case not in self.cases and _number(cells, weeks) >= LEAST]
        if not (self.cases or new):
            return
        while gone := self._cannot_stay(weeks):
            # What was told of them is told beside the others.
            self.past += [self._row(case, before) for case in gone]
            self.cases = [case for case in self.cases if case not in gone]
        # In an order that what is done in the running week does not change.
        self.cases += [case for case in sorted(new) if self.tells(case, weeks)]

    def _cannot_stay(self, weeks: list[date]) -> list[str]:
        """Which of the cases shown so far may not be shown of these weeks; the others are told."""
        self.told = Sums(self.learners)
        self.told_in_cases = Sums([one for one, within in zip(self.learners, self.in_cases, strict=True) if within])
        for row in (*(row for week, row in self.told_of_weeks if week in weeks), *self.past):
            self._tell(row)
        return [case for case in self.cases if not self.tells(case, weeks)]

    def tells(self, case: str, weeks: Collection[date]) -> bool:
        """Tell of a case in some weeks, where nothing about a few follows from it; whether it is told."""
        row = self._row(case, weeks)
        within = row[self.in_cases]
        if self.told_in_cases.tell(within):
            # Nothing new about cases; what is done in none may be had by it.
            safe = not self.told.would_tell_of_few(row)
        else:
            safe = not self.told_in_cases.would_tell_of_few(within)
        if safe:
            self._tell(row)
        return safe

    def _tell(self, row: np.ndarray) -> None:
        self.told.add(row)
        self.told_in_cases.add(row[self.in_cases])

    def _row(self, case: str, weeks: Collection[date]) -> np.ndarray:
        return np.array([name == case and week in weeks for week, name in self.columns], dtype=np.int64)


def _takes_in(key: Key, field: Field) -> bool:
    """Whether what is told under a key of a week takes in a field."""
    return {
        ALL: True,
        SPECIALTY: key.name == field[0],
        DIFFICULTY: key.name == field[1],
        BOTH: (key.name, key.second_name) == field,
    }[key.by]


def _number(cells: Cells, weeks: Collection[date] | None = None) -> int:
    """How many learners made some cells, in some weeks or all."""
    union = 0
    for (week, _), learners in cells.items():
        if weeks is None or week in weeks:
            union |= learners
    return union.bit_count()

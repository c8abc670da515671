"""Which cases of a crowd may be shown of a block of four weeks, beside all that is shown of its weeks.

What is shown of a week are sums over fields: a field is a specialty with a difficulty. Take the weeks of each field as
the nodes on one side and the cases on the other, joined by who worked on the case in that field and week. Whatever can
be computed from the sums of both sides depends on a cut of this graph, or on more; so nothing about a few learners
follows where every cut with a case on its side is of none or of at least LEAST learners. A case lies in one field, so
the graph falls apart into fields with no more than four weeks each, and all sets of weeks can be tried.

The sums of a field are taken as known, even if the week shows it with others only. Where cases and weeks of a field are
the same to the last learner, cases make its sums known in truth; then the week's own graph (analytics.domain.release)
must stay safe without this field.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, combinations, product
from typing import NamedTuple

from analytics.domain.counting import Key
from analytics.domain.release import LEAST, MOST_NODES
from analytics.domain.stats import BOTH, DIFFICULTY, SPECIALTY

# A specialty and a difficulty.
Field = tuple[str, str]
# Learners as the bits of a whole number, by week and field.
Cells = dict[tuple[date, Field], int]
# What is done in a field and in no case. It protects no case: nobody starts or completes it.
NO_CASE = ""


@dataclass(frozen=True, slots=True)
class BlockOfCrowd:
    """shown   the keys that are shown of each week that is shown at all
    fields  who did anything, by week and field
    cases   the same by case, and under NO_CASE who did anything in none
    """

    shown: Mapping[date, frozenset[Key]]
    fields: Cells
    cases: Mapping[str, Cells]


def shown_cases_beside(block: BlockOfCrowd) -> frozenset[str]:
    """The cases of a crowd's block that may be shown, those of most learners first."""
    graph = _Graph(block)
    sizes = {case: _all(cells.values()).bit_count() for case, cells in block.cases.items() if case != NO_CASE}
    shown: frozenset[str] = frozenset()
    told = graph.told_by(shown, {})
    for case in sorted(sizes, key=lambda case: (-sizes[case], case)):
        if sizes[case] >= LEAST and (tried := graph.told_by(shown | {case}, told, of=case)) is not None:
            shown, told = shown | {case}, tried
    return shown


def may_be_shown(block: BlockOfCrowd, shown: frozenset[str]) -> bool:
    """Whether nothing about a few learners follows where all these cases are shown."""
    return _Graph(block).told_by(shown, {}) is not None


class _Graph:
    """A block with fields as one that no week shows apart from each other.

    rows   of each field and case, who worked on it by week
    apart  of each field, who did anything in no case
    """

    def __init__(self, block: BlockOfCrowd):
        fields = sorted({field for _, field in block.fields})
        self.ends = {week: {field: _ends(keys, field) for field in fields} for week, keys in block.shown.items()}
        same: dict[tuple, Field] = {}
        self.first = {
            field: same.setdefault(tuple(ends[field] for ends in self.ends.values()), field) for field in fields
        }
        self.block = block
        self.rows: dict[Field, dict[str, dict[date, int]]] = {field: {} for field in same.values()}
        for case, cells in block.cases.items():
            for (week, field), learners in cells.items():
                row = self.rows[self.first[field]].setdefault(case, {})
                row[week] = row.get(week, 0) | learners
        self.apart = {field: rows.pop(NO_CASE, {}) for field, rows in self.rows.items()}

    def told_by(
        self, shown: frozenset[str], known: Mapping[Field, frozenset[date]], of: str | None = None
    ) -> dict[Field, frozenset[date]] | None:
        """The weeks of each field whose sums are sums of shown cases; None where something about a few follows.

        known   what these are in the fields that the case `of` is not in
        """
        told = dict(known)
        for field, rows in self.rows.items():
            if of is None or of in rows:
                weeks = self._weeks_told(field, shown)
                if weeks is None:
                    return None
                told[field] = weeks
        weeks = frozenset().union(*told.values())
        safe = all(self._stays_safe(week, {field for field in told if week in told[field]}) for week in weeks)
        return told if safe else None

    def _weeks_told(self, field: Field, shown: frozenset[str]) -> frozenset[date] | None:
        rows, apart = self.rows[field], self.apart[field]
        columns = [row for case, row in rows.items() if case in shown]
        others = [row for case, row in rows.items() if case not in shown]
        told: set[date] = set()
        for chosen in _subsets(sorted({week for row in (*rows.values(), apart) for week in row} & self.ends.keys())):
            rest = _all(row[week] for row in others for week in chosen & row.keys())
            sides = [] if rest.bit_count() >= LEAST else [_small_sides(row, chosen) for row in columns]
            if not all(sides):
                # A case is of many on both sides, so every such cut is of many.
                continue
            if sum(len(side) > 1 for side in sides) > MOST_NODES:
                return None
            for cut in product(*sides):
                if not any(inside for inside, _ in cut):
                    continue
                number = (rest | _all(learners for _, learners in cut)).bit_count()
                beside = _all(apart[week] for week in chosen & apart.keys()).bit_count()
                if 0 < number < LEAST or (number == 0 and 0 < beside < LEAST):
                    return None
                if number == 0:
                    told |= chosen
        return frozenset(told)

    def _stays_safe(self, week: date, known: set[Field]) -> bool:
        """Whether a week's cuts are of none or many, where the sums of known fields may be left out of each or not."""
        edges: dict[tuple, int] = {}
        for (when, field), learners in self.block.fields.items():
            if when == week and not (ends := self.ends[week][field]).alone:
                own = self.first[field] if self.first[field] in known else None
                edge = ((SPECIALTY, ends.specialty), (DIFFICULTY, ends.difficulty), own)
                edges[edge] = edges.get(edge, 0) | learners
        nodes = list(dict.fromkeys(node for edge in edges for node in edge[:2]))
        if len(nodes) > MOST_NODES:
            return False
        for side in range(1, 2 ** max(0, len(nodes) - 1)):
            inside = {node for place, node in enumerate(nodes) if side >> place & 1}
            cut = [edge for edge in edges if (edge[0] in inside) != (edge[1] in inside)]
            unknown = _all(edges[edge] for edge in cut if edge[2] is None).bit_count()
            left = [edges[edge].bit_count() for edge in cut if edge[2] is not None]
            if left and (0 < unknown < LEAST or (not unknown and len(left) > 1 and min(left) < LEAST)):
                return False
        return True


class _Ends(NamedTuple):
    """Where a field lies in a week's graph: None among those not shown. alone: the field itself, where it is shown."""

    specialty: str | None
    difficulty: str | None
    alone: Field | None


def _ends(shown: frozenset[Key], field: Field) -> _Ends:
    return _Ends(
        next((key.name for key in shown if key.by == SPECIALTY and key.name == field[0]), None),
        next((key.name for key in shown if key.by == DIFFICULTY and key.name == field[1]), None),
        next((field for key in shown if key.by == BOTH and (key.name, key.second_name) == field), None),
    )


def _small_sides(row: Mapping[date, int], chosen: frozenset[date]) -> list[tuple[bool, int]]:
    """Whom a cut costs that has this case inside, with the chosen weeks, or outside: of the two, those of a few."""
    inside = _all(learners for week, learners in row.items() if week not in chosen)
    outside = _all(learners for week, learners in row.items() if week in chosen)
    return [side for side in ((True, inside), (False, outside)) if side[1].bit_count() < LEAST]


def _subsets(weeks: Sequence[date]) -> Iterator[frozenset[date]]:
    return map(frozenset, chain.from_iterable(combinations(weeks, number) for number in range(len(weeks) + 1)))


def _all(sets) -> int:
    union = 0
    for learners in sets:
        union |= learners
    return union

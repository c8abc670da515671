"""Which counts of a week may be shown, so that nothing about fewer than ten learners can be had, nor by subtraction.

Crowds are apart and weeks are apart, so it is decided for each crowd and week by itself; sums of what is shown tell no
more than what is shown. Within one, take specialties and difficulties as the nodes of a graph and each pair of them
that occurs as an edge, with the learners who made it. Specialties that are not shown are one node, difficulties that
are not shown another, and pairs that are shown by themselves are no edges. Whatever can be computed from what is shown,
by any adding and subtracting, is a number for each edge that is a difference of numbers at its ends: what it depends on
is a cut of this graph. So nothing about a few learners follows if every cut is of none or of at least LEAST learners.
"""

from collections.abc import Mapping

from analytics.domain.counting import Cell, Key
from analytics.domain.learner_sets import bits, members, size
from analytics.domain.stats import ALL, BOTH, DIFFICULTY, SPECIALTY

LEAST = 10
# Cuts are tried one by one; where there would be more than 2 to the power of this, the part in question is kept back.
MOST_NODES = 10
# (specialty, difficulty) -> who did it, as the bits of a whole number
Edges = dict[tuple[str, str], int]
_UNSHOWN_SPECIALTY, _UNSHOWN_DIFFICULTY = "specialty", "difficulty"


def shown_keys(cells: Mapping[Key, Cell]) -> frozenset[Key]:
    """The keys of one week that may be shown, to whoever may see their crowds."""
    crowds: dict[int, dict[Key, Cell]] = {}
    for key, cell in cells.items():
        if key.by in (ALL, SPECIALTY, DIFFICULTY, BOTH):
            crowds.setdefault(key.crowd, {})[key] = cell
    return frozenset().union(*(_shown_of_crowd(crowd) for crowd in crowds.values()))


def _shown_of_crowd(cells: Mapping[Key, Cell]) -> set[Key]:
    total = next((key for key in cells if key.by == ALL), None)
    if total is None or size(cells[total].learners) < LEAST:
        return set()
    everybody = members(cells[total].learners)
    edges = {
        (key.name, key.second_name): bits(cell.learners, everybody) for key, cell in cells.items() if key.by == BOTH
    }
    order = {SPECIALTY: 0, DIFFICULTY: 1, BOTH: 2}
    candidates = [key for key, cell in cells.items() if key.by in order and size(cell.learners) >= LEAST]
    shown = {total}
    # The coarse before the fine, and the larger first: what is kept back is what fewest miss.
    for key in sorted(candidates, key=lambda key: (order[key.by], -size(cells[key].learners), key)):
        if _is_safe(edges, shown | {key}):
            shown.add(key)
    return shown


def _is_safe(edges: Edges, shown: set[Key]) -> bool:
    specialties = {key.name for key in shown if key.by == SPECIALTY}
    difficulties = {key.name for key in shown if key.by == DIFFICULTY}
    pairs = {(key.name, key.second_name) for key in shown if key.by == BOTH}
    between: dict[tuple, int] = {}
    for (specialty, difficulty), learners in edges.items():
        if (specialty, difficulty) not in pairs:
            one = (SPECIALTY, specialty) if specialty in specialties else (_UNSHOWN_SPECIALTY, None)
            other = (DIFFICULTY, difficulty) if difficulty in difficulties else (_UNSHOWN_DIFFICULTY, None)
            between[one, other] = between.get((one, other), 0) | learners
    return all(_cuts_are_large(part) for part in _parts(between))


def _parts(between: dict[tuple, int]) -> list[list[tuple[int, int, int]]]:
    """The edges of each connected part, `(node, node, learners)`, after joining what no small cut can part."""
    nodes = {node: number for number, node in enumerate(dict.fromkeys(node for pair in between for node in pair))}
    joined = _Joined(len(nodes))
    for (one, other), learners in between.items():
        if learners.bit_count() >= LEAST:
            joined.join(nodes[one], nodes[other])
    small = [
        (joined.root(nodes[one]), joined.root(nodes[other]), learners) for (one, other), learners in between.items()
    ]
    small = [edge for edge in small if edge[0] != edge[1]]
    connected = _Joined(len(nodes))
    for one, other, _ in small:
        connected.join(one, other)
    parts: dict[int, list[tuple[int, int, int]]] = {}
    for edge in small:
        parts.setdefault(connected.root(edge[0]), []).append(edge)
    return list(parts.values())


def _cuts_are_large(part: list[tuple[int, int, int]]) -> bool:
    ends = sorted({node for one, other, _ in part for node in (one, other)})
    nodes = {node: number for number, node in enumerate(ends)}
    if len(nodes) > MOST_NODES:
        return False
    for side in range(1, 2 ** (len(nodes) - 1)):
        cut = 0
        for one, other, learners in part:
            if (side >> nodes[one] ^ side >> nodes[other]) & 1:
                cut |= learners
        if 0 < cut.bit_count() < LEAST:
            return False
    return True


class _Joined:
    """Which of n nodes have been joined, directly or over others."""

    def __init__(self, n: int):
        self.above = list(range(n))

    def root(self, node: int) -> int:
        while self.above[node] != node:
            node = self.above[node]
        return node

    def join(self, one: int, other: int) -> None:
        self.above[self.root(one)] = self.root(other)

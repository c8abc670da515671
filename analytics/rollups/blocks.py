"""What may be shown of a block of four weeks: which cases of each crowd, and which crowds together with others only."""

from collections.abc import Iterable, Mapping
from datetime import date

from analytics.domain.case_release import NO_CASE, BlockOfCrowd, shown_cases_beside
from analytics.domain.counting import FIELD_BREAK, Cell, Key
from analytics.domain.learner_sets import bits, members, size, union
from analytics.domain.release import LEAST
from analytics.domain.retention import sizes_of_crowds
from analytics.domain.stats import ALL, BOTH, CASE, PARTS

# The cells of each week of a block.
Weeks = Mapping[date, Mapping[Key, Cell]]
# The keys that may be shown of each.
Shown = Mapping[date, frozenset[Key]]


def kept_weeks(weeks: Weeks, shown: Shown) -> dict[int, frozenset[date]]:
    """The weeks of each crowd that its cases are of: those that are shown, or all where none is."""
    told = {crowd: frozenset(several) for crowd, several in _by_crowd(shown).items()}
    there = {key.crowd for cells in weeks.values() for key in cells}
    return {crowd: told.get(crowd) or frozenset(weeks) for crowd in there}


def _by_crowd(shown: Shown) -> dict[int, set[date]]:
    crowds: dict[int, set[date]] = {}
    for week, keys in shown.items():
        for key in keys:
            if key.by == ALL:
                crowds.setdefault(key.crowd, set()).add(week)
    return crowds


def shown_in_block(weeks: Weeks, shown: Shown) -> frozenset[Key]:
    """The cases of each crowd that may be shown, and the parts: those of a block are of the weeks that show them."""
    cases = frozenset(
        Key(crowd, CASE, case)
        for crowd, block in blocks_of_crowds(weeks, shown).items()
        for case in shown_cases_beside(block)
    )
    return cases | {key for keys in shown.values() for key in keys if key.by in PARTS}


def blocks_of_crowds(weeks: Weeks, shown: Shown) -> dict[int, BlockOfCrowd]:
    """What each crowd did in the block, of those that have cases of ten learners, or may have."""
    kept = kept_weeks(weeks, shown)
    crowds: dict[int, dict[date, dict[Key, Cell]]] = {}
    for week, cells in weeks.items():
        for key, cell in cells.items():
            if week in kept[key.crowd] and key.by in (BOTH, CASE):
                crowds.setdefault(key.crowd, {}).setdefault(week, {})[key] = cell
    return {
        crowd: block_of_cells(
            several,
            {
                week: frozenset(key for key in shown[week] if key.crowd == crowd)
                for week in kept[crowd]
                if any(key.by == ALL and key.crowd == crowd for key in shown.get(week, ()))
            },
        )
        for crowd, several in crowds.items()
        if size(union(cell.learners for cells in several.values() for cell in cells.values())) >= LEAST
    }


def block_of_cells(weeks: Weeks, shown: Shown) -> BlockOfCrowd:
    """What one crowd did, of its cells by both fields and by case in the weeks that are kept."""
    everybody = members(union(cell.learners for cells in weeks.values() for cell in cells.values()))
    cases: dict[str, dict[tuple, int]] = {}
    for week, cells in weeks.items():
        counted = {(key.name, key.second_name): cell for key, cell in cells.items() if key.by == BOTH}
        told: dict[tuple, int] = {}
        in_cases: dict[tuple, int] = {}
        for key, cell in cells.items():
            if key.by == CASE:
                where = _fields(cell, counted)
                for field, number in where.items():
                    # In several fields: nobody knows who in which. One is all that can be relied on.
                    learners = bits(cell.learners, everybody) if len(where) == 1 else 1 << len(everybody)
                    cases.setdefault(key.name, {})[week, field] = learners
                    told[field] = told.get(field, 0) | (learners if len(where) == 1 else 0)
                    in_cases[field] = in_cases.get(field, 0) + number
        for field, cell in counted.items():
            if sum(cell.values.get("interactions", {}).values()) != in_cases.get(field, 0):
                apart = bits(cell.learners, everybody) & ~told.get(field, 0)
                cases.setdefault(NO_CASE, {})[week, field] = apart or 1 << len(everybody)
    return BlockOfCrowd(shown, cases)


def _fields(cell: Cell, counted: Mapping[tuple, Cell]) -> dict[tuple[str, str], int]:
    """How often a case was worked on in each field; what was counted before fields were may be in any."""
    told = {tuple(words.split(FIELD_BREAK, 1)): number for words, number in cell.values.get("fields", {}).items()}
    return told if told and told.keys() <= counted.keys() else dict.fromkeys(counted, 0)


def pooled_crowds(weeks: Weeks, enrolments: Iterable[tuple], crowds: Mapping[int, str]) -> frozenset[int]:
    """The crowds of which nothing is told but with others: of fewer than ten at work, and enrolled, in the block.

    crowds   the key of each
    Of whom ten are enrolled retention is told, and what is told of them with others would tell of the others.
    """
    sets: dict[int, list[bytes]] = {}
    for cells in weeks.values():
        for key, cell in cells.items():
            if key.by == ALL:
                sets.setdefault(key.crowd, []).append(cell.learners)
    small = {crowd for crowd, several in sets.items() if size(union(several)) < LEAST}
    cohorts = {crowd: tuple(map(int, crowds[crowd].split(","))) if crowds[crowd] else () for crowd in small}
    theirs = {cohort for several in cohorts.values() for cohort in several}
    learners = {row[0] for row in enrolments if row[1] in theirs}
    rows = [row for row in enrolments if row[0] in learners]
    most: dict[tuple[int, ...], int] = {}
    for week in weeks if small else ():
        for crowd, number in sizes_of_crowds(week, rows).items():
            most[crowd] = max(number, most.get(crowd, 0))
    return frozenset(crowd for crowd in small if most.get(cohorts[crowd], 0) < LEAST)

"""From the interactions of one day to counts: arrays in, whole numbers out, the same in any order of rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from analytics.domain.bins import SCORE_EDGES, SECONDS_EDGES, bins_of
from analytics.domain.learner_sets import packed, union
from analytics.domain.stats import CASE, SLICES, STATS, Stat
from interactions.domain.attempts import INFERRED

COMPLETE, ABANDON, HELP = "case_complete", "case_abandon", "help_request"
HOURS_A_WEEK = 168
# Between a specialty and a difficulty that are told as one word; neither has more than one line.
FIELD_BREAK = "\n"
DAY_SECONDS = 24 * 60 * 60
# How late something was received, by the days after it happened; sooner than the first is not late.
LATENESS = ((1, "day"), (7, "week"), (30, "month"))
# Values of one statistic by the value of its subgroup ("" where it has none); what is nothing is left out.
Values = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Row:
    """One interaction, as far as it is counted.

    hour     0-23 in the institution's zone
    stage    where in the case help was asked for or the learner was last, "" where nothing said so
    least    seconds below which a completion is no work
    outcome  of a case's start: what became of it, "" where it is not judged yet
    delay    seconds from when it happened until it was received
    clock    how the client's clock was corrected, "" where it was believed
    """

    learner: int
    kind: str
    specialty: str
    difficulty: str
    case: str
    hour: int
    active: int | None
    wall: int | None
    performance: float | None
    units: int
    policy: str
    stage: str
    least: float
    outcome: str = ""
    delay: float = 0.0
    clock: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Whose count it is, and of what: a crowd, a slice (SLICES), the names that the slice fixes."""

    crowd: int
    by: str
    name: str = ""
    second_name: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """values    whole numbers by statistic and subgroup
    learners  who did it (analytics.domain.learner_sets)
    """

    values: Values
    learners: bytes


@dataclass(slots=True)
class Coded:
    """A column of words as numbers: `codes` (n,), `words[code]`."""

    codes: np.ndarray
    words: list[str]


@dataclass(slots=True)
class Facts:
    """n interactions as columns; arrays have shape (n,)."""

    columns: dict[str, np.ndarray] = field(default_factory=dict)
    coded: dict[str, Coded] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Sequence[Row], day: date, crowds: Mapping[int, int], nobody: int) -> "Facts":
        """`crowds`: each learner's crowd on the day; `nobody`: the crowd of those in no cohort."""
        facts = cls()
        for name in ("kind", "specialty", "difficulty", "case", "policy", "stage", "outcome", "clock"):
            facts.coded[name] = _coded([getattr(row, name) for row in rows])
        facts.coded["field"] = _coded([f"{row.specialty}{FIELD_BREAK}{row.difficulty}" for row in rows])
        active, has_active = _numbers([row.active for row in rows])
        wall, has_wall = _numbers([row.wall for row in rows])
        score, has_score = _numbers([None if row.performance is None else round(row.performance * 100) for row in rows])
        seconds = np.where(has_active, active, wall)
        timed = has_active | has_wall
        kinds = facts.coded["kind"]
        delays = np.array([row.delay for row in rows], dtype=float) // DAY_SECONDS
        lateness = np.searchsorted([days for days, _ in LATENESS], delays, side="right")
        facts.coded["lateness"] = Coded(lateness, ["", *(word for _, word in LATENESS)])
        completed, abandoned, helped = (_is(kinds, kind) for kind in (COMPLETE, ABANDON, HELP))
        facts.columns = {
            "learner": np.array([row.learner for row in rows], dtype=np.int64),
            "crowd": np.array([crowds.get(row.learner, nobody) for row in rows], dtype=np.int64),
            "active": active,
            "wall": wall,
            "unknown": np.where(has_active, 0, wall),
            "untimed": ~timed,
            "units": np.array([row.units for row in rows], dtype=np.int64),
            "seconds": seconds,
            "seconds_squared": seconds**2,
            "score": score,
            "score_squared": score**2,
            "timed_completion": completed & timed,
            "scored_completion": completed & has_score,
            "shallow": completed & timed & (seconds < np.array([row.least for row in rows], dtype=float)),
            "judged_start": ~_is(facts.coded["outcome"], ""),
            "help": helped,
            "leaving": abandoned | _is(facts.coded["outcome"], INFERRED),
            "came_late": lateness > 0,
            "clock_moved": ~_is(facts.coded["clock"], ""),
        }
        hours = np.array([row.hour for row in rows], dtype=np.int64) + 24 * day.weekday()
        facts.coded["hour_of_week"] = Coded(hours, [str(hour) for hour in range(HOURS_A_WEEK)])
        facts.coded["seconds_bin"] = _binned(seconds, SECONDS_EDGES)
        facts.coded["score_bin"] = _binned(score // 100, SCORE_EDGES)
        return facts

    def __len__(self) -> int:
        return len(self.columns["learner"])


def count(facts: Facts) -> dict[Key, Cell]:
    """Every statistic of every slice of every crowd that did anything."""
    cells: dict[Key, Cell] = {}
    if not len(facts):
        return cells
    for by, parts in SLICES.items():
        # What belongs to no case is no case of its own.
        within = (
            facts.coded["case"].codes != _code(facts.coded["case"], "") if by == CASE else np.ones(len(facts), bool)
        )
        if within.any():
            cells |= _slice(facts, by, parts, within)
    return cells


def _slice(facts: Facts, by: str, parts: Sequence[str], within: np.ndarray) -> dict[Key, Cell]:
    group, order = _groups([facts.columns["crowd"], *(facts.coded[part].codes for part in parts)], within)
    keys = [
        Key(int(crowd), by, *(facts.coded[part].words[int(code)] for part, code in zip(parts, codes, strict=True)))
        for crowd, *codes in order
    ]
    values: list[Values] = [{} for _ in keys]
    for stat in STATS:
        if stat.cases if by == CASE else stat.wholes:
            _add(stat, facts, within, group, values)
    learners = facts.columns["learner"][within]
    ordered = np.argsort(group, kind="stable")
    borders = np.searchsorted(group[ordered], np.arange(1, len(keys)))
    sets = np.split(learners[ordered], borders)
    return {key: Cell(told, packed(keys_)) for key, told, keys_ in zip(keys, values, sets, strict=True)}


def _add(stat: Stat, facts: Facts, within: np.ndarray, group: np.ndarray, values: list[Values]) -> None:
    """Add one statistic of every group to `values`."""
    subgroup = facts.coded.get(stat.subgroup)
    words = subgroup.words if subgroup else [""]
    codes = group * len(words) + (subgroup.codes[within] if subgroup else 0)
    summed = facts.columns[stat.of][within] if stat.of else None
    if stat.where:
        chosen = facts.columns[stat.where][within]
        codes, summed = codes[chosen], summed[chosen] if summed is not None else None
    places, inverse, counts = np.unique(codes, return_inverse=True, return_counts=True)
    if summed is not None:
        counts = np.zeros(len(places), dtype=np.int64)
        np.add.at(counts, inverse, summed)
    for place, number in zip(places.tolist(), counts.tolist(), strict=True):
        if number:
            values[place // len(words)].setdefault(stat.name, {})[words[place % len(words)]] = number


def merged(cells: Iterable[tuple[Key, Cell]]) -> dict[Key, Cell]:
    """Counts of several days as one: numbers added up, learners put together."""
    waiting: dict[Key, list[Cell]] = {}
    for key, cell in cells:
        waiting.setdefault(key, []).append(cell)
    return {
        key: Cell(added(cell.values for cell in group), union(cell.learners for cell in group))
        for key, group in waiting.items()
    }


def added(several: Iterable[Values]) -> Values:
    total: Values = {}
    for values in several:
        for name, numbers in values.items():
            into = total.setdefault(name, {})
            for word, number in numbers.items():
                into[word] = into.get(word, 0) + number
    return total


def _groups(codes: list[np.ndarray], within: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The group of each row, and the codes of each group, for every combination that occurs."""
    order, group = np.unique(np.stack([code[within] for code in codes], axis=1), axis=0, return_inverse=True)
    return group.reshape(-1), order


def _coded(words: list[str]) -> Coded:
    places: dict[str, int] = {}
    codes = np.fromiter((places.setdefault(word, len(places)) for word in words), dtype=np.int64, count=len(words))
    return Coded(codes, list(places))


def _code(coded: Coded, word: str) -> int:
    return coded.words.index(word) if word in coded.words else -1


def _is(coded: Coded, word: str) -> np.ndarray:
    return coded.codes == _code(coded, word)


def _binned(values: np.ndarray, edges: Sequence[int]) -> Coded:
    return Coded(bins_of(values, edges), [str(number) for number in range(len(edges))])


def _numbers(values: list[int | None]) -> tuple[np.ndarray, np.ndarray]:
    """Numbers, 0 where unknown, and where they are known."""
    known = np.array([value is not None for value in values], dtype=bool)
    return np.array([value or 0 for value in values], dtype=np.int64), known

"""The counts of a scope week by week, with what may not be shown left out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import msgspec
from django.db.models import F, Q, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from analytics.domain.counting import Values, added
from analytics.domain.learner_sets import size, union
from analytics.domain.release import LEAST
from analytics.domain.stats import ALL, BOTH, DIFFICULTY, SPECIALTY, STATS
from analytics.domain.totals import TOTAL_STATS, added_totals
from analytics.models import Count
from analytics.rollups.spans import BLOCK_DAYS, WEEK_DAYS, block_of
from analytics.selectors.crowds.scope import Scope, mondays
from interactions.windows import Window

ALL_STATS = tuple(stat.name for stat in STATS)


@cache
def decoder(stats: tuple[str, ...]) -> Callable[[str], Values]:
    """Reads these statistics and skips the others, which costs a fraction: hours alone are half of all."""
    fields = [(name, dict[str, int], msgspec.field(default_factory=dict)) for name in stats]
    shape = msgspec.defstruct("Chosen", fields)
    told_as = msgspec.json.Decoder(shape)

    def read(told: str) -> Values:
        chosen = told_as.decode(told)
        return {name: numbers for name in stats if (numbers := getattr(chosen, name))}

    return read


@dataclass(frozen=True, slots=True)
class WeekCounts:
    """What a scope did in one week, as far as it may be shown.

    start     its Monday
    values    whole numbers by statistic and subgroup (analytics/domain/stats.py)
    learners  who did it (analytics.domain.learner_sets)
    """

    start: date
    values: Values
    learners: bytes

    @property
    def size(self) -> int:
        return size(self.learners)


@dataclass(frozen=True, slots=True)
class Counts:
    """Some weeks together.

    weeks      one by one; of a specialty or difficulty none is told
    learners   who did it, each once
    size       how many; None where they are fewer than ten and nothing may be shown
    """

    weeks: tuple[WeekCounts, ...]
    values: Values
    learners: bytes
    size: int | None

    @classmethod
    def of(cls, weeks: Sequence[WeekCounts], names_known: bool) -> "Counts":
        learners = union(week.learners for week in weeks)
        number = size(learners)
        if not names_known and number < LEAST:
            return cls(tuple(weeks), {}, learners, None)
        return cls(tuple(weeks), added(week.values for week in weeks), learners, number)

    @property
    def is_withheld(self) -> bool:
        return self.size is None

    def number(self, name: str, word: str = "") -> int:
        return self.values.get(name, {}).get(word, 0)

    def total(self, name: str) -> int:
        return sum(self.values.get(name, {}).values())


class _Row(NamedTuple):
    """told: the statistics that are asked for, as they are stored."""

    start: date
    told: str | bytes
    learners: bytes
    shown: bool
    pooled: bool


class _Reading(NamedTuple):
    """Where statistics are stored, and how those of several rows are read and added up."""

    column: Combinable
    added: Callable[[Sequence[str | bytes]], Values]


def _reading(stats: tuple[str, ...]) -> _Reading:
    if stats == TOTAL_STATS:
        return _Reading(F("totals"), added_totals)
    read = decoder(stats)
    # As text: read faster than by the field, which knows nothing of whole numbers.
    return _Reading(Cast("values", TextField()), lambda rows: added(map(read, rows)))


def week_counts(scope: Scope, window: Window, stats: tuple[str, ...] = ALL_STATS) -> list[WeekCounts]:
    """The weeks of a window, given in whole weeks, that have anything to show, oldest first (1 query).

    stats   the statistics to read; the others are absent. TOTAL_STATS are read fastest
    """
    reading = _reading(stats)
    weeks: dict[date, list[_Row]] = {}
    for row in _rows(scope, window, reading):
        weeks.setdefault(row.start, []).append(row)
    counted = (_week(start, several, scope, reading) for start, several in sorted(weeks.items()))
    return [week for week in counted if week is not None]


def counts_of(scope: Scope, window: Window, stats: tuple[str, ...] = ALL_STATS) -> Counts:
    return Counts.of(week_counts(scope, window, stats), scope.names_known)


def part_counts(scope: Scope, window: Window, by: str, stats: tuple[str, ...] = ALL_STATS) -> dict[str, Counts]:
    """The counts of a window for each specialty or difficulty, by name; those that may not be shown are absent."""
    reading, rows = _reading(stats), Count.objects.filter(by=by, crowd__in=scope.crowds)
    # What may be shown of whole blocks is added up already; who may see all reads it week by week.
    rows = (
        rows.filter(_in_weeks(window)) if scope.names_known else rows.filter(_in_blocks_and_weeks(window), shown=True)
    )
    parts: dict[str, list[tuple]] = {}
    for name, told, learners in rows.annotate(told=reading.column).values_list("name", "told", "learners"):
        parts.setdefault(name, []).append((told, bytes(learners)))
    found = {}
    for name, several in parts.items():
        told, sets = zip(*several, strict=True)
        learners = union(sets)
        if (number := size(learners)) >= (1 if scope.names_known else LEAST):
            found[name] = Counts((), reading.added(told), learners, number)
    return found


def _week(start: date, rows: list[_Row], scope: Scope, reading: _Reading) -> WeekCounts | None:
    kept = rows if scope.names_known else [row for row in rows if row.shown]
    if not (scope.is_part or scope.is_filtered or scope.names_known):
        kept = [*kept, *_pool([row for row in rows if row.pooled])]
    if not kept:
        return None
    return WeekCounts(start, reading.added([row.told for row in kept]), union(row.learners for row in kept))


def _pool(rows: list[_Row]) -> list[_Row]:
    """Small crowds together, where they are ten learners or more. Nothing else of them is shown in these four weeks."""
    return rows if size(union(row.learners for row in rows)) >= LEAST else []


def _slice(scope: Scope) -> dict[str, str]:
    if scope.specialty and scope.difficulty:
        return {"by": BOTH, "name": scope.specialty, "second_name": scope.difficulty}
    if scope.is_filtered:
        by = SPECIALTY if scope.specialty else DIFFICULTY
        return {"by": by, "name": scope.specialty or scope.difficulty, "second_name": ""}
    return {"by": ALL, "name": "", "second_name": ""}


def _rows(scope: Scope, window: Window, reading: _Reading) -> list[_Row]:
    rows = Count.objects.filter(_in_weeks(window), crowd__in=scope.crowds, **_slice(scope))
    # Of the whole the small crowds are read too: together they may be large enough.
    if scope.is_filtered and not scope.names_known:
        rows = rows.filter(shown=True)
    told = rows.annotate(told=reading.column).values_list("start", "told", "learners", "shown", "pooled")
    return [_Row(start, told, bytes(learners), *flags) for start, told, learners, *flags in told]


def _in_weeks(window: Window) -> Q:
    first, last = mondays(window)
    return Q(span=Count.Span.WEEK, start__lte=last) & _from(first)


def _in_blocks_and_weeks(window: Window) -> Q:
    """The blocks that lie in a window as a whole, and the weeks before and after them."""
    first, last = mondays(window)
    begin = None if first is None else block_of(first + timedelta(days=BLOCK_DAYS - 1))
    end = block_of(last + timedelta(days=WEEK_DAYS))
    if begin is not None and begin >= end:
        return _in_weeks(window)
    found = Q(span=Count.Span.BLOCK, start__lt=end) & _from(begin)
    found |= Q(span=Count.Span.WEEK, start__gte=end, start__lte=last)
    return found if first is None else found | Q(span=Count.Span.WEEK, start__gte=first, start__lt=begin)


def _from(first: date | None) -> Q:
    return Q() if first is None else Q(start__gte=first)

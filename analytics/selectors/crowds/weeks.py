"""The counts of a scope week by week, with what may not be shown left out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import msgspec
from django.db.models import TextField
from django.db.models.functions import Cast

from analytics.domain.counting import Values, added
from analytics.domain.learner_sets import size, union
from analytics.domain.release import LEAST
from analytics.domain.stats import ALL, BOTH, DIFFICULTY, SPECIALTY, STATS
from analytics.models import Count
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


@dataclass(frozen=True, slots=True)
class _Row:
    start: date
    crowd: int
    values: str
    learners: bytes
    shown: bool
    pooled: bool


def week_counts(scope: Scope, window: Window, stats: tuple[str, ...] = ALL_STATS) -> list[WeekCounts]:
    """The weeks of a window, given in whole weeks, that have anything to show, oldest first (1 query).

    stats   the statistics to read; the others are absent
    """
    by, names = _slice(scope)
    rows = _rows(scope, window, by, **dict(zip(("name", "second_name"), (*names, "", ""), strict=False)))
    weeks: dict[date, list[_Row]] = {}
    for row in rows:
        weeks.setdefault(row.start, []).append(row)
    counted = (_week(start, several, scope, stats) for start, several in sorted(weeks.items()))
    return [week for week in counted if week is not None]


def counts_of(scope: Scope, window: Window, stats: tuple[str, ...] = ALL_STATS) -> Counts:
    return Counts.of(week_counts(scope, window, stats), scope.names_known)


def part_counts(scope: Scope, window: Window, by: str, stats: tuple[str, ...] = ALL_STATS) -> dict[str, Counts]:
    """The counts of a window for each specialty or difficulty, by name; those that may not be shown are absent."""
    rows: dict[str, list[_Row]] = {}
    for name, row in _named_rows(scope, window, by):
        if row.shown or scope.names_known:
            rows.setdefault(name, []).append(row)
    # All weeks and crowds of a part at once: nobody asks for a week of it, and a year has two thousand rows.
    read, found = decoder(stats), {}
    for name, several in rows.items():
        learners = union(row.learners for row in several)
        if (number := size(learners)) >= (1 if scope.names_known else LEAST):
            found[name] = Counts((), added(read(row.values) for row in several), learners, number)
    return found


def _week(start: date, rows: list[_Row], scope: Scope, stats: tuple[str, ...]) -> WeekCounts | None:
    kept = rows if scope.names_known else [row for row in rows if row.shown]
    if not (scope.is_part or scope.is_filtered or scope.names_known):
        kept = [*kept, *_pool([row for row in rows if row.pooled])]
    if not kept:
        return None
    return WeekCounts(start, added(decoder(stats)(row.values) for row in kept), union(row.learners for row in kept))


def _pool(rows: list[_Row]) -> list[_Row]:
    """Small crowds together, where they are ten learners or more. Nothing else of them is shown in these four weeks."""
    return rows if size(union(row.learners for row in rows)) >= LEAST else []


def _slice(scope: Scope) -> tuple[str, tuple[str, ...]]:
    if scope.specialty and scope.difficulty:
        return BOTH, (scope.specialty, scope.difficulty)
    if scope.specialty:
        return SPECIALTY, (scope.specialty,)
    return (DIFFICULTY, (scope.difficulty,)) if scope.difficulty else (ALL, ())


def _rows(scope: Scope, window: Window, by: str, **names: str) -> list[_Row]:
    return [row for _, row in _named_rows(scope, window, by, **names)]


def _named_rows(scope: Scope, window: Window, by: str, **names: str) -> Iterable[tuple[str, _Row]]:
    first, last = mondays(window)
    rows = Count.objects.filter(
        span=Count.Span.WEEK, by=by, start__lte=last, crowd__in=scope.crowds, **names, **_from(first)
    )
    # Of the whole the small crowds are read too: together they may be large enough.
    if not scope.names_known and by != ALL:
        rows = rows.filter(shown=True)
    # As text: read faster than by the field, which knows nothing of whole numbers.
    told = rows.annotate(told=Cast("values", TextField())).values_list(
        "name", "start", "crowd_id", "told", "learners", "shown", "pooled"
    )
    for name, start, crowd, values, learners, shown, pooled in told:
        yield name, _Row(start, crowd, values, bytes(learners), shown, pooled)


def _from(first: date | None) -> dict[str, date]:
    return {} if first is None else {"start__gte": first}

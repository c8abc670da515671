"""Days, weeks and blocks of four weeks: where each begins, how the longer is made of the shorter, how it is stored."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from analytics.domain.counting import Cell, Key, merged
from analytics.domain.learner_sets import size
from analytics.domain.release import shown_keys
from analytics.domain.stats import CASE
from analytics.models import Count

Span = Count.Span
WEEK_DAYS, BLOCK_DAYS = 7, 28
# A Monday.
_FIRST_BLOCK = date(1970, 1, 5)
ROWS_AT_ONCE = 500


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def block_of(day: date) -> date:
    """The Monday on which a day's block of four weeks begins; blocks are the same for ever."""
    return day - timedelta(days=(day - _FIRST_BLOCK).days % BLOCK_DAYS)


def stored(
    span: str, start: date, days: int = 1, *, by: str = "", but: Iterable[date] = ()
) -> dict[date, dict[Key, Cell]]:
    """What is stored of the spans that begin on `days` days from `start` on, `but` some of them (1 query).

    by   only this slice
    """
    rows = Count.objects.filter(span=span, start__gte=start, start__lt=start + timedelta(days=days))
    rows = rows.exclude(start__in=list(but)).filter(**({"by": by} if by else {}))
    found: dict[date, dict[Key, Cell]] = {}
    for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
        cell = Cell(row.values, bytes(row.learners))
        found.setdefault(row.start, {})[Key(row.crowd_id, row.by, row.name, row.second_name)] = cell
    return found


def store(span: str, start: date, cells: Mapping[Key, Cell]) -> None:
    """Write one span anew, as a whole."""
    Count.objects.filter(span=span, start=start).delete()
    shown = shown_keys(cells) if span == Span.WEEK else frozenset()
    Count.objects.bulk_create(
        (
            Count(
                span=span,
                start=start,
                crowd_id=key.crowd,
                by=key.by,
                name=key.name,
                second_name=key.second_name,
                values=cell.values,
                learners=cell.learners,
                size=size(cell.learners),
                shown=key in shown,
            )
            for key, cell in cells.items()
        ),
        batch_size=ROWS_AT_ONCE,
    )


def week_from_days(monday: date, known: Mapping[date, Mapping[Key, Cell]] | None = None) -> dict[Key, Cell]:
    """`known`: days that need not be read."""
    known = known or {}
    return _together([*known.values(), *stored(Span.DAY, monday, WEEK_DAYS, but=known).values()])


def block_from_weeks(start: date) -> dict[Key, Cell]:
    """Cases only: nothing else is read by blocks."""
    return _together(stored(Span.WEEK, start, BLOCK_DAYS, by=CASE).values())


def roll_up(monday: date, known: Mapping[date, Mapping[Key, Cell]]) -> None:
    """Write a week and its block anew from what lies below them; `known`: days that need not be read."""
    store(Span.WEEK, monday, week_from_days(monday, known))
    block = block_of(monday)
    store(Span.BLOCK, block, block_from_weeks(block))


def _together(parts: Iterable[Mapping[Key, Cell]]) -> dict[Key, Cell]:
    return merged(item for part in parts for item in part.items())

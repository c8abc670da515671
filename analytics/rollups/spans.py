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


def stored(span: str, start: date, days: int = 1) -> dict[date, dict[Key, Cell]]:
    """What is stored of the spans that begin on `days` days from `start` on (1 query)."""
    rows = Count.objects.filter(span=span, start__gte=start, start__lt=start + timedelta(days=days))
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


def week_from_days(monday: date) -> dict[Key, Cell]:
    return _together(stored(Span.DAY, monday, WEEK_DAYS).values())


def block_from_weeks(start: date) -> dict[Key, Cell]:
    """Cases only: nothing else is read by blocks."""
    weeks = stored(Span.WEEK, start, BLOCK_DAYS).values()
    return _together({key: cell for key, cell in week.items() if key.by == CASE} for week in weeks)


def roll_up(monday: date) -> None:
    """Write a week and its block anew from what lies below them."""
    store(Span.WEEK, monday, week_from_days(monday))
    block = block_of(monday)
    store(Span.BLOCK, block, block_from_weeks(block))


def _together(parts: Iterable[Mapping[Key, Cell]]) -> dict[Key, Cell]:
    return merged(item for part in parts for item in part.items())

"""Days, weeks and blocks of four weeks: where each begins, how the longer is made of the shorter, how it is stored."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from analytics.domain.counting import Cell, Key, merged
from analytics.domain.learner_sets import size
from analytics.domain.release import shown_keys
from analytics.domain.stats import ALL, CASE, PARTS
from analytics.domain.totals import packed_totals
from analytics.models import Count, Crowd
from analytics.rollups.basis import Basis
from analytics.rollups.blocks import Shown, Weeks, kept_weeks, pooled_crowds, shown_in_block

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
    span: str,
    start: date,
    days: int = 1,
    *,
    but: Iterable[date] = (),
    crowds: Iterable[int] | None = None,
) -> dict[date, dict[Key, Cell]]:
    """What is stored of the spans that begin on `days` days from `start` on, `but` some of them (1 query).

    crowds   of these only
    """
    rows = Count.objects.filter(span=span, start__gte=start, start__lt=start + timedelta(days=days))
    rows = rows.exclude(start__in=list(but)).filter(**({} if crowds is None else {"crowd__in": list(crowds)}))
    found: dict[date, dict[Key, Cell]] = {}
    for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
        cell = Cell(row.values, bytes(row.learners))
        found.setdefault(row.start, {})[Key(row.crowd_id, row.by, row.name, row.second_name)] = cell
    return found


def store(span: str, start: date, cells: Mapping[Key, Cell], shown: frozenset[Key] = frozenset()) -> None:
    """Write one span anew, as a whole."""
    Count.objects.filter(span=span, start=start).delete()
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
                totals=packed_of(span, key, cell),
                learners=cell.learners,
                size=size(cell.learners),
                shown=key in shown,
            )
            for key, cell in cells.items()
        ),
        batch_size=ROWS_AT_ONCE,
    )


def packed_of(span: str, key: Key, cell: Cell) -> bytes:
    """What is stored packed of a cell."""
    return b"" if span == Span.DAY or key.by == CASE else packed_totals(cell.values)


def week_from_days(monday: date, known: Mapping[date, Mapping[Key, Cell]] | None = None) -> dict[Key, Cell]:
    """`known`: days that need not be read."""
    known = known or {}
    return _together([*known.values(), *stored(Span.DAY, monday, WEEK_DAYS, but=known).values()])


def shown_weeks(block: date) -> dict[date, frozenset[Key]]:
    """What may be shown of each week of a block, as it is stored (1 query)."""
    rows = Count.objects.filter(span=Span.WEEK, shown=True, start__gte=block)
    rows = rows.filter(start__lt=block + timedelta(days=BLOCK_DAYS))
    weeks: dict[date, set[Key]] = {}
    for start, *key in rows.values_list("start", "crowd_id", "by", "name", "second_name"):
        weeks.setdefault(start, set()).add(Key(*key))
    return {start: frozenset(keys) for start, keys in weeks.items()}


def block_from_weeks(weeks: Weeks, shown: Shown) -> dict[Key, Cell]:
    """Cases of the weeks that are kept, and parts of those in which each is shown: nothing else is read by blocks."""
    kept = kept_weeks(weeks, shown)
    return _together(
        {
            key: cell
            for key, cell in cells.items()
            if (key.by == CASE and week in kept[key.crowd]) or (key.by in PARTS and key in shown.get(week, ()))
        }
        for week, cells in weeks.items()
    )


def roll_up(monday: date, known: Mapping[date, Mapping[Key, Cell]], basis: Basis) -> None:
    """Write a week and its block anew from what lies below them; `known`: days that need not be read."""
    cells = week_from_days(monday, known)
    store(Span.WEEK, monday, cells, shown_keys(cells))
    block = block_of(monday)
    weeks, shown = stored(Span.WEEK, block, BLOCK_DAYS), shown_weeks(block)
    store(Span.BLOCK, block, block_from_weeks(weeks, shown), shown_in_block(weeks, shown))
    mark_pooled(block, pooled_crowds(weeks, basis.enrolments, dict(Crowd.objects.values_list("pk", "key"))))


def mark_pooled(block: date, crowds: frozenset[int]) -> None:
    rows = Count.objects.filter(span=Span.WEEK, by=ALL, start__gte=block, start__lt=block + timedelta(days=BLOCK_DAYS))
    rows.filter(crowd__in=crowds, pooled=False).update(pooled=True)
    rows.filter(pooled=True).exclude(crowd__in=crowds).update(pooled=False)


def _together(parts: Iterable[Mapping[Key, Cell]]) -> dict[Key, Cell]:
    return merged(item for part in parts for item in part.items())

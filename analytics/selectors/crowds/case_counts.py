"""The counts of cases in blocks of four weeks, with what may not be shown left out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import TextField
from django.db.models.functions import Cast

from accounts.calendar import day_start
from analytics.domain.counting import added
from analytics.domain.learner_sets import union
from analytics.domain.release import shown_cases, shown_cells
from analytics.domain.stats import CASE
from analytics.models import Count
from analytics.rollups.spans import BLOCK_DAYS, block_of, week_of
from analytics.selectors.crowds.scope import Scope, in_whole_weeks
from analytics.selectors.crowds.weeks import Counts, WeekCounts, decoder
from interactions.windows import Window

STATS = (
    *("interactions", "starts", "completionSeconds", "completionSecondsSum", "shallow"),
    *("scores", "scoresSum", "scoresSquares", "helpAtStage", "leftAtStage"),
)
BEFORE, CHANGING, AFTER = range(3)


@dataclass(frozen=True, slots=True)
class _Row:
    start: date
    crowd: int
    case: str
    values: str
    learners: bytes


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """The cases of a reader that may be shown.

    counts   of the group that is asked about, by case
    shown    (block, crowd, case) of what they are made of
    """

    counts: dict[str, Counts]
    shown: frozenset[tuple[date, int, str]]


def in_whole_blocks(window: Window) -> Window:
    """The window with the blocks of four weeks that it cuts taken in whole; blocks are the same for ever."""
    start = None if window.start is None else day_start(block_of(window.first_day))
    if window.running:
        return replace(window, start=start)
    return Window(start, day_start(block_of(window.last_day) + timedelta(days=BLOCK_DAYS)))


def case_window(scope: Scope, window: Window) -> Window:
    """The window that figures of cases are of: blocks, or whole weeks for a reader who knows the names."""
    return in_whole_weeks(window) if scope.names_known else in_whole_blocks(window)


def case_counts(scope: Scope, window: Window, *, part: Scope | None = None) -> CaseCounts:
    """The counts of each case that may be shown of a window, given as `case_window` makes it (1 query).

    scope   all that the reader may see, unless he knows the names: else the rest would follow from two answers
    part    one cohort of it, to be asked about alone
    """
    if scope.is_part and not scope.names_known:
        raise ValueError("Cases are shown out of all that a reader may see, or beside the learners' names.")
    spans: dict[date, list[_Row]] = {}
    for row in _rows(scope, window, Count.Span.WEEK if scope.names_known else Count.Span.BLOCK):
        spans.setdefault(row.start, []).append(row)
    found: dict[str, list[WeekCounts]] = {}
    shown = set()
    for start, rows in sorted(spans.items()):
        kept = rows if scope.names_known else _released(rows, part)
        shown |= {(start, row.crowd, row.case) for row in kept}
        for case, several in _by_case(kept).items():
            found.setdefault(case, []).append(_together(start, several))
    counts = {case: Counts.of(several, scope.names_known) for case, several in found.items()}
    return CaseCounts(counts, frozenset(shown))


def counts_around(
    scope: Scope, window: Window, case_id: str, changed_on: date, shown: CaseCounts
) -> tuple[Counts, Counts]:
    """Of what is shown of a case, the weeks before it changed and those after (1 query).

    The week in which it changed is neither, unless that was a Monday. A block is parted where no part is of few.
    """
    blocks: dict[date, list[_Row]] = {}
    for row in _rows(scope, window, Count.Span.WEEK, case_id):
        start = row.start if scope.names_known else block_of(row.start)
        if (start, row.crowd, case_id) in shown.shown:
            blocks.setdefault(start, []).append(row)
    found: dict[int, list[WeekCounts]] = {BEFORE: [], CHANGING: [], AFTER: []}
    for start, rows in sorted(blocks.items()):
        parts: dict[int, list[_Row]] = {}
        for row in rows:
            parts.setdefault(_part(row.start, changed_on), []).append(row)
        sets = {part: union(row.learners for row in several) for part, several in parts.items()}
        # A block that lies on one side is shown already.
        for part in sets if scope.names_known or len(sets) == 1 else shown_cases(sets):
            found[part].append(_together(start, parts[part]))
    before, after = (Counts.of(found[part], scope.names_known) for part in (BEFORE, AFTER))
    return before, after


def _part(week: date, changed_on: date) -> int:
    if week >= changed_on:
        return AFTER
    return CHANGING if week == week_of(changed_on) else BEFORE


def _released(rows: list[_Row], part: Scope | None) -> list[_Row]:
    """The rows of one block that may be shown; what is shown together is in the sum of all only."""
    alone, together = shown_cells({(row.crowd, row.case): row.learners for row in rows})
    if part is not None:
        return [row for row in rows if (row.crowd, row.case) in alone and row.crowd in set(part.crowds)]
    return [row for row in rows if (row.crowd, row.case) in alone | together]


def _by_case(rows: Iterable[_Row]) -> dict[str, list[_Row]]:
    cases: dict[str, list[_Row]] = {}
    for row in rows:
        cases.setdefault(row.case, []).append(row)
    return cases


def _together(start: date, rows: list[_Row]) -> WeekCounts:
    read = decoder(STATS)
    return WeekCounts(start, added(read(row.values) for row in rows), union(row.learners for row in rows))


def _rows(scope: Scope, window: Window, span: str, case_id: str = "") -> list[_Row]:
    rows = Count.objects.filter(span=span, by=CASE, start__lte=window.last_day, crowd__in=scope.crowds)
    if window.start is not None:
        rows = rows.filter(start__gte=window.first_day)
    if case_id:
        rows = rows.filter(name=case_id)
    # As text: read faster than by the field, and only where it is shown.
    told = rows.annotate(told=Cast("values", TextField())).values_list("start", "crowd_id", "name", "told", "learners")
    return [_Row(start, crowd, case, values, bytes(learners)) for start, crowd, case, values, learners in told]

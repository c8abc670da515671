"""The counts of cases in blocks of four weeks, with what may not be shown left out."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from accounts.calendar import day_start
from analytics.models import Count
from analytics.rollups.spans import BLOCK_DAYS, block_of
from analytics.selectors.crowds.case_rows import CaseRow, case_rows, together
from analytics.selectors.crowds.pooled_cases import pooled_cases
from analytics.selectors.crowds.scope import Scope, in_whole_weeks
from analytics.selectors.crowds.weeks import Counts
from interactions.windows import Window


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """The cases of a reader that may be shown.

    counts   of the group that is asked about, by case
    shown    (start of the span, crowd, case) of what they are made of
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
    """The counts of each case that may be shown of a window, given as `case_window` makes it (3 queries at most).

    scope   all that the reader may see, unless he knows the names; his small crowds are taken in together
    part    one cohort of it, to be asked about alone
    """
    if scope.is_part and not scope.names_known:
        raise ValueError("Cases are shown out of all that a reader may see, or beside the learners' names.")
    if scope.names_known:
        rows = case_rows(scope.crowds, window, Count.Span.WEEK)
    else:
        rows = case_rows((part or scope).crowds, window, Count.Span.BLOCK, shown=True)
        rows += [] if part else pooled_cases(scope, window)
    found: dict[str, dict[date, list[CaseRow]]] = {}
    for row in sorted(rows, key=lambda row: row.start):
        found.setdefault(row.case, {}).setdefault(row.start, []).append(row)
    counts = {
        case: Counts.of([together(*span) for span in spans.items()], scope.names_known) for case, spans in found.items()
    }
    return CaseCounts(counts, frozenset((row.start, row.crowd, row.case) for row in rows))

"""A case before and after it changed, of what may be shown of it."""

from collections.abc import Collection
from datetime import date

import msgspec

from analytics.domain.case_release import may_be_parted
from analytics.domain.counting import Key
from analytics.domain.stats import CASE
from analytics.models import Count
from analytics.rollups.blocks import blocks_of_crowds, kept_weeks
from analytics.rollups.spans import BLOCK_DAYS, block_of, shown_weeks, stored, week_of
from analytics.selectors.crowds.case_counts import CaseCounts
from analytics.selectors.crowds.case_rows import CaseRow, case_rows, together
from analytics.selectors.crowds.scope import Scope
from analytics.selectors.crowds.weeks import Counts
from interactions.windows import Window

BEFORE, CHANGING, AFTER = "before", "changing", "after"


def counts_around(
    scope: Scope, window: Window, case_id: str, changed_on: date, shown: CaseCounts
) -> tuple[Counts, Counts]:
    """Of what is shown of a case, the weeks before it changed and those after (3 queries at most).

    The week in which it changed is neither, unless that was a Monday. A crowd's block in which it changed is parted
    where nothing about a few follows from its parts; else it is on neither side, and nor are small crowds.
    """
    span = Count.Span.WEEK if scope.names_known else Count.Span.BLOCK
    rows = case_rows(scope.crowds, window, span, name=case_id)
    rows = [row for row in rows if (row.start, row.crowd, case_id) in shown.shown]
    if not scope.names_known:
        changing = block_of(changed_on)
        crowds = {row.crowd for row in rows if row.start == changing}
        rows = [row for row in rows if row.start != changing]
        rows += _parted(crowds, changing, case_id, changed_on) if crowds else []
    sides: dict[str, dict[date, list[CaseRow]]] = {}
    for row in sorted(rows, key=lambda row: row.start):
        sides.setdefault(_part(row.start, changed_on), {}).setdefault(row.start, []).append(row)
    before, after = (
        Counts.of([together(*span) for span in sides.get(part, {}).items()], scope.names_known)
        for part in (BEFORE, AFTER)
    )
    return before, after


def _part(week: date, changed_on: date) -> str:
    if week >= changed_on:
        return AFTER
    return CHANGING if week == week_of(changed_on) else BEFORE


def _parted(crowds: Collection[int], start: date, case: str, changed_on: date) -> list[CaseRow]:
    """The weeks of a case in one block, of the crowds whose block may be parted where it changed (2 queries)."""
    weeks, told, rows = stored(Count.Span.WEEK, start, BLOCK_DAYS, crowds=crowds), shown_weeks(start), []
    kept = kept_weeks(weeks, told)
    for crowd, block in blocks_of_crowds(weeks, told).items():
        parts: dict[str, set[date]] = {}
        for week, _ in block.cases.get(case, {}):
            parts.setdefault(_part(week, changed_on), set()).add(week)
        if len(parts) == 1 or may_be_parted(block, case, parts.values()):
            for week in sorted(kept[crowd]):
                if cell := weeks[week].get(Key(crowd, CASE, case)):
                    values = msgspec.json.encode(cell.values).decode()
                    rows.append(CaseRow(week, crowd, case, values, cell.learners))
    return rows

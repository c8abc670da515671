"""The cases of a reader's small crowds: in each block of four weeks they are one crowd, with the same rule as any."""

from dataclasses import replace
from datetime import date

import msgspec
from django.db.models import TextField
from django.db.models.functions import Cast

from analytics.domain.case_release import NO_CASE, BlockOfCrowd, Cells, shown_cases_beside
from analytics.domain.counting import Key
from analytics.domain.learner_sets import bits, members, size, union
from analytics.domain.release import LEAST
from analytics.domain.stats import ALL
from analytics.models import Count
from analytics.rollups.spans import block_of
from analytics.selectors.crowds.case_rows import CaseRow, case_rows, within
from analytics.selectors.crowds.scope import Scope
from analytics.selectors.crowds.weeks import decoder
from interactions.windows import Window

# Small crowds are shown as a whole only, so to them all specialties and difficulties are one.
_EVERYTHING = ("", "")
_WHOLE = frozenset({Key(0, ALL)})
_interactions = decoder(("interactions",))


class _Week(msgspec.Struct):
    """What the small crowds did in a week: who, and how many interactions, of them in cases."""

    learners: list[bytes] = []
    interactions: int = 0
    in_cases: int = 0

    @property
    def is_shown(self) -> bool:
        return size(union(self.learners)) >= LEAST


def pooled_cases(scope: Scope, window: Window) -> list[CaseRow]:
    """What may be shown of them in a window of whole blocks, each row with the start of its block (2 queries)."""
    blocks: dict[date, dict[date, _Week]] = {}
    crowds = set()
    rows = within(Count.objects.filter(span=Count.Span.WEEK, by=ALL, pooled=True, crowd__in=scope.crowds), window)
    rows = rows.annotate(told=Cast("values", TextField()))
    for start, crowd, told, learners in rows.values_list("start", "crowd_id", "told", "learners"):
        week = blocks.setdefault(block_of(start), {}).setdefault(start, _Week())
        week.learners.append(bytes(learners))
        week.interactions += _number(told)
        crowds.add((block_of(start), crowd))
    if not crowds:
        return []
    cases: dict[date, list[CaseRow]] = {}
    for row in case_rows({crowd for _, crowd in crowds}, window, Count.Span.WEEK):
        if (block_of(row.start), row.crowd) in crowds:
            cases.setdefault(block_of(row.start), []).append(row)
            blocks[block_of(row.start)][row.start].in_cases += _number(row.values)
    return [
        replace(row, start=block) for block, several in cases.items() for row in _shown_of_block(blocks[block], several)
    ]


def _number(values: str) -> int:
    return sum(_interactions(values).get("interactions", {}).values())


def _shown_of_block(weeks: dict[date, _Week], rows: list[CaseRow]) -> list[CaseRow]:
    shown = {start: _WHOLE for start, week in weeks.items() if week.is_shown}
    kept = shown.keys() or weeks.keys()
    rows = [row for row in rows if row.start in kept]
    everybody = members(union(one for start in kept for one in weeks[start].learners))
    cases: dict[str, Cells] = {}
    for row in rows:
        cells, place = cases.setdefault(row.case, {}), (row.start, _EVERYTHING)
        cells[place] = cells.get(place, 0) | bits(row.learners, everybody)
    apart = {}
    for start in kept:
        place, learners = (start, _EVERYTHING), bits(union(weeks[start].learners), everybody)
        if weeks[start].interactions > weeks[start].in_cases:
            for cells in cases.values():
                learners &= ~cells.get(place, 0)
            # Whoever it was: one is all that can be relied on.
            apart[place] = learners or 1 << len(everybody)
    told = shown_cases_beside(BlockOfCrowd(shown, cases | {NO_CASE: apart}))
    return [row for row in rows if row.case in told]

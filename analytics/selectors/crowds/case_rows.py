"""Counts of cases as they are stored, one row for each span of days, crowd and case."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from analytics.domain.counting import added
from analytics.domain.learner_sets import union
from analytics.domain.stats import CASE
from analytics.models import Count
from analytics.selectors.crowds.weeks import WeekCounts, decoder
from interactions.windows import Window

STATS = (
    *("interactions", "starts", "completionSeconds", "completionSecondsSum", "shallow"),
    *("scores", "scoresSum", "scoresSquares", "helpAtStage", "leftAtStage"),
)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """values: as text, which is read faster than by the field, and only where it is shown."""

    start: date
    crowd: int
    case: str
    values: str
    learners: bytes


def case_rows(crowds: Collection[int], window: Window, span: str, **filters) -> list[CaseRow]:
    """The rows of some crowds in a window (1 query)."""
    rows = within(Count.objects.filter(span=span, by=CASE, crowd__in=crowds, **filters), window)
    told = rows.annotate(told=Cast("values", TextField())).values_list("start", "crowd_id", "name", "told", "learners")
    return [CaseRow(*row, bytes(learners)) for *row, learners in told]


def within(rows: QuerySet, window: Window) -> QuerySet:
    rows = rows.filter(start__lte=window.last_day)
    return rows if window.start is None else rows.filter(start__gte=window.first_day)


def together(start: date, rows: list[CaseRow]) -> WeekCounts:
    read = decoder(STATS)
    return WeekCounts(start, added(read(row.values) for row in rows), union(row.learners for row in rows))

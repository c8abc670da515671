"""One cohort: who is in it, how they stand, who may need somebody."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404

from accounts.access import Access
from accounts.models import Cohort
from analytics.charts import Sparkline
from analytics.figures import UNMEASURED, active_chart, level_chart, trend
from analytics.forms import CohortFilter
from analytics.selectors.cohorts import LearnerRow, cohort_overviews
from analytics.views.page import Page

LEARNERS_PER_PAGE = 100
DEFAULT_SORT = "attention"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table. key: what it is sorted by, None for the unknown, which stands last either way."""

    name: str
    words: str
    key: Callable[[LearnerRow], object] | None
    first: str = ""


# Ascending first where a reader looks for the smallest, descending where he looks for the largest.
COLUMNS = (
    Column("name", "Learner", lambda row: row.learner.display_name.casefold()),
    Column("level", "Level", lambda row: row.standing.score),
    Column("index", "Index", lambda row: row.standing.score),
    Column("change", "Change", lambda row: row.standing.change),
    Column("seen", "Last seen", lambda row: row.last_seen),
    Column("trend", "12 weeks", lambda row: row.standing.weeks[-1].points),
    Column(DEFAULT_SORT, "What stands out", None),
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading as a link that sorts by it. direction: aria-sort's word, "" when not sorted by."""

    name: str
    words: str
    url: str
    direction: str


@dataclass(frozen=True, slots=True)
class TableRow:
    row: LearnerRow
    line: Sparkline
    line_words: str


class CohortPage(Page):
    access = Access.COHORT_SUBJECT

    def get(self, request, slug):
        cohort = get_object_or_404(Cohort.objects.visible_to(request.user), slug=slug)
        [overview] = cohort_overviews([cohort], now=self.now)
        form = CohortFilter(request.GET)
        filters = form.cleaned()
        sort = readable(request.GET.get("sort", ""))
        found = sorted_rows(filtered(overview.rows, filters), sort)
        shown = Paginator(found, LEARNERS_PER_PAGE).get_page(request.GET.get("page"))
        return self.page(
            "pages/cohort.html",
            overview=overview,
            levels=level_chart(overview, "levels"),
            active=active_chart(overview, "active") if overview.size else None,
            form=form,
            is_filtered=bool(filters),
            sort=sort,
            headings=headings(sort, filters),
            rows=[TableRow(row, *trend(row.standing.weeks)) for row in shown],
            shown=shown,
            query=urlencode(_in_url(filters) | ({"sort": sort} if sort != DEFAULT_SORT else {})),
        )


def filtered(rows: Iterable[LearnerRow], filters: dict) -> list[LearnerRow]:
    """The rows that match every filter (analytics.forms.CohortFilter)."""
    wanted, level = filters.get("q", "").casefold(), filters.get("level")
    return [
        row
        for row in rows
        if (not wanted or wanted in f"{row.learner.display_name} {row.learner.public_id}".casefold())
        and (not level or (row.standing.level or UNMEASURED) == level)
        and (not filters.get("attention") or row.standing.attention)
    ]


def readable(sort: str) -> str:
    """A column's name, with a minus or without; anything else reads as the default order."""
    return sort if sort.removeprefix("-") in {column.name for column in COLUMNS} else DEFAULT_SORT


def sorted_rows(rows: list[LearnerRow], sort: str) -> list[LearnerRow]:
    """By a column's name, descending with a minus before it; by default who needs attention first."""
    column = next(column for column in COLUMNS if column.name == sort.removeprefix("-"))
    if column.key is None:
        return list(reversed(rows)) if sort == f"-{DEFAULT_SORT}" else rows
    known = [row for row in rows if column.key(row) is not None]
    unknown = [row for row in rows if column.key(row) is None]
    return sorted(known, key=column.key, reverse=sort.startswith("-")) + unknown


def headings(sort: str, filters: dict) -> list[Heading]:
    found = []
    for column in COLUMNS:
        direction = {column.name: "ascending", f"-{column.name}": "descending"}.get(sort, "")
        following = f"-{column.name}" if direction == "ascending" else column.name
        url = "?" + urlencode(_in_url(filters) | {"sort": following})
        found.append(Heading(column.name, column.words, url, direction))
    return found


def _in_url(filters: dict) -> dict[str, str]:
    return {name: "1" if value is True else value for name, value in filters.items()}

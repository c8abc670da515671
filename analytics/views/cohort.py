"""One cohort: who is in it, how they stand, who may need somebody."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext, gettext_lazy

from accounts.access import Access
from accounts.models import Cohort
from analytics.charts import Figure, Sparkline, Table
from analytics.dates import exact
from analytics.figures import UNMEASURED, active_chart, level_chart, trend
from analytics.forms import FilterForm
from analytics.numbers import whole
from analytics.selectors.cohorts import LearnerRow, cohort_overviews
from analytics.views.page import Page
from analytics.words import level_words, standing_sentence

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
    Column("name", gettext_lazy("Learner"), lambda row: row.learner.display_name.casefold()),
    Column("level", gettext_lazy("Level"), lambda row: row.standing.score),
    Column("index", gettext_lazy("Index"), lambda row: row.standing.score),
    Column("change", gettext_lazy("Change"), lambda row: row.standing.change),
    Column("seen", gettext_lazy("Last seen"), lambda row: row.last_seen),
    Column("trend", gettext_lazy("12 weeks"), lambda row: row.standing.weeks[-1].points),
    Column(DEFAULT_SORT, gettext_lazy("What stands out"), None),
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
    filters = ("q", "level", "attention")
    exports = True

    def get(self, request, slug):
        cohort = get_object_or_404(Cohort.objects.visible_to(request.user), slug=slug)
        self.tell_times_for(cohort)
        [overview] = cohort_overviews([cohort], now=self.now)
        sort = readable(request.GET.get("sort", ""))
        found = sorted_rows(filtered(overview.rows, self.form.chosen), sort)
        levels = level_chart(overview, "levels")
        active = active_chart(overview, "active") if overview.size else None
        if self.wants_csv:
            tables = {"learners": learner_table(found), "levels": levels.table, "active": active and active.table}
            return self.csv(tables, subject=cohort.slug)
        shown = Paginator(found, LEARNERS_PER_PAGE).get_page(request.GET.get("page"))
        in_url = {"sort": sort} if sort != DEFAULT_SORT else {}
        return self.page(
            "pages/cohort.html",
            overview=overview,
            levels=levels,
            active=active,
            sort=sort,
            kept=in_url,
            headings=headings(sort, self.form),
            rows=[TableRow(row, *trend(row.standing.weeks)) for row in shown],
            shown=shown,
            query=self.form.query(**in_url),
        )


def filtered(rows: Iterable[LearnerRow], filters: dict) -> list[LearnerRow]:
    """The rows that match every filter (analytics.forms.FilterForm.chosen)."""
    wanted, level = filters.get("q", "").casefold(), filters.get("level")
    return [
        row
        for row in rows
        if (not wanted or wanted in f"{row.learner.display_name} {row.learner.public_id}".casefold())
        and (not level or (row.standing.level or UNMEASURED) == level)
        and (not filters.get("attention") or row.standing.attention)
    ]


def learner_table(rows: Iterable[LearnerRow]) -> Table:
    """The cohort's table as it is exported: all pages of it, in its order."""
    columns = [gettext("Learner"), gettext("Id"), gettext("Level"), gettext("Index"), gettext("Change")]
    columns += [gettext("Last seen"), gettext("Points in the last 7 days"), gettext("What stands out")]
    return Table(
        columns,
        [
            [
                row.learner.display_name,
                row.learner.public_id,
                level_words(row.standing.level),
                _bare(None if row.standing.score is None else whole(row.standing.score)),
                _bare(row.standing.change),
                exact(row.last_seen) if row.last_seen else gettext("never"),
                _bare(row.standing.weeks[-1].points),
                standing_sentence(row.standing),
            ]
            for row in rows
        ],
        0,
    )


def _bare(value: float | None) -> Figure:
    return Figure(None if value is None else round(value, 2), "")


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


def headings(sort: str, form: FilterForm) -> list[Heading]:
    found = []
    for column in COLUMNS:
        direction = {column.name: "ascending", f"-{column.name}": "descending"}.get(sort, "")
        following = f"-{column.name}" if direction == "ascending" else column.name
        found.append(Heading(column.name, str(column.words), "?" + form.query(sort=following), direction))
    return found

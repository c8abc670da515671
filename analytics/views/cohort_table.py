"""The learners of a cohort as a table: its columns, order, filters, and the same rows as they are exported."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy

from analytics.cells import moment_cell
from analytics.charts import Figure, Sparkline, Table
from analytics.figures import UNMEASURED, trend
from analytics.forms import FilterForm
from analytics.numbers import number, whole
from analytics.selectors.cohorts import LearnerRow
from analytics.selectors.plans import Done, PlanProgress
from analytics.words import level_words, standing_sentence

DEFAULT_SORT = "attention"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the table. done: cases completed, of what is planned; None where that is not counted yet."""

    row: LearnerRow
    done: Done | None

    @property
    def trend(self) -> tuple[Sparkline, str]:
        return trend(self.row.standing.weeks.points)

    @property
    def done_words(self) -> str:
        """`14`, `14 of 20`; "" where nothing is counted yet."""
        if self.done is None:
            return ""
        if self.done.planned is None:
            return number(self.done.done)
        return gettext("%(done)s of %(planned)s") % {
            "done": number(self.done.done),
            "planned": number(self.done.planned),
        }


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table. key: what it is sorted by, None for the unknown, which stands last either way."""

    name: str
    words: str
    key: Callable[[Entry], object] | None


COLUMNS = (
    Column("name", gettext_lazy("Learner"), lambda entry: entry.row.learner.display_name.casefold()),
    Column("level", gettext_lazy("Level"), lambda entry: entry.row.standing.score),
    Column("index", gettext_lazy("Index"), lambda entry: entry.row.standing.score),
    Column("change", gettext_lazy("Change"), lambda entry: entry.row.standing.change),
    Column("seen", gettext_lazy("Last seen"), lambda entry: entry.row.last_seen),
    Column("cases", gettext_lazy("Cases done"), lambda entry: entry.done and entry.done.done),
    Column("trend", gettext_lazy("12 weeks"), lambda entry: entry.row.standing.weeks.points[-1]),
    Column(DEFAULT_SORT, gettext_lazy("What stands out"), None),
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading as a link that sorts by it. direction: aria-sort's word, "" when not sorted by."""

    name: str
    words: str
    url: str
    direction: str


def entries_of(rows: Iterable[LearnerRow], plan: PlanProgress, specialty: str) -> list[Entry]:
    return [Entry(row, plan.of(row.learner.pk, specialty)) for row in rows]


def filtered(entries: Iterable[Entry], filters: dict, at_work: Collection[int]) -> list[Entry]:
    """The rows that match every filter (analytics.forms.FilterForm.chosen).

    at_work   learners, by key, who did anything in the specialty that is chosen
    """
    wanted, level = filters.get("q", "").casefold(), filters.get("level")
    return [
        entry
        for entry in entries
        if (not wanted or wanted in f"{entry.row.learner.display_name} {entry.row.learner.public_id}".casefold())
        and (not level or (entry.row.standing.level or UNMEASURED) == level)
        and (not filters.get("attention") or entry.row.standing.attention)
        and (not filters.get("specialty") or entry.row.learner.pk in at_work)
    ]


def learner_table(entries: Iterable[Entry]) -> Table:
    """The cohort's table as it is exported: all pages of it, in its order."""
    columns = [gettext("Learner"), gettext("Id"), gettext("Level"), gettext("Index"), gettext("Change")]
    columns += [gettext("Last seen"), gettext("Cases done"), gettext("Cases planned")]
    columns += [gettext("Points in the last 7 days"), gettext("What stands out")]
    return Table(columns, [_exported(entry) for entry in entries], 0)


def _exported(entry: Entry) -> list[str | Figure]:
    row, done = entry.row, entry.done
    return [
        row.learner.display_name,
        row.learner.public_id,
        level_words(row.standing.level),
        _bare(None if row.standing.score is None else whole(row.standing.score)),
        _bare(row.standing.change),
        moment_cell(row.last_seen, without=gettext("never")),
        _bare(done and done.done),
        _bare(done and done.planned),
        _bare(row.standing.weeks[-1].points),
        standing_sentence(row.standing),
    ]


def _bare(value: float | None) -> Figure:
    return Figure(None if value is None else round(value, 2), "")


def readable(sort: str) -> str:
    """A column's name, with a minus or without; anything else reads as the default order."""
    return sort if sort.removeprefix("-") in {column.name for column in COLUMNS} else DEFAULT_SORT


def in_order(entries: list[Entry], sort: str) -> list[Entry]:
    """By a column's name, descending with a minus before it; by default who needs attention first."""
    column = next(column for column in COLUMNS if column.name == sort.removeprefix("-"))
    if column.key is None:
        return list(reversed(entries)) if sort == f"-{DEFAULT_SORT}" else entries
    known = [entry for entry in entries if column.key(entry) is not None]
    unknown = [entry for entry in entries if column.key(entry) is None]
    return sorted(known, key=column.key, reverse=sort.startswith("-")) + unknown


def headings(sort: str, form: FilterForm) -> list[Heading]:
    found = []
    for column in COLUMNS:
        direction = {column.name: "ascending", f"-{column.name}": "descending"}.get(sort, "")
        following = f"-{column.name}" if direction == "ascending" else column.name
        found.append(Heading(column.name, str(column.words), "?" + form.query(sort=following), direction))
    return found

"""What every chart has: a title, a description, a note, a table twin; and what stands where there is none."""

from dataclasses import dataclass, field
from typing import ClassVar

from django.utils.translation import gettext

from analytics.numbers import count
from analytics.words import insufficient_sentence
from engagement.domain.insufficient import Insufficient

# Fewer people than this give no figure. A group's own page of learners one may see is no such figure.
SMALLEST_GROUP = 10
# Marks that the Tab key stops at; with more of them the table twin is the shorter way.
MOST_STOPS = 12


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell of a table: what is read, and the value behind it, as an export writes it."""

    value: int | float | str | None
    words: str

    def __str__(self) -> str:
        return self.words


Cell = str | Figure


@dataclass(frozen=True, slots=True)
class Table:
    """The twin of a chart: the same figures for those who cannot see it or want to copy it.

    figures: how many columns after the first hold figures, and stand to the right.
    """

    columns: list[str]
    rows: list[list[Cell]]
    figures: int

    @property
    def is_figures(self) -> bool:
        """Whether all columns after the first hold figures: then the table says so once, and not in each cell."""
        return self.figures == len(self.columns) - 1


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A mark of the key. kind: the class that colours it, without its `mark-`."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What every chart says. A page shows it by `{% chart it %}`; under it stand zone and freshness.

    key    unique on the page: the ids of its parts, and its name in an export
    title  the finding or the question
    words  the description, for who cannot see it: the finding in figures
    note   n, unit and period, as they stand under the chart
    through  until when its figures are complete, where that is not the page's own moment
    """

    template: ClassVar[str] = ""

    key: str
    title: str
    words: str
    note: str
    table: Table
    through: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoChart:
    """Stands in a chart's place. state: empty, insufficient or suppressed."""

    template: ClassVar[str] = "charts/none.html"

    key: str
    title: str
    state: str
    words: str
    table: None = field(default=None, init=False)


def empty_chart(key: str, title: str, words: str = "") -> NoChart:
    """Nothing was done, which is an answer too."""
    return NoChart(key=key, title=title, state="empty", words=words or gettext("Nothing in this period."))


def insufficient_chart(key: str, title: str, missing: Insufficient) -> NoChart:
    """Too little data: what there is and what it takes."""
    return NoChart(key=key, title=title, state="insufficient", words=insufficient_sentence(missing))


def suppressed_chart(key: str, title: str) -> NoChart:
    """A group too small to say anything about without pointing at somebody."""
    words = gettext("Not shown: figures about a group need at least %(learners)s.") % {
        "learners": count(SMALLEST_GROUP, "learner")
    }
    return NoChart(key=key, title=title, state="suppressed", words=words)

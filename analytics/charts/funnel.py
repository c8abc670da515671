"""A funnel: of all who began, how many came to each step, and where most stopped."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from django.utils.translation import gettext

from analytics.charts.chart import SMALLEST_GROUP, Chart, Figure, NoChart, Table, empty_chart, suppressed_chart
from analytics.charts.scale import percent
from analytics.numbers import number, share


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """A step and how many came to it, never more than to the step before."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """One bar. lost: how many came to the step before and not to this one; is_drop: nowhere were more lost."""

    label: str
    width: str
    count: str
    share: str
    lost: int
    lost_words: str
    is_drop: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel(Chart):
    """Its rows are text with a bar beside it: they are read, walked and printed without the bars as well."""

    template: ClassVar[str] = "charts/funnel.html"

    rows: list[FunnelRow]


def funnel(
    *, key: str, title: str, note: str, heading: str, unit: str, steps: Sequence[FunnelStep], people: int | None = None
) -> Funnel | NoChart:
    """Horizontal bars in the order of the steps, the first one the whole.

    heading  what the steps are, as the table's first heading: "Step"
    unit     what is counted: "Learners", "Attempts"
    people   how many learners stand behind it; fewer than ten show nothing. None: one learner's own
    """
    if people is not None and people < SMALLEST_GROUP:
        return suppressed_chart(key, title)
    if not steps or not steps[0].count:
        return empty_chart(key, title)
    whole = steps[0].count
    lost = [0, *(max(0, before.count - step.count) for before, step in pairwise(steps))]
    worst = max(lost)
    drop = lost.index(worst) if worst else None
    rows = [
        FunnelRow(
            label=step.label,
            width=percent(100 * step.count / whole),
            count=number(step.count),
            share=share(step.count, whole),
            lost=gone,
            lost_words=_lost_words(gone, steps[position - 1].count) if gone else "",
            is_drop=position == drop,
        )
        for position, (step, gone) in enumerate(zip(steps, lost, strict=True))
    ]
    return Funnel(
        key=key,
        title=title,
        words=_finding(steps, drop),
        note=note,
        rows=rows,
        table=Table(
            [heading, unit, gettext("Share"), gettext("Stopped before")],
            [
                [
                    step.label,
                    Figure(step.count, row.count),
                    Figure(round(100 * step.count / whole, 2), row.share),
                    Figure(row.lost, number(row.lost)),
                ]
                for step, row in zip(steps, rows, strict=True)
            ],
            3,
        ),
    )


def _lost_words(gone: int, before: int) -> str:
    return gettext("%(number)s of %(before)s stopped before") % {"number": number(gone), "before": number(before)}


def _finding(steps: Sequence[FunnelStep], drop: int | None) -> str:
    told = {"first": number(steps[0].count), "last": number(steps[-1].count), "label": steps[-1].label}
    said = gettext("Of %(first)s, %(last)s came to “%(label)s”.") % told
    if drop is None:
        return said
    return f"{said} " + gettext("Most stopped before “%(label)s”: %(number)s of %(before)s.") % {
        "label": steps[drop].label,
        "number": number(steps[drop - 1].count - steps[drop].count),
        "before": number(steps[drop - 1].count),
    }

"""A retention curve: of those who began, the share still at work, step by step. Small groups stay unseen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext

from analytics.charts.chart import SMALLEST_GROUP, Figure, NoChart, Table, suppressed_chart
from analytics.charts.line import LineChart, LinePoint, line_chart
from analytics.numbers import fixed, number


@dataclass(frozen=True, slots=True)
class RetentionStep:
    """One step after the start. began: those whose start is long enough ago; active: of them, still at work."""

    label: str
    began: int
    active: int


def retention_chart(
    *, key: str, title: str, words: str, note: str, heading: str, steps: Sequence[RetentionStep], through: str = ""
) -> LineChart | NoChart:
    """The curve in percent; a step of fewer than ten is a gap, and where all are, nothing is drawn."""
    if all(step.began < SMALLEST_GROUP for step in steps):
        return suppressed_chart(key, title)
    points = [
        LinePoint(step.label, None if step.began < SMALLEST_GROUP else 100 * step.active / step.began) for step in steps
    ]
    chart = line_chart(
        key=key,
        title=title,
        words=words,
        note=note,
        heading=heading,
        unit=gettext("Still at work"),
        points=points,
        top=100,
        value_words=lambda value: gettext("%(number)s%%") % {"number": fixed(value, 0)},
    )
    return _with_counts(replace(chart, through=through), heading, steps)


def _with_counts(chart: LineChart, heading: str, steps: Sequence[RetentionStep]) -> LineChart:
    """The table names the counts behind the shares, where a group is large enough to name any."""
    rows = []
    for (label, share), step in zip(chart.table.rows, steps, strict=True):
        if step.began < SMALLEST_GROUP:
            few = gettext("fewer than %(number)s") % {"number": SMALLEST_GROUP}
            rows.append([label, few, few, few])
        else:
            rows.append(
                [label, share, Figure(step.active, number(step.active)), Figure(step.began, number(step.began))]
            )
    columns = [heading, gettext("Share still at work"), gettext("Still at work"), gettext("Began")]
    return replace(chart, table=Table(columns, rows, 3))

"""Figures of cases as charts and tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log2

from django.utils.translation import gettext

from analytics.case_words import row_sentence, stage_words
from analytics.charts import (
    Bin,
    Cell,
    Distribution,
    Figure,
    Funnel,
    Marker,
    NoChart,
    Segment,
    Table,
    distribution,
    empty_chart,
    stacked,
)
from analytics.charts.funnel import FunnelRow
from analytics.charts.scale import percent
from analytics.crowd_figures import Basis
from analytics.domain.bins import SECONDS_EDGES
from analytics.figures import counted
from analytics.numbers import count, duration, fixed, number, share
from analytics.selectors.case_pages import CaseOverview
from analytics.selectors.crowds.cases import CaseHealth

# Bins of the counting house that make one bar: a quarter, a half or a whole of a doubling.
STEPS, MOST_BARS = (2, 4, 8), 16
SCORE_STEP = 10


def outcome_bar(case: CaseHealth) -> list[Segment]:
    """What became of the starts as one bar: finished, still open or begun anew, left."""
    funnel = case.funnel
    rest = funnel.restarted + funnel.unresolved
    parts = [
        ("high", funnel.completed, gettext("Completed: %(number)s") % {"number": number(funnel.completed)}),
        ("low", rest, gettext("Begun anew or still open: %(number)s") % {"number": number(rest)}),
        ("left", case.left, gettext("Left unfinished: %(number)s") % {"number": number(case.left)}),
    ]
    return stacked(parts, max(1, funnel.completed + rest + case.left))


def stage_bars(
    by_stage: Mapping[str, int], *, key: str, title: str, heading: str, unit: str, note: str, through: str
) -> Funnel | NoChart:
    """Stages as horizontal bars, the most frequent first; those numbered in their order."""
    if not (whole := sum(by_stage.values())):
        return empty_chart(key, title)
    numbered = all(name.isdigit() for name in by_stage if name)
    ordered = sorted(
        by_stage.items(), key=lambda item: (not item[0], int(item[0] or 0) if numbered else -item[1], item[0])
    )
    named = [(stage_words(name), n) for name, n in ordered]
    most = max(n for _, n in named)
    return Funnel(
        key=key,
        title=title,
        words="; ".join(f"{name} {number(n)}" for name, n in named) + ".",
        note=note,
        rows=[
            FunnelRow(
                label=name,
                width=percent(100 * n / most),
                count=number(n),
                share=share(n, whole),
                lost=0,
                lost_words="",
                is_drop=False,
            )
            for name, n in named
        ],
        table=Table(
            [heading, unit, gettext("Share")],
            [[name, counted(n), Figure(round(100 * n / whole, 2), share(n, whole))] for name, n in named],
            2,
        ),
        through=through,
    )


def time_chart(case: CaseHealth, least: float, basis: Basis, key: str = "time") -> Distribution | NoChart:
    """How long completions took; as wide a bar for each doubling of time, since half is to be seen as twice is."""
    title = gettext("Active time of completions")
    if case.time is None:
        return empty_chart(
            key, title, gettext("Fewer than ten completions told their time, so it is not shown how long they took.")
        )
    markers = [
        Marker(case.time.low, gettext("Fastest tenth, up to")),
        Marker(case.time.median, gettext("Half, up to")),
    ]
    if case.shallow:
        markers.append(Marker(least, gettext("Work takes at least")))
    return distribution(
        key=key,
        title=title,
        words=gettext("Eight of ten took from %(low)s to %(high)s.")
        % {"low": duration(case.time.low), "high": duration(case.time.high)},
        note=" · ".join([count(case.time.count, "completion"), gettext("active time, else by the clock"), basis.note]),
        heading=gettext("Time"),
        unit=gettext("Completions"),
        bins=time_bins(case.times),
        markers=markers,
        value_words=duration,
        scale=lambda seconds: log2(max(seconds, SECONDS_EDGES[1] / 2)),
        people=case.learners,
        through=basis.through,
    )


def time_bins(histogram: Mapping[str, int]) -> list[Bin]:
    """The bins of the counting house put together to bars of a quarter to one doubling, from the first to the last."""
    numbers = sorted(int(name) for name in histogram)
    step = next((step for step in STEPS if numbers[-1] // step - numbers[0] // step < MOST_BARS), STEPS[-1])
    found = []
    for place in range(numbers[0] // step, numbers[-1] // step + 1):
        inside = range(place * step, (place + 1) * step)
        low, high = (SECONDS_EDGES[min(edge, len(SECONDS_EDGES) - 1)] for edge in (inside.start, inside.stop))
        found.append(Bin(low, high, sum(histogram.get(str(each), 0) for each in inside)))
    return found


def score_chart(case: CaseHealth, basis: Basis, key: str = "scores") -> Distribution | NoChart:
    title = gettext("Scores of completions")
    if case.score is None:
        return empty_chart(key, title, gettext("Fewer than ten completions told a score, so none is shown."))
    bins = [
        Bin(low, low + SCORE_STEP, sum(case.marks.get(str(each), 0) for each in range(low, low + SCORE_STEP)))
        for low in range(0, 100, SCORE_STEP)
    ]
    # A full score lies in the last bar.
    bins[-1] = Bin(bins[-1].low, bins[-1].high, bins[-1].count + case.marks.get("100", 0))
    return distribution(
        key=key,
        title=title,
        words="",
        note=" · ".join([count(case.score.count, "completion"), gettext("scores of 0 to 100"), basis.note]),
        heading=gettext("Score"),
        unit=gettext("Completions"),
        bins=bins,
        markers=[Marker(case.score.median, gettext("Half, up to"))],
        people=case.learners,
        through=basis.through,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of a case beside the same at another time: both as they are read, and as an export writes them."""

    words: str
    before: Figure
    after: Figure


def side_by_side(before: CaseHealth, after: CaseHealth) -> list[Line]:
    rows = [
        (gettext("Learners"), lambda case: counted(case.learners)),
        (gettext("Starts"), lambda case: counted(case.starts)),
        (gettext("Left unfinished"), lambda case: _share(case.left, case.starts)),
        (gettext("Half done within"), lambda case: _time(case)),
        (gettext("Faster than work takes"), lambda case: _share(case.shallow, case.timed)),
        (gettext("Calls for help per ten starts"), lambda case: _rate(case.help_requests, case.starts)),
        (gettext("Mean score"), lambda case: _mean(case)),
    ]
    return [Line(name, figure(before), figure(after)) for name, figure in rows]


def line_table(lines: list[Line]) -> Table:
    return Table(
        [gettext("Figure"), gettext("Before"), gettext("After")],
        [[line.words, line.before, line.after] for line in lines],
        2,
    )


def _share(part: int, of: int) -> Figure:
    """A percentage with what it is of."""
    if not of:
        return Figure(None, "–")
    told = {"share": share(part, of), "part": number(part), "of": number(of)}
    return Figure(round(100 * part / of, 2), gettext("%(share)s (%(part)s of %(of)s)") % told)


def _time(case: CaseHealth) -> Figure:
    return Figure(round(case.time.median), duration(case.time.median)) if case.time else Figure(None, "–")


def _rate(events: int, of: int) -> Figure:
    return Figure(round(10 * events / of, 2), fixed(10 * events / of, 1)) if of else Figure(None, "–")


def _mean(case: CaseHealth) -> Figure:
    return Figure(round(case.score.mean, 2), fixed(case.score.mean, 0)) if case.score else Figure(None, "–")


def case_list_table(found: CaseOverview) -> Table:
    """The list of cases, as it is exported."""
    columns = [gettext("Case"), gettext("Id"), gettext("Specialty"), gettext("Difficulty"), gettext("What stands out")]
    columns += [gettext("Learners"), gettext("Starts"), gettext("Completed"), gettext("Abandoned"), gettext("Inferred")]
    columns += [gettext("Restarted"), gettext("Unresolved"), gettext("Median seconds"), gettext("Completions timed")]
    columns += [gettext("Shallow"), gettext("Help requests"), gettext("Feedback"), gettext("Mean score")]
    return Table(columns, [_case_row(one.health, row_sentence(one)) for one in found.cases], 0)


def _case_row(case: CaseHealth, said: str) -> list[Cell]:
    funnel = case.funnel
    numbers = (case.learners, funnel.started, funnel.completed, funnel.abandoned, funnel.inferred, funnel.restarted)
    row: list[Cell] = [case.title, case.case_id, case.specialty, case.difficulty, said]
    row += [counted(each) for each in (*numbers, funnel.unresolved)]
    row += [_time(case), *(counted(each) for each in (case.timed, case.shallow, case.help_requests, case.feedback))]
    return [*row, _mean(case)]

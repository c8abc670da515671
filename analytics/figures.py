"""From answers to charts: geometry, the words that go with it, and the table that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.calendar import local_day
from analytics import words
from analytics.charts import BarPlot, Segment, Sparkline, bar_plot, sparkline, stacked
from analytics.selectors.cohorts import CohortOverview, LevelCounts
from analytics.selectors.learners import LearnerOverview
from analytics.selectors.standing import Week
from analytics.selectors.steps import Step
from engagement.analytics import EngagementAnalytics
from engagement.domain.index import ACTIVITY_POINTS, DEPTH_POINTS, REGULARITY_POINTS
from engagement.selectors import LearnerIndex
from interactions.domain.scoring import LEVEL_NAMES

UNMEASURED = "unmeasured"
WINDOW_WORDS = {"7d": "7 days", "30d": "30 days", "90d": "90 days", "365d": "365 days", "all": "All"}


@dataclass(frozen=True, slots=True)
class Table:
    """The twin of a chart: the same figures for those who cannot see it or want to copy it.

    figures: how many columns after the first hold figures, and stand to the right.
    """

    columns: list[str]
    rows: list[list[str]]
    figures: int


@dataclass(frozen=True, slots=True)
class KeyEntry:
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class StackRow:
    """One stacked bar, what it is of, and what it says in words."""

    label: str
    segments: list[Segment]
    words: str


@dataclass(frozen=True, slots=True)
class StackChart:
    """key: unique on the page. note: n and period, as they stand under the chart."""

    key: str
    title: str
    rows: list[StackRow]
    entries: list[KeyEntry]
    note: str
    table: Table


@dataclass(frozen=True, slots=True)
class BarChart:
    """bars_words, before_words: what the key calls the bars and the muted level behind them, "" without one."""

    key: str
    title: str
    words: str
    plot: BarPlot
    note: str
    table: Table
    bars_words: str = ""
    before_words: str = ""
    has_hatch: bool = False


@dataclass(frozen=True, slots=True)
class TypeBar:
    """One interaction type: its words, its share of the most frequent one as a width, how many."""

    words: str
    width: str
    count: int


def level_chart(overview: CohortOverview, key: str) -> StackChart:
    """How many learners stand on each level, today and 4 weeks ago."""
    now, before = overview.levels, overview.levels_before
    kinds = [*LEVEL_NAMES, *([UNMEASURED] if now.unmeasured or before.unmeasured else [])]
    counts, counts_before = _by_kind(now), _by_kind(before)
    return StackChart(
        key=key,
        title="Levels",
        rows=[_level_row("Today", now, kinds), _level_row("4 weeks ago", before, kinds)],
        entries=[KeyEntry(kind, f"{words.level_words(kind)} {counts[kind]}") for kind in kinds],
        note=f"{words.count(overview.size, 'learner')} enrolled today · each level over 28 days",
        table=Table(
            ["Level", "Learners today", "4 weeks ago"],
            [[words.level_words(kind), str(counts[kind]), str(counts_before[kind])] for kind in kinds],
            2,
        ),
    )


def _by_kind(counts: LevelCounts) -> dict[str, int]:
    return {**dict(counts.levels), UNMEASURED: counts.unmeasured}


def _level_row(label: str, counts: LevelCounts, kinds: Sequence[str]) -> StackRow:
    named = _by_kind(counts)
    parts = [(kind, named[kind], f"{words.level_words(kind)}: {named[kind]}") for kind in kinds]
    said = ", ".join(f"{words.level_words(kind).lower()} {named[kind]}" for kind in kinds)
    return StackRow(label, stacked(parts, max(1, counts.total)), f"{label}: {said}.")


def active_chart(overview: CohortOverview, key: str) -> BarChart:
    """Active learners in each of the last 12 weeks."""
    counts, starts = overview.active_by_week, overview.week_starts
    labels = [_day_words(start) for start in starts]
    weeks = [f"{_day_words(start)} to {_day_words(start + timedelta(days=6))}" for start in starts]
    said = [f"{week}: {words.count(n, 'active learner')}" for week, n in zip(weeks, counts, strict=True)]
    return BarChart(
        key=key,
        title="Active learners per week",
        words=f"First week {counts[0]}, last 7 days {counts[-1]}, of {words.count(overview.size, 'learner')}.",
        plot=bar_plot(counts, labels, said),
        note=f"{words.count(overview.size, 'learner')} enrolled today · 12 weeks of 7 days, the last ending today",
        table=Table(["Week", "Active learners"], [[week, str(n)] for week, n in zip(weeks, counts, strict=True)], 1),
    )


def trend(weeks: Sequence[Week]) -> tuple[Sparkline, str]:
    """A learner's 12 weeks as a line and in words."""
    line = sparkline([week.points for week in weeks])
    if line.first is None:
        return line, "No week that counts among the last 12."
    first, lowest, last = (f"{value:,.0f}" for value in (line.first, line.lowest, line.last))
    return line, f"Points per week, 12 weeks: first {first}, lowest {lowest}, last {last}."


def parts_of(index: LearnerIndex) -> list[tuple[str, float, float]]:
    """(name, points, points at most) of the index's three parts; they add up to the score."""
    return [
        ("activity", ACTIVITY_POINTS * index.activity, ACTIVITY_POINTS),
        ("regularity", REGULARITY_POINTS * index.regularity, REGULARITY_POINTS),
        ("depth", DEPTH_POINTS * index.depth, DEPTH_POINTS),
    ]


def index_chart(index: LearnerIndex, key: str) -> StackChart:
    """The index as one bar of 100 points, stacked of its parts."""
    parts = parts_of(index)
    exact = {name: points for name, points, _ in parts}
    shown = words.apportioned(words.whole(index.score), exact, 0)
    precise = words.apportioned(index.score, exact, 2)
    said = [f"{name.capitalize()} {shown[name]:.0f} of {most:.0f}" for name, _, most in parts]
    return StackChart(
        key=key,
        title="What the index is made of",
        rows=[
            StackRow(
                "",
                stacked([(name, points, text) for (name, points, _), text in zip(parts, said, strict=True)], 100),
                f"{', '.join(said)}; together {words.whole(index.score)} of 100.",
            )
        ],
        entries=[KeyEntry(name, text) for (name, _, _), text in zip(parts, said, strict=True)],
        note=f"{words.count(index.days, 'day')} that count, today included",
        table=Table(
            ["Part", "Points", "At most", "What it is"],
            [[name.capitalize(), f"{precise[name]:.2f}", f"{most:.0f}", _MEANING[name]] for name, _, most in parts]
            + [["Index", f"{index.score:.2f}", "100", "All three together"]],
            2,
        ),
    )


_MEANING = {
    "activity": "How much was done; newer days weigh more",
    "regularity": "On how many days a week; four a week are full",
    "depth": "The best interactions of the best days",
}


def series_chart(overview: LearnerOverview, key: str) -> BarChart:
    """Base points per run of days, as many runs before behind them."""
    analytics, before, steps = overview.analytics, overview.points_before, overview.steps
    width = overview.step_days
    unit = STEP_WORDS[width]
    tenure = analytics.record.tenure
    hatched = [
        all(tenure.is_paused(step.start + timedelta(days=age)) for age in range((step.end - step.start).days))
        for step in steps
    ]
    names = [_step_words(step) for step in steps]
    said = [
        f"{name}: {words.number(step.points)} points"
        + (f", {words.number(before[position])} {_earlier_words(overview)}" if before else "")
        + (", paused" if hatched[position] else "")
        for position, (name, step) in enumerate(zip(names, steps, strict=True))
    ]
    columns = [unit.capitalize(), "Points", "Interactions", "Active time"]
    rows = [
        [name, f"{step.points:,.1f}", f"{step.interactions:,}", words.duration(step.active_seconds)]
        + ([f"{before[position]:,.1f}"] if before else [])
        + (["paused" if hatched[position] else ""] if any(hatched) else [])
        for position, (name, step) in enumerate(zip(names, steps, strict=True))
    ]
    columns += [f"Points {_earlier_words(overview)}"] if before else []
    columns += ["Pause"] if any(hatched) else []
    since = (
        f" · counted from {_day_words(tenure.start)}"
        if tenure.start is not None and tenure.start > steps[0].start
        else ""
    )
    runs = "" if width == 1 else f" · {unit}s of {width} days, the last ending today"
    worked, points = sum(step.points > 0 for step in steps), sum(step.points for step in steps)
    return BarChart(
        key=key,
        title=f"Points per {unit}",
        words=f"Work in {worked} of {words.count(len(steps), unit)}; {words.number(points)} points in all.",
        plot=bar_plot(
            [step.points for step in steps],
            [_axis_words(step, steps[-1].end) for step in steps],
            said,
            before=before,
            hatched=hatched,
        ),
        note=f"{words.count(sum(step.interactions for step in steps), 'interaction')} · "
        f"{_span_words(steps[0].start, analytics.last_day)}{runs}{since}",
        table=Table(columns, rows, 4 if before else 3),
        bars_words=f"These {words.count(len(steps), unit)}",
        before_words=f"The {words.count(len(steps), unit)} before" if before and any(before) else "",
        has_hatch=any(hatched),
    )


# What a run of so many days is called.
STEP_WORDS = {1: "day", 7: "week", 28: "four-week run"}


def _earlier_words(overview: LearnerOverview) -> str:
    return f"{words.count(len(overview.steps) * overview.step_days, 'day')} earlier"


def _day_words(day: date) -> str:
    return f"{day.day} {day:%b}"


def _axis_words(step: Step, end: date) -> str:
    """With the year where the series is longer than one."""
    return _day_words(step.start) + (f" {step.start:%Y}" if (end - step.start).days > 366 else "")


def _step_words(step: Step) -> str:
    last = step.end - timedelta(days=1)
    if step.start == last:
        return f"{last:%a} {_day_words(last)}"
    return f"{_day_words(step.start)} to {_day_words(last)} {last:%Y}"


def comparison_words(overview: LearnerOverview) -> str:
    """What is to be known of the window before; empty where all of its days counted."""
    before = overview.before
    if before is None or not before.paused + before.outside:
        return ""
    if before.outside == before.days:
        return f"No comparison: the {words.days(before.days)} before lie before the enrolment."
    parts = [f"on leave on {before.paused} of the {words.days(before.days)} before"] if before.paused else []
    parts += (
        [
            f"{before.outside} of them before the enrolment"
            if parts
            else f"{before.outside} of the {words.days(before.days)} before lie before the enrolment"
        ]
        if before.outside
        else []
    )
    said = ", ".join(parts)
    return f"{said[0].upper()}{said[1:]}." if before.counts else f"No comparison: {said}."


def period_words(analytics: EngagementAnalytics) -> str:
    """`17 Oct to 23 Nov 2026`, in the institution's days."""
    first = local_day(analytics.series[0].start) if analytics.series else analytics.last_day
    return _span_words(first, analytics.last_day)


def _span_words(first: date, last: date) -> str:
    return f"{first.day} {first:%b %Y} to {last.day} {last:%b %Y}"


def type_bars(by_type: dict[str, int]) -> list[TypeBar]:
    """Interactions by type, most frequent first."""
    ordered = sorted(by_type.items(), key=lambda item: (-item[1], item[0]))
    most = ordered[0][1] if ordered else 1
    return [TypeBar(words.type_words(kind), f"{100 * n / most:.2f}%", n) for kind, n in ordered]

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
from engagement.analytics import EngagementAnalytics
from engagement.domain.index import ACTIVITY_POINTS, DEPTH_POINTS, REGULARITY_POINTS
from engagement.selectors import LearnerIndex
from interactions.domain.scoring import LEVEL_NAMES

UNMEASURED = "unmeasured"
WINDOW_WORDS = {"7d": "7 days", "30d": "30 days", "90d": "90 days", "365d": "365 days", "all": "All"}


@dataclass(frozen=True, slots=True)
class Table:
    """The twin of a chart: the same figures for those who cannot see it or want to copy it."""

    columns: list[str]
    rows: list[list[str]]


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
    key: str
    title: str
    words: str
    plot: BarPlot
    note: str
    table: Table
    has_before: bool = False
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
        table=Table(["Week", "Active learners"], [[week, str(n)] for week, n in zip(weeks, counts, strict=True)]),
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
        ),
    )


_MEANING = {
    "activity": "How much was done; newer days weigh more",
    "regularity": "On how many days a week; four a week are full",
    "depth": "The best interactions of the best days",
}


def series_chart(overview: LearnerOverview, key: str) -> BarChart:
    """Base points per day, week or month, the window before behind them."""
    analytics, before = overview.analytics, overview.points_before
    unit = analytics.granularity
    starts = [local_day(bucket.start) for bucket in analytics.series]
    ends = [*starts[1:], analytics.last_day + timedelta(days=1)]
    points = [bucket.points for bucket in analytics.series]
    tenure = analytics.record.tenure
    hatched = [
        all(tenure.is_paused(start + timedelta(days=step)) for step in range((end - start).days))
        for start, end in zip(starts, ends, strict=True)
    ]
    names = [_bucket_words(start, unit) for start in starts]
    said = [
        f"{name}: {words.number(value)} points"
        + (f", {words.number(before[position])} in the window before" if before else "")
        + (", paused" if hatched[position] else "")
        for position, (name, value) in enumerate(zip(names, points, strict=True))
    ]
    columns = [unit.capitalize(), "Points", "Interactions", "Active time"]
    rows = [
        [name, words.number(bucket.points), str(bucket.interactions), words.duration(bucket.active_seconds)]
        + ([words.number(before[position])] if before else [])
        + (["paused" if hatched[position] else ""] if any(hatched) else [])
        for position, (name, bucket) in enumerate(zip(names, analytics.series, strict=True))
    ]
    columns += ["Points in the window before"] if before else []
    columns += ["Pause"] if any(hatched) else []
    since = "" if tenure.start is None or tenure.start <= starts[0] else f" · counted from {_day_words(tenure.start)}"
    worked = sum(value > 0 for value in points)
    return BarChart(
        key=key,
        title=f"Points per {unit}",
        words=f"Work in {worked} of {words.count(len(points), unit)}; {words.number(sum(points))} points in all.",
        plot=bar_plot(points, [_axis_words(start, unit) for start in starts], said, before=before, hatched=hatched),
        note=f"{words.count(analytics.totals.interactions, 'interaction')} · {period_words(analytics)}{since}",
        table=Table(columns, rows),
        has_before=bool(before and any(before)),
        has_hatch=any(hatched),
    )


def _day_words(day: date) -> str:
    return f"{day.day} {day:%b}"


def _axis_words(start: date, unit: str) -> str:
    return f"{start:%b %Y}" if unit == "month" else _day_words(start)


def _bucket_words(start: date, unit: str) -> str:
    return f"{start:%a} {_day_words(start)}" if unit == "day" else _axis_words(start, unit)


def period_words(analytics: EngagementAnalytics) -> str:
    """`17 Oct to 23 Nov 2026`, in the institution's days."""
    first = local_day(analytics.series[0].start) if analytics.series else analytics.last_day
    return f"{first.day} {first:%b %Y} to {analytics.last_day.day} {analytics.last_day:%b %Y}"


def type_bars(by_type: dict[str, int]) -> list[TypeBar]:
    """Interactions by type, most frequent first."""
    ordered = sorted(by_type.items(), key=lambda item: (-item[1], item[0]))
    most = ordered[0][1] if ordered else 1
    return [TypeBar(words.type_words(kind), f"{100 * n / most:.2f}%", n) for kind, n in ordered]

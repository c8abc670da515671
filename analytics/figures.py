"""From answers to charts: geometry, the words that go with it, and the table that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext, gettext_lazy, ngettext

from accounts.calendar import local_day
from analytics import words
from analytics.cells import moment_cell, span_cell
from analytics.charts import (
    BarChart,
    Cell,
    Figure,
    KeyEntry,
    Sparkline,
    StackChart,
    StackRow,
    Table,
    bar_plot,
    sparkline,
    stacked,
)
from analytics.charts.scale import percent
from analytics.dates import full_day, short_day, span, weekday_and_day
from analytics.numbers import count, fixed, number, share, whole
from analytics.selectors.cohorts import CohortOverview, LevelCounts
from analytics.selectors.learners import LearnerOverview
from analytics.selectors.steps import Step
from analytics.selectors.tallies import Tally
from engagement.analytics import EngagementAnalytics
from engagement.domain.index import ACTIVITY_POINTS, DEPTH_POINTS, REGULARITY_POINTS
from engagement.selectors import LearnerIndex
from interactions.domain.scoring import LEVEL_NAMES

UNMEASURED = "unmeasured"


@dataclass(frozen=True, slots=True)
class TypeBar:
    """One interaction type: its words, its share of the most frequent one as a width and in words, how many."""

    words: str
    width: str
    share: str
    count: int


def counted(value: int) -> Figure:
    return Figure(value, number(value))


def level_chart(overview: CohortOverview | Tally, key: str) -> StackChart:
    """How many learners stand on each level, today and 4 weeks ago."""
    now, before = overview.levels, overview.levels_before
    kinds = [*LEVEL_NAMES, *([UNMEASURED] if now.unmeasured or before.unmeasured else [])]
    counts, counts_before = _by_kind(now), _by_kind(before)
    return StackChart(
        key=key,
        title=gettext("Levels"),
        words="",
        rows=[_level_row(gettext("Today"), now, kinds), _level_row(gettext("4 weeks ago"), before, kinds)],
        entries=[KeyEntry(kind, f"{words.level_words(kind)} {counts[kind]}") for kind in kinds],
        note=gettext("%(learners)s enrolled today · each level over 28 days")
        % {"learners": count(overview.size, "learner")},
        table=Table(
            [gettext("Level"), gettext("Learners today"), gettext("4 weeks ago")],
            [[words.level_words(kind), counted(counts[kind]), counted(counts_before[kind])] for kind in kinds],
            2,
        ),
    )


def _by_kind(counts: LevelCounts) -> dict[str, int]:
    return {**dict(counts.levels), UNMEASURED: counts.unmeasured}


def _level_row(label: str, counts: LevelCounts, kinds: Sequence[str]) -> StackRow:
    named = _by_kind(counts)
    parts = [(kind, named[kind], f"{words.level_words(kind)}: {named[kind]}") for kind in kinds]
    said = ", ".join(f"{words.level_words(kind)} {named[kind]}" for kind in kinds)
    return StackRow(label, stacked(parts, max(1, counts.total)), f"{label}: {said}.")


def active_chart(overview: CohortOverview, key: str) -> BarChart:
    """Active learners in each of the last 12 weeks."""
    counts, starts = overview.active_by_week, overview.week_starts
    weeks = [span(start, start + timedelta(days=6), with_years=False) for start in starts]
    said = [f"{week}: {count(n, 'active learner')}" for week, n in zip(weeks, counts, strict=True)]
    learners = count(overview.size, "learner")
    return BarChart(
        key=key,
        title=gettext("Active learners per week"),
        words=gettext("First week %(first)s, last 7 days %(last)s, of %(learners)s.")
        % {"first": counts[0], "last": counts[-1], "learners": learners},
        plot=bar_plot(counts, [short_day(start) for start in starts], said),
        note=gettext("%(learners)s enrolled today · 12 weeks of 7 days, the last ending today")
        % {"learners": learners},
        table=Table(
            [gettext("Week"), gettext("Active learners")],
            [
                [span_cell(start, start + timedelta(days=6), week), counted(n)]
                for start, week, n in zip(starts, weeks, counts, strict=True)
            ],
            1,
        ),
    )


def trend(points: Sequence[float | None]) -> tuple[Sparkline, str]:
    """A learner's points of 12 weeks as a line and in words."""
    line = sparkline(points)
    if line.first is None:
        return line, gettext("No week that counts among the last 12.")
    first, lowest, last = (fixed(value, 0) for value in (line.first, line.lowest, line.last))
    return line, gettext("Points per week, 12 weeks: first %(first)s, lowest %(lowest)s, last %(last)s.") % {
        "first": first,
        "lowest": lowest,
        "last": last,
    }


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
    said = [
        gettext("%(part)s %(points)s of %(most)s")
        % {"part": PART_NAMES[name], "points": fixed(shown[name], 0), "most": fixed(most, 0)}
        for name, _, most in parts
    ]
    total = whole(index.score)
    return StackChart(
        key=key,
        title=gettext("What the index is made of"),
        words="",
        rows=[
            StackRow(
                "",
                stacked([(name, points, text) for (name, points, _), text in zip(parts, said, strict=True)], 100),
                gettext("%(parts)s; together %(total)s of 100.") % {"parts": ", ".join(said), "total": total},
            )
        ],
        entries=[KeyEntry(name, text) for (name, _, _), text in zip(parts, said, strict=True)],
        note=ngettext(
            "%(number)s day that counts, today included", "%(number)s days that count, today included", index.days
        )
        % {"number": index.days},
        table=Table(
            [gettext("Part"), gettext("Points"), gettext("At most"), gettext("What it is")],
            [
                [
                    str(PART_NAMES[name]),
                    _exact(precise[name], 2),
                    Figure(most, fixed(most, 0)),
                    str(_MEANING[name]),
                ]
                for name, _, most in parts
            ]
            + [[gettext("Index"), _exact(index.score, 2), Figure(100, "100"), gettext("All three together")]],
            2,
        ),
    )


PART_NAMES = {
    "activity": gettext_lazy("Activity"),
    "regularity": gettext_lazy("Regularity"),
    "depth": gettext_lazy("Depth"),
}
_MEANING = {
    "activity": gettext_lazy("How much was done; newer days weigh more"),
    "regularity": gettext_lazy("On how many days a week; four a week are full"),
    "depth": gettext_lazy("The best interactions of the best days"),
}


def _exact(value: float, decimals: int) -> Figure:
    return Figure(round(value, decimals), fixed(value, decimals))


# What a run of so many days is called, how it is counted, and what its bars are.
STEPS = {
    1: ("day", gettext_lazy("Day"), gettext_lazy("Points per day"), ""),
    7: (
        "week",
        gettext_lazy("Week"),
        gettext_lazy("Points per week"),
        gettext_lazy("weeks of 7 days, the last ending today"),
    ),
    28: (
        "four-week run",
        gettext_lazy("Four-week run"),
        gettext_lazy("Points per four-week run"),
        gettext_lazy("four-week runs of 28 days, the last ending today"),
    ),
}


def series_chart(overview: LearnerOverview, key: str) -> BarChart:
    """Base points per run of days, as many runs before behind them."""
    analytics, before, steps = overview.analytics, overview.points_before, overview.steps
    noun, heading, title, runs = STEPS[overview.step_days]
    hatched = [_is_paused(step, overview) for step in steps]
    names = [_step_words(step) for step in steps]
    worked, points = sum(step.points > 0 for step in steps), sum(step.points for step in steps)
    length = count(len(steps), noun)
    return BarChart(
        key=key,
        title=str(title),
        words=gettext("Work in %(worked)s of %(steps)s; %(points)s points in all.")
        % {"worked": worked, "steps": length, "points": number(points)},
        plot=bar_plot(
            [step.points for step in steps],
            [_axis_words(step, steps[-1].end) for step in steps],
            [_bar_words(overview, position, names[position], hatched[position]) for position in range(len(steps))],
            before=before,
            hatched=hatched,
        ),
        note=" · ".join(filter(None, [*_series_note(overview, analytics), str(runs), _since_words(overview)])),
        table=_series_table(overview, str(heading), names, hatched),
        bars_words=gettext("These %(steps)s") % {"steps": length},
        before_words=gettext("The %(steps)s before") % {"steps": length} if before and any(before) else "",
        has_hatch=any(hatched),
    )


def _is_paused(step: Step, overview: LearnerOverview) -> bool:
    tenure = overview.analytics.record.tenure
    return all(tenure.is_paused(step.start + timedelta(days=age)) for age in range((step.end - step.start).days))


def _bar_words(overview: LearnerOverview, position: int, name: str, is_paused: bool) -> str:
    said = gettext("%(name)s: %(points)s points") % {"name": name, "points": number(overview.steps[position].points)}
    if overview.points_before:
        said += f", {number(overview.points_before[position])} {_earlier_words(overview)}"
    return f"{said}, {gettext('paused')}" if is_paused else said


def _series_note(overview: LearnerOverview, analytics: EngagementAnalytics) -> list[str]:
    interactions = count(sum(step.interactions for step in overview.steps), "interaction")
    return [interactions, span(overview.steps[0].start, analytics.last_day)]


def _since_words(overview: LearnerOverview) -> str:
    start = overview.analytics.record.tenure.start
    if start is None or start <= overview.steps[0].start:
        return ""
    return gettext("counted from %(day)s") % {"day": short_day(start)}


def _series_table(overview: LearnerOverview, heading: str, names: list[str], hatched: list[bool]) -> Table:
    before = overview.points_before
    columns = [heading, gettext("Points"), gettext("Interactions"), gettext("Active time")]
    columns += [gettext("Points %(earlier)s") % {"earlier": _earlier_words(overview)}] if before else []
    columns += [gettext("Pause")] if any(hatched) else []
    rows: list[list[Cell]] = []
    for position, step in enumerate(overview.steps):
        row = [
            span_cell(step.start, step.end - timedelta(days=1), names[position]),
            _exact(step.points, 1),
            counted(step.interactions),
            Figure(step.active_seconds, words.duration(step.active_seconds)),
        ]
        row += [_exact(before[position], 1)] if before else []
        row += [gettext("paused") if hatched[position] else ""] if any(hatched) else []
        rows.append(row)
    return Table(columns, rows, 4 if before else 3)


def _earlier_words(overview: LearnerOverview) -> str:
    days = len(overview.steps) * overview.step_days
    return ngettext("%(number)s day earlier", "%(number)s days earlier", days) % {"number": number(days)}


def _axis_words(step: Step, end: date) -> str:
    """With the year where the series is longer than one."""
    return full_day(step.start) if (end - step.start).days > 366 else short_day(step.start)


def _step_words(step: Step) -> str:
    last = step.end - timedelta(days=1)
    if step.start == last:
        return weekday_and_day(last)
    return gettext("%(first)s to %(last)s") % {"first": short_day(step.start), "last": full_day(last)}


def comparison_words(overview: LearnerOverview) -> str:
    """What is to be known of the window before; empty where all of its days counted."""
    before = overview.before
    if before is None or not before.paused + before.outside:
        return ""
    told = {"paused": before.paused, "outside": before.outside, "days": words.days(before.days)}
    if before.outside == before.days:
        return gettext("No comparison: the %(days)s before lie before the enrolment.") % told
    if before.paused and before.outside:
        said = gettext("on leave on %(paused)s of the %(days)s before, %(outside)s of them before the enrolment")
    elif before.paused:
        said = gettext("on leave on %(paused)s of the %(days)s before")
    else:
        said = gettext("%(outside)s of the %(days)s before lie before the enrolment")
    said = said % told
    return f"{said[0].upper()}{said[1:]}." if before.counts else gettext("No comparison: %(why)s.") % {"why": said}


def period_words(analytics: EngagementAnalytics) -> str:
    """`17 Oct to 23 Nov 2026`, in the institution's days."""
    first = local_day(analytics.series[0].start) if analytics.series else analytics.last_day
    return span(first, analytics.last_day)


def case_table(overview: LearnerOverview, now: datetime) -> Table:
    """The cases of a learner's page, as they are exported."""
    return Table(
        [gettext("Case"), gettext("Result"), gettext("Best score"), gettext("Interactions"), gettext("Last")],
        [
            [
                case.title,
                words.case_result(case, now),
                Figure(case.best, "" if case.best is None else fixed(case.best, 1)),
                counted(case.interactions),
                moment_cell(case.last_at),
            ]
            for case in overview.cases
        ],
        3,
    )


def type_bars(by_type: dict[str, int]) -> list[TypeBar]:
    """Interactions by type, most frequent first."""
    ordered = sorted(by_type.items(), key=lambda item: (-item[1], item[0]))
    most = ordered[0][1] if ordered else 1
    return [TypeBar(words.type_words(kind), percent(100 * n / most), share(n, most), n) for kind, n in ordered]

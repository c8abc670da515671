"""Figures of crowds as charts: when they work, how far their cases come, how they stand, who stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext

from analytics import words
from analytics.cells import day_cell
from analytics.charts import (
    ColumnChart,
    Figure,
    Funnel,
    Heatmap,
    KeyEntry,
    LineChart,
    NoChart,
    RetentionStep,
    Sparkline,
    StackChart,
    StackRow,
    Table,
    column_chart,
    empty_chart,
    heatmap,
    retention_chart,
    sparkline,
    stacked,
    suppressed_chart,
    weekday_names,
)
from analytics.charts.funnel import FunnelRow
from analytics.charts.scale import percent
from analytics.dates import full_day, short_day, span
from analytics.figures import UNMEASURED, counted
from analytics.numbers import count, fixed, number, share
from analytics.selectors.crowds import figures
from analytics.selectors.crowds.levels import WeekLevels
from analytics.selectors.crowds.retention import RetentionCurve
from analytics.selectors.crowds.scope import Withheld
from interactions.domain.scoring import LEVEL_NAMES
from interactions.windows import Window

# The weeks after an enrolment that a table of several cohorts has room for.
MARKED_WEEKS = (1, 4, 8, 12, 26, 52)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a chart of a crowd rests on. n: learners who did anything, None where that is not told."""

    window: Window
    n: int | None
    through: str

    @property
    def note(self) -> str:
        learners = [count(self.n, "learner")] if self.n is not None else []
        return " · ".join([*learners, weeks_words(self.window)])


def basis_of(window: Window, n: int | None, counted_through: datetime | None, today: date) -> Basis:
    """counted_through: everything received before is counted; None: nothing was counted yet."""
    through = gettext("not counted yet")
    if counted_through is not None:
        through = words.complete_through(counted_through, today)
    return Basis(window, n, through)


def weeks_words(window: Window) -> str:
    """`9 Feb 2026 to 16 Mar 2026, in whole weeks`, of a window given in whole weeks."""
    if window.first_day is None:
        return gettext("all weeks through %(day)s") % {"day": full_day(window.last_day)}
    return gettext("%(days)s, in whole weeks") % {"days": span(window.first_day, window.last_day)}


# --- When ----------------------------------------------------------------------------------------------------------


def hours_chart(found: figures.Heatmap | Withheld, basis: Basis, key: str = "hours") -> Heatmap | NoChart:
    """Weekday by hour; the title says the finding."""
    question = gettext("When they work")
    if isinstance(found, Withheld):
        return suppressed_chart(key, question)
    total = sum(found.by_weekday)
    if not total:
        return empty_chart(key, question)
    day, hour = busiest(found)
    told = {"day": weekday_names()[day], "hour": hour_words(hour)}
    busy_day = found.by_weekday.index(max(found.by_weekday))
    return heatmap(
        key=key,
        title=gettext("Most work is done on %(day)s, %(hour)s") % told,
        words=gettext("Of %(all)s, %(most)s on %(day)s; %(weekend)s on Saturday and Sunday.")
        % {
            "all": count(total, "interaction"),
            "most": share(max(found.by_weekday), total),
            "day": weekday_names()[busy_day],
            "weekend": share(sum(found.by_weekday[5:]), total),
        },
        note=f"{count(total, 'interaction')} · {basis.note}",
        unit=gettext("interactions"),
        counts={(day, hour): n for day, row in enumerate(found.cells) for hour, n in enumerate(row)},
        through=basis.through,
    )


def busiest(found: figures.Heatmap) -> tuple[int, int]:
    """The weekday (Monday is 0) and hour with most interactions, the earliest of several."""
    return max(((day, hour) for day in range(7) for hour in range(24)), key=lambda cell: found.cells[cell[0]][cell[1]])


def hour_words(hour: int) -> str:
    """`20:00 to 21:00`."""
    return gettext("%(first)s to %(last)s") % {"first": f"{hour:02d}:00", "last": f"{(hour + 1) % 24:02d}:00"}


# --- What ----------------------------------------------------------------------------------------------------------


def type_table(types: dict[str, int]) -> Table:
    total = sum(types.values())
    return Table(
        [gettext("Type"), gettext("Interactions"), gettext("Share")],
        [
            [words.type_words(kind), counted(n), Figure(round(100 * n / total, 2), share(n, total))]
            for kind, n in types.items()
        ],
        2,
    )


def outcome_chart(found: figures.Funnel | Withheld, basis: Basis, key: str = "funnel") -> Funnel | NoChart:
    """What became of the cases that were started, each as a share of the starts."""
    question = gettext("What became of started cases")
    if isinstance(found, Withheld):
        return suppressed_chart(key, question)
    if not found.started:
        return empty_chart(key, question, gettext("No case was started in these weeks."))
    steps = [
        (gettext("Started"), found.started),
        (gettext("Completed"), found.completed),
        (gettext("Given up by the learner's own word"), found.abandoned),
        (gettext("Left without a word for a day"), found.inferred),
        (gettext("Left until a new start"), found.restarted),
        (gettext("Still open, or ended after these weeks"), found.unresolved),
    ]
    told = {"started": number(found.started), "completed": number(found.completed)}
    return Funnel(
        key=key,
        title=gettext("Of %(started)s started cases, %(completed)s were completed") % told,
        words="; ".join(f"{label} {number(n)}" for label, n in steps) + ".",
        note=f"{count(found.started, 'start')} · {basis.note}",
        rows=[
            FunnelRow(
                label=label,
                width=percent(min(100, 100 * n / found.started)),
                count=number(n),
                share=share(n, found.started),
                lost=0,
                lost_words="",
                is_drop=False,
            )
            for label, n in steps
        ],
        table=Table(
            [gettext("What became of it"), gettext("Cases"), gettext("Share of the starts")],
            [
                [label, counted(n), Figure(round(100 * n / found.started, 2), share(n, found.started))]
                for label, n in steps
            ],
            2,
        ),
        through=basis.through,
    )


# --- How they stand ------------------------------------------------------------------------------------------------


def level_kinds(weeks: Sequence[WeekLevels]) -> list[str]:
    """The levels from the lowest up, and last those without one, where there are any."""
    return [*LEVEL_NAMES, *([UNMEASURED] if any(week.unmeasured for week in weeks) else [])]


def level_counts(week: WeekLevels) -> dict[str, int]:
    return {**dict(week.levels), UNMEASURED: week.unmeasured}


def level_bar(found: WeekLevels | Withheld, basis: Basis, key: str = "levels") -> StackChart | NoChart:
    """How a crowd's learners stand on the newest day that is counted."""
    title = gettext("Levels")
    if isinstance(found, Withheld):
        return suppressed_chart(key, title)
    kinds, counts = level_kinds([found]), level_counts(found)
    said = [f"{words.level_words(kind)} {number(counts[kind])}" for kind in kinds]
    parts = [(kind, counts[kind], text) for kind, text in zip(kinds, said, strict=True)]
    return StackChart(
        key=key,
        title=title,
        words="",
        rows=[StackRow("", stacked(parts, max(1, found.n)), f"{', '.join(said)}.")],
        entries=[KeyEntry(kind, text) for kind, text in zip(kinds, said, strict=True)],
        note=gettext("%(learners)s enrolled on %(day)s · each level over 28 days")
        % {"learners": count(found.n, "learner"), "day": full_day(found.as_of)},
        table=Table(
            [gettext("Level"), gettext("Learners")],
            [[words.level_words(kind), counted(counts[kind])] for kind in kinds],
            1,
        ),
        through=basis.through,
    )


def level_columns(weeks: Sequence[WeekLevels], key: str, through: str = "") -> ColumnChart | NoChart:
    """How the learners of a cohort stood at the end of each week; the newest column is of its own day."""
    title = gettext("Levels, week by week")
    shown = [week for week in weeks if not week.is_withheld]
    if not shown:
        return empty_chart(key, title)
    kinds, first, last = level_kinds(shown), shown[0], shown[-1]
    high_first, high_last = (sum(n for name, n in week.levels if name in LEVEL_NAMES[2:]) for week in (first, last))
    return column_chart(
        key=key,
        title=title,
        words=gettext("High or very high: %(last)s of %(all)s; on %(day)s %(first)s of %(before)s.")
        % {
            "last": number(high_last),
            "all": number(last.n),
            "day": short_day(first.as_of),
            "first": number(high_first),
            "before": number(first.n),
        },
        note=gettext("%(learners)s enrolled at the end · each level over 28 days, on the last day of its week")
        % {"learners": count(last.n, "learner")},
        heading=gettext("Day"),
        kinds=[(kind, words.level_words(kind)) for kind in kinds],
        columns=[(day_cell(week.as_of), [level_counts(week)[kind] for kind in kinds]) for week in shown],
        through=through,
    )


# --- Who stays -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RetentionRow:
    """One cohort in the table of several. cells: the share in each of MARKED_WEEKS, None: too few or not yet."""

    curve: RetentionCurve
    cells: list[str | None]
    line: Sparkline
    line_words: str


def retention_rows(curves: Sequence[RetentionCurve]) -> list[RetentionRow]:
    return [_retention_row(curve) for curve in curves]


def _retention_row(curve: RetentionCurve) -> RetentionRow:
    shares = {point.week: point.share for point in curve.points}
    marked = [shares.get(week) for week in MARKED_WEEKS]
    line = sparkline([None if part is None else 100 * part for part in shares.values()])
    said = ""
    if line.first is not None:
        said = gettext(
            "Share at work by week after enrolment: first %(first)s%%, lowest %(lowest)s%%, last %(last)s%%."
        )
        said = said % {name: fixed(getattr(line, name), 0) for name in ("first", "lowest", "last")}
    return RetentionRow(curve, [None if part is None else _percentage(part) for part in marked], line, said)


def _percentage(part: float) -> str:
    return gettext("%(number)s%%") % {"number": fixed(100 * part, 0)}


def retention_table(curves: Sequence[RetentionCurve]) -> Table:
    """Every week of every cohort, as it is exported; a week of fewer than ten has no figure."""
    return Table(
        [gettext("Cohort"), gettext("Week"), gettext("Enrolled"), gettext("At work"), gettext("Share")],
        [
            [
                curve.cohort.name,
                counted(point.week),
                _or_few(point.enrolled),
                _or_few(point.active),
                Figure(None if point.share is None else round(100 * point.share, 2), ""),
            ]
            for curve in curves
            for point in curve.points
        ],
        4,
    )


def nothing_released() -> str:
    return gettext("No week to show: a week is told once it has been over for a week, and of at least 10 learners.")


def _or_few(value: int | None) -> Figure:
    return Figure(value, "" if value is None else number(value))


def curve_chart(curve: RetentionCurve, key: str, through: str = "") -> LineChart | NoChart:
    """One cohort's curve; the weeks are those after each learner's own enrolment."""
    title = gettext("Who is still at work, week by week after enrolment")
    if curve.is_withheld:
        return empty_chart(key, title, nothing_released())
    steps = [RetentionStep(number(point.week), point.enrolled or 0, point.active or 0) for point in curve.points]
    known = [step for step in steps if step.began]
    fewest, most = (extreme(step.began for step in known) for extreme in (min, max))
    learners = count(most, "learner")
    if fewest < most:
        learners = gettext("%(fewest)s to %(learners)s, by week") % {"fewest": number(fewest), "learners": learners}
    said = gettext("In week %(week)s %(active)s of %(all)s did something.") % {
        "week": known[-1].label,
        "active": number(known[-1].active),
        "all": number(known[-1].began),
    }
    return retention_chart(
        key=key,
        title=title,
        words=said,
        note=f"{learners} · "
        + gettext("week 0 is that of the enrolment · at work: did anything in it · as told a week after its end"),
        heading=gettext("Week"),
        steps=steps,
        through=through,
    )


def first_day_of(weeks: int, today: date) -> date:
    """The Monday so many weeks back, the running week included."""
    return today - timedelta(days=today.weekday() + 7 * (weeks - 1))

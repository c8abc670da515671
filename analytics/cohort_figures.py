"""A cohort's work as tables: against the weeks before, by specialty, against the plan."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from accounts.calendar import local_day
from analytics.charts import Figure, Table
from analytics.charts.scale import percent
from analytics.crowd_figures import Basis
from analytics.figures import counted
from analytics.numbers import count, duration, number, share, signed
from analytics.rollups.spans import WEEK_DAYS
from analytics.selectors.cohorts import CohortOverview
from analytics.selectors.crowds.cohort_work import CohortWork, SpecialtyWork
from analytics.selectors.crowds.levels import WeekLevels
from analytics.selectors.crowds.reports import Totals
from analytics.selectors.plans import PlanProgress, SpecialtyDone
from interactions.windows import Window


def level_weeks(work: CohortWork, overview: CohortOverview, now: datetime) -> list[WeekLevels]:
    """The weeks that are counted, and last today as the table of learners tells it."""
    today, levels = local_day(now), overview.levels
    past = [week for week in work.levels if week.as_of < today]
    return [*past, WeekLevels(today, today, levels.levels, levels.unmeasured, levels.total)]


def weeks_of_window(window: Window) -> int:
    """How many weeks a window of whole weeks has, the running one included."""
    return ((window.last_day - window.first_day).days + WEEK_DAYS) // WEEK_DAYS


def comparison_table(work: CohortWork) -> Table:
    """The weeks shown, and where there are some as many weeks before, with the change in percent."""
    before = work.previous
    columns = [gettext("In sum"), gettext("These weeks")]
    columns += [gettext("The weeks before"), gettext("Change")] if before else []
    lines = [
        (gettext("Learners at work"), work.n, before and before.n, number),
        *_lines(work.totals, before and before.totals),
    ]
    return Table(
        columns,
        [
            [label, *_compared(now, then, told)] if before else [label, _figure(now, told)]
            for label, now, then, told in lines
        ],
        len(columns) - 1,
    )


def _lines(now: Totals, then: Totals | None):
    spent, spent_before = now.time_spent, then and then.time_spent
    yield gettext("Interactions"), now.interactions, then and then.interactions, number
    yield gettext("Active time"), spent.active, then and spent_before.active, duration
    yield gettext("Wall-clock time"), spent.wall_clock, then and spent_before.wall_clock, duration
    yield gettext("Unknown time"), spent.unknown, then and spent_before.unknown, duration
    yield gettext("Cases started"), now.funnel.started, then and then.funnel.started, number
    yield gettext("Cases completed"), now.funnel.completed, then and then.funnel.completed, number
    yield gettext("Completed in less than the least time for work"), now.shallow, then and then.shallow, number
    middle, middle_before = (totals and totals.completion_time for totals in (now, then))
    yield gettext("Half of the completed cases took less than"), *_medians(middle, middle_before), duration
    score, score_before = (totals and totals.scores for totals in (now, then))
    yield gettext("Half of the scores are below"), *_medians(score, score_before), number


def _medians(now, then) -> tuple[float | None, float | None]:
    return now and now.median, then and then.median


def _compared(now: float | None, then: float | None, told) -> list[Figure]:
    if not then or now is None:
        return [_figure(now, told), _figure(then, told), Figure(None, "–")]
    change = round(100 * (now - then) / then)
    said = gettext("%(number)s%%") % {"number": signed(change)}
    return [_figure(now, told), _figure(then, told), Figure(change, said)]


def _figure(value: float | None, told) -> Figure:
    return Figure(None, "–") if value is None else Figure(round(value, 2), told(value))


def comparison_words(work: CohortWork, basis: Basis) -> str:
    """What is compared with what."""
    if work.previous is None:
        return basis.note
    weeks = count(weeks_of_window(work.window), "week")
    said = gettext("%(weeks)s, the last one still running, beside the %(weeks)s before") % {"weeks": weeks}
    return f"{basis.note} · {said}"


# --- Specialties ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SpecialtyRow:
    """One specialty: what was done in the weeks shown, and how far the plan is done. width: of the bar, in percent.

    planned, done_words, through   "" where nothing is planned
    """

    name: str
    learners: int
    completed: int
    planned: str = ""
    done_words: str = ""
    width: str = ""
    through: str = ""


@dataclass(frozen=True, slots=True)
class Specialties:
    """title: the finding; note: what the figures are of."""

    title: str
    note: str
    rows: list[SpecialtyRow]
    has_plan: bool
    table: Table


def specialties_of(work: CohortWork, plan: PlanProgress, size: int, basis: Basis) -> Specialties:
    """Each specialty planned or worked in; the planned ones first."""
    worked = {part.name.casefold(): part for part in work.specialties}
    planned = {each.specialty.casefold(): each for each in plan.specialties}
    pairs = [(planned.get(name), worked.get(name)) for name in [*planned, *(worked.keys() - planned.keys())]]
    pairs.sort(key=lambda pair: (pair[0] is None, -(pair[1].learners if pair[1] else 0)))
    columns = [gettext("Specialty"), gettext("Learners at work"), gettext("Cases completed")]
    columns += [gettext("Planned for each"), gettext("Planned cases done"), gettext("Planned cases")]
    columns += [gettext("Learners through")]
    return Specialties(
        title=_title(plan),
        note=_note(plan, size, basis),
        rows=[_row(*pair) for pair in pairs],
        has_plan=bool(planned),
        table=Table(columns, [_cells(*pair) for pair in pairs], 6),
    )


def _row(planned: SpecialtyDone | None, work: SpecialtyWork | None) -> SpecialtyRow:
    learners, completed = (work.learners, work.completed) if work else (0, 0)
    if planned is None:
        return SpecialtyRow(work.name, learners, completed)
    whole = planned.planned * planned.learners
    told = {"done": number(planned.through), "planned": number(planned.learners)}
    return SpecialtyRow(
        name=planned.specialty,
        learners=learners,
        completed=completed,
        planned=number(planned.planned),
        done_words=share(planned.done, whole),
        width=percent(100 * planned.done / whole if whole else 0),
        through=gettext("%(done)s of %(planned)s") % told,
    )


def _cells(planned: SpecialtyDone | None, work: SpecialtyWork | None) -> list[str | Figure]:
    of_plan = (planned.planned, planned.done, planned.planned * planned.learners, planned.through) if planned else ()
    return [
        planned.specialty if planned else work.name,
        counted(work.learners if work else 0),
        counted(work.completed if work else 0),
        *(Figure(value, number(value)) for value in of_plan),
        *([Figure(None, "")] * (4 - len(of_plan))),
    ]


def _title(plan: PlanProgress) -> str:
    if not plan.specialties:
        return gettext("Specialties")
    done = sum(each.done for each in plan.specialties)
    whole = sum(each.planned * each.learners for each in plan.specialties)
    return gettext("Specialties: %(share)s of the plan is done") % {"share": share(done, whole)}


def _note(plan: PlanProgress, size: int, basis: Basis) -> str:
    said = [gettext("at work and completed: %(weeks)s") % {"weeks": basis.note}]
    if plan.specialties:
        said.append(
            gettext("plan: different cases that each of %(learners)s completed since the enrolment")
            % {"learners": count(size, "learner")}
        )
    return " · ".join(said)

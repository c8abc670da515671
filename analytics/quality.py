"""From answers about the quality of the data to sentences, the chart and the tables of its page."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from analytics.cells import day_cell, moment_cell
from analytics.charts import Chart, Figure, NoChart, Table, column_chart, empty_chart
from analytics.dates import span
from analytics.job_words import job_sentence
from analytics.models import ScheduledJob
from analytics.numbers import count, duration, number, share
from analytics.selectors.quality.arrivals import Arrivals, Period
from analytics.selectors.quality.catalogue import Catalogue
from analytics.selectors.quality.refusals import Refusals
from analytics.selectors.quality.works import MOST_COUNTED, Counting, JobState
from interactions.quarantine.replay import ReplayReport

OUTCOME_WORDS = {
    ScheduledJob.Outcome.NEVER: gettext_lazy("never ran"),
    ScheduledJob.Outcome.RUNNING: gettext_lazy("running"),
    ScheduledJob.Outcome.DONE: gettext_lazy("done"),
    ScheduledJob.Outcome.FAILED: gettext_lazy("failed"),
}
FIELD_WORDS = {
    "title": gettext_lazy("title"),
    "name": gettext_lazy("name"),
    "specialty": gettext_lazy("specialty"),
    "difficulty": gettext_lazy("difficulty"),
}
KIND_WORDS = {"case": gettext_lazy("case"), "resource": gettext_lazy("resource")}
# So many reasons are named on top; all stand below.
MOST_REASONS = 3
_LOG = "admin:interactions_userinteractiontrackingmodel_changelist"


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the comparison. look: where its interactions are listed, "" for nowhere."""

    name: str
    now: Figure
    before: Figure | None
    look: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """All that waits for one reason, and the parts by sender and door."""

    code: str
    bodies: int
    times: int
    last_at: datetime
    expires: datetime
    parts: list[Refusals]


def findings(period: Period, refused: list[Refusals], counting: Counting) -> list[str]:
    """What somebody should look at, the gravest first; else that there is nothing."""
    found = []
    if counting.failed:
        told = {"jobs": count(len(counting.failed), "scheduled job"), "names": _names(counting.failed)}
        found.append(gettext("%(jobs)s failed in the last run: %(names)s.") % told)
    if counting.overdue:
        told = {"jobs": count(len(counting.overdue), "scheduled job"), "names": _names(counting.overdue)}
        found.append(gettext("%(jobs)s should have run: %(names)s. Is “manage.py run_jobs” running?") % told)
    if refused:
        found.append(_refused_words(refused))
    off = period.total.corrected + period.total.clamped
    if off:
        told = {"interactions": count(off, "interaction"), "share": share(off, period.total.interactions)}
        found.append(gettext("%(interactions)s (%(share)s) came from a clock that was wrong.") % told)
    if not found:
        found.append(
            gettext("Nothing was refused, every clock was right, and no job failed.")
            if period.total.interactions
            else gettext("Nothing has come in during this period, and nothing was refused.")
        )
    return found


def _refused_words(refused: list[Refusals]) -> str:
    """`3 refused bodies can still be taken in: “unknown_type” 2, “unreadable” 1.` A single reason has them all."""
    why = reasons(refused)
    bodies = count(sum(reason.bodies for reason in why), "refused body")
    if len(why) == 1:
        return gettext("%(bodies)s can still be taken in; the reason was “%(code)s”.") % {
            "bodies": bodies,
            "code": why[0].code,
        }
    told = [
        gettext("“%(code)s” %(number)s") % {"code": reason.code, "number": number(reason.bodies)}
        for reason in why[:MOST_REASONS]
    ]
    return gettext("%(bodies)s can still be taken in: %(reasons)s.") % {
        "bodies": bodies,
        "reasons": ", ".join(told) + (", …" if len(why) > MOST_REASONS else ""),
    }


def _names(jobs: list[JobState]) -> str:
    return ", ".join(job.name for job in jobs)


def recent_words(counting: Counting) -> str:
    if counting.recent > MOST_COUNTED:
        return gettext("More than %(interactions)s were stored in the last 24 hours, whenever they happened.") % {
            "interactions": count(MOST_COUNTED, "interaction")
        }
    return gettext("%(interactions)s were stored in the last 24 hours, whenever they happened.") % {
        "interactions": count(counting.recent, "interaction")
    }


def period_words(period: Period) -> str:
    return span(period.first, period.last) if period.spans else ""


def measures(period: Period) -> list[Measure]:
    """What the page compares: this period, and as many days before."""

    def line(name, figure, look=""):
        before = figure(period.previous) if period.previous is not None else None
        return Measure(str(name), figure(period.total), before, look)

    def of_all(value):
        return lambda told: _with_share(value(told), told.interactions)

    log = reverse(_LOG)
    return [
        line(gettext_lazy("Interactions"), lambda told: Figure(told.interactions, number(told.interactions))),
        line(gettext_lazy("Received a day or more after they happened"), of_all(lambda told: told.late)),
        line(gettext_lazy("of these, thirty days or more, as imports are"), of_all(lambda told: told.late_month)),
        line(
            gettext_lazy("Clock put right by what the client said when it sent"),
            of_all(lambda told: told.corrected),
            f"{log}?clock_flag__exact=corrected",
        ),
        line(
            gettext_lazy("Clock ahead of ours: set to the time of receipt"),
            of_all(lambda told: told.clamped),
            f"{log}?clock_flag__exact=clamped",
        ),
        line(gettext_lazy("Brought no time at all"), of_all(lambda told: told.untimed)),
        line(gettext_lazy("Time of which nobody knows whether anybody was there"), _unknown),
    ]


def _with_share(value: int, total: int) -> Figure:
    if not value:
        return Figure(value, number(value))
    part = gettext("under 1%") if 100 * value < total else share(value, total)
    return Figure(value, f"{number(value)} ({part})")


def _unknown(told: Arrivals) -> Figure:
    if not told.told_seconds:
        return Figure(0, "–")
    words = {
        "unknown": duration(told.unknown_seconds),
        "all": duration(told.told_seconds),
        "share": share(told.unknown_seconds, told.told_seconds),
    }
    return Figure(told.unknown_seconds, gettext("%(unknown)s of %(all)s (%(share)s)") % words)


def arrivals_chart(period: Period) -> Chart | NoChart:
    """How much happened, and how much of it came late, by day or week."""
    title = (
        gettext("When what came in had happened, by week")
        if period.by_week
        else gettext("When what came in had happened, by day")
    )
    if not period.total.interactions:
        return empty_chart("days", title)
    told = {"interactions": count(period.total.interactions, "interaction"), "late": number(period.total.late)}
    return column_chart(
        key="days",
        title=title,
        words=gettext("%(interactions)s, of which %(late)s were received a day or more later.") % told,
        note=gettext("n = %(interactions)s · %(period)s")
        % {"interactions": number(period.total.interactions), "period": period_words(period)},
        heading=gettext("Week from") if period.by_week else gettext("Day"),
        kinds=[("high", gettext("Within a day")), ("low", gettext("A day or more later"))],
        columns=[(day_cell(each.first), (each.arrivals.in_time, each.arrivals.late)) for each in period.spans],
    )


def days_table(period: Period) -> Table:
    """Every figure of every day or week, newest first."""
    columns = [gettext("Week from") if period.by_week else gettext("Day"), gettext("Interactions")]
    columns += [gettext("1 to 7 days late"), gettext("7 to 30 days late"), gettext("30 days late or more")]
    columns += [gettext("Clock put right"), gettext("Clock set to receipt"), gettext("No time")]
    columns += [gettext("Active seconds"), gettext("Unknown seconds")]
    rows = []
    for each in reversed(period.spans):
        told = each.arrivals
        figures = (told.interactions, told.late_day, told.late_week, told.late_month, told.corrected, told.clamped)
        figures += (told.untimed, told.active_seconds, told.unknown_seconds)
        rows.append([day_cell(each.first), *(_counted(value) for value in figures)])
    return Table(columns, rows, len(columns) - 1)


def reasons(refused: list[Refusals]) -> list[Reason]:
    """Most bodies first."""
    by_code: dict[str, list[Refusals]] = {}
    for each in refused:
        by_code.setdefault(each.code, []).append(each)
    found = [
        Reason(
            code,
            sum(part.bodies for part in parts),
            sum(part.times for part in parts),
            max(part.last_at for part in parts),
            min(part.expires for part in parts),
            parts,
        )
        for code, parts in by_code.items()
    ]
    return sorted(found, key=lambda reason: (-reason.bodies, reason.code))


def refused_table(refused: list[Refusals]) -> Table:
    columns = [gettext("Reason"), gettext("Bodies"), gettext("Came"), gettext("Sender"), gettext("Door")]
    columns += [gettext("First came"), gettext("Last came"), gettext("Deleted from")]
    rows = [
        [
            each.code,
            _counted(each.bodies),
            _counted(each.times),
            each.sender,
            each.door,
            *(moment_cell(each.first_at), moment_cell(each.last_at), moment_cell(each.expires)),
        ]
        for each in refused
    ]
    return Table(columns, rows, 2)


def words_table(catalogue: Catalogue) -> Table:
    columns = [gettext("Id"), gettext("Times"), gettext("What"), gettext("Catalogue says"), gettext("Came as")]
    rows = [
        [
            each.key,
            _counted(each.times),
            f"{KIND_WORDS[each.kind]}, {FIELD_WORDS[each.field]}",
            each.stands or "–",
            each.told,
        ]
        for each in catalogue.told_otherwise
    ]
    return Table(columns, rows, 1)


def jobs_table(counting: Counting) -> Table:
    columns = [gettext("Job"), gettext("Outcome"), gettext("Ended"), gettext("Took"), gettext("Due again")]
    columns.append(gettext("What it said"))
    rows = [
        [
            job.name,
            str(OUTCOME_WORDS.get(job.outcome, job.outcome)),
            moment_cell(job.finished_at, without="–"),
            "–" if job.seconds is None else Figure(job.seconds, duration(job.seconds)),
            (moment_cell(job.next_at, without="–") if job.is_scheduled else gettext("by hand only")),
            job_sentence(job),
        ]
        for job in counting.jobs
    ]
    return Table(columns, rows, 0)


def replay_words(report: ReplayReport, left: bool, most: int) -> str:
    """What became of a replay, in one paragraph. left: whether there were more than `most`."""
    said = [
        gettext("%(new)s went in, %(known)s were there already.")
        % {"new": count(report.outcomes["created"], "interaction"), "known": number(report.outcomes["duplicate"])}
    ]
    if report.refused:
        told = ", ".join(f"{code} {number(times)}" for code, times in report.refused.most_common())
        said.append(gettext("Still refused: %(reasons)s.") % {"reasons": told})
    if report.unavailable:
        said.append(
            gettext("%(bodies)s cannot be opened: the key is missing, or it was changed.")
            % {"bodies": count(report.unavailable, "refused body")}
        )
    if report.cut:
        said.append(
            gettext("%(bodies)s cannot be tried, because only a part was kept.")
            % {"bodies": count(report.cut, "refused body")}
        )
    if report.taken:
        said.append(gettext("Somebody else replayed some of them meanwhile."))
    if left:
        said.append(
            gettext("More than %(most)s waited: try again for the rest, or run “manage.py replay_quarantine”.")
            % {"most": number(most)}
        )
    return " ".join(said)


def _counted(value: int) -> Figure:
    return Figure(value, number(value))

"""What pages say about cases in sentences: what is worth a look, and in which figures."""

from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext

from analytics.numbers import count, duration, fixed, number, share
from analytics.selectors.case_pages import CaseOverview, CaseReport, Judged
from analytics.selectors.crowds.cases import CaseHealth, Stage
from analytics.selectors.crowds.concerns import HELP, LEFT, SCORES, SHALLOW, Concern

FEW = 10
# As much of a name as a sentence bears; tables have it whole.
LONGEST_NAME = 60


def stage_words(name: str) -> str:
    """A stage as its simulator calls it; a bare number is a step."""
    if not name:
        return gettext("not told where")
    return gettext("step %(number)s") % {"number": name} if name.isdigit() else name


def short(name: str) -> str:
    return Truncator(name).chars(LONGEST_NAME)


def at_stage(stage: Stage | None) -> str:
    """`4 of the 7 at “investigations”`; empty where no single stage has most."""
    if stage is None:
        return ""
    told = {"number": number(stage.count), "all": number(stage.of), "stage": short(stage_words(stage.name))}
    if stage.name.isdigit():
        return gettext("%(number)s of these %(all)s at %(stage)s") % told
    return gettext("%(number)s of these %(all)s at “%(stage)s”") % told


def reason_sentence(concern: Concern) -> str:
    """Why a case is worth a look: its figures beside those of the others."""
    return {LEFT: _left, SHALLOW: _shallow, SCORES: _scores, HELP: _help}[concern.kind](concern)


def beside_sentence(concern: Concern) -> str:
    """The same below the finding about the case itself."""
    if concern.kind == LEFT:
        figure = share(concern.others, concern.others_of)
        return gettext("That is more than in the other cases together: %(share)s.") % {"share": figure}
    return reason_sentence(concern)


def row_sentence(one: Judged) -> str:
    """One case in a line: what stands out most, else how it goes."""
    if one.first:
        return reason_sentence(one.first)
    return calm_sentence(one.health)


def calm_sentence(case: CaseHealth) -> str:
    if not case.starts:
        return gettext("Nobody started it in this time.")
    if not case.left:
        return gettext("Nothing stands out: none of %(starts)s was left.") % {"starts": count(case.starts, "start")}
    said = gettext("Nothing stands out: %(left)s of %(starts)s left unfinished") % _starts(case)
    return _ended(said, at_stage(case.drop))


def _starts(case: CaseHealth) -> dict[str, str]:
    return {"left": number(case.left), "starts": count(case.starts, "start")}


def _left(concern: Concern) -> str:
    said = gettext("%(left)s of %(starts)s left unfinished") % _starts(concern.case)
    said = _ended(said, at_stage(concern.case.drop))
    return f"{said} {_beside_others(concern)}"


def _shallow(concern: Concern) -> str:
    said = gettext("%(part)s of %(of)s with a known time were faster than work takes.") % {
        "part": number(concern.part),
        "of": count(concern.of, "completion"),
    }
    return f"{said} {_beside_others(concern)}"


def _scores(concern: Concern) -> str:
    return gettext("Mean score %(mean)s over %(of)s; in cases as hard as this %(others)s.") % {
        "mean": fixed(concern.part, 0),
        "of": count(concern.of, "completion"),
        "others": fixed(concern.others, 0),
    }


def _help(concern: Concern) -> str:
    told = {"calls": number(concern.part), "starts": count(concern.of, "start")}
    said = _ended(gettext("%(calls)s calls for help in %(starts)s") % told, at_stage(concern.case.help_spot))
    others = fixed(10 * concern.others / concern.others_of, 0) if concern.others_of else "0"
    return f"{said} " + gettext("Per ten starts: %(here)s, in cases as hard as this %(others)s.") % {
        "here": fixed(10 * concern.part / concern.of, 0),
        "others": others,
    }


def fast_words(least: float) -> str:
    """What is faster than work takes; empty where the policy knows no least time."""
    return gettext("faster than work takes: in less than %(least)s") % {"least": duration(least)} if least else ""


def _beside_others(concern: Concern) -> str:
    """Both shares: a count beside a share cannot be compared at a glance."""
    return gettext("That is %(here)s; in the other cases together %(share)s.") % {
        "here": share(concern.part, concern.of),
        "share": share(concern.others, concern.others_of),
    }


def _ended(said: str, more: str) -> str:
    return f"{said}, {more}." if more else f"{said}."


def overview_sentence(found: CaseOverview) -> str:
    """The finding over all cases."""
    if not found.cases:
        return gettext("No case has figures yet: none was worked on by %(few)s learners in this time.") % {"few": FEW}
    starts, left = sum(one.health.starts for one in found.cases), sum(one.health.left for one in found.cases)
    losing = [one.health for one in found.cases if one.first and one.first.kind == LEFT]
    together = gettext("Of %(starts)s in %(cases)s with figures, %(left)s were left unfinished (%(share)s).") % {
        "starts": count(starts, "start"),
        "cases": count(len(found.cases), "case"),
        "left": number(left),
        "share": share(left, starts),
    }
    if not losing:
        return " ".join([gettext("No case loses more learners than the others."), *_otherwise(found), together])
    said = ngettext(
        "“%(title)s” loses more learners than the other cases.",
        "%(number)s cases lose more learners than the others, “%(title)s” first.",
        len(losing),
    ) % {"title": short(losing[0].title), "number": number(len(losing))}
    return f"{said} {together}"


def _otherwise(found: CaseOverview) -> list[str]:
    """How many stand out by something else, where none does by what it loses."""
    several = sum(1 for one in found.cases if one.first)
    if not several:
        return []
    said = ngettext("%(number)s case stands out otherwise.", "%(number)s cases stand out otherwise.", several)
    return [said % {"number": number(several)}]


def report_sentence(report: CaseReport) -> str:
    """The finding about one case."""
    if report.found is None:
        return gettext(
            "No figures: fewer than %(few)s learners worked on this case in this time, or what fewer did would follow."
        ) % {"few": FEW}
    case = report.found.health
    if not case.starts:
        return gettext("Nobody started this case in this time.")
    said = gettext("%(completed)s of %(starts)s completed, %(left)s left unfinished") % {
        **_starts(case),
        "completed": number(case.funnel.completed),
    }
    return _ended(said, at_stage(case.drop) if case.left else "")


def shallow_sentence(case: CaseHealth, least: str) -> str:
    """Question 5: working the case, or clicking through it?"""
    if not case.timed:
        return gettext("No completion told its time, so nobody can say whether it was worked through.")
    told = {"part": number(case.shallow), "of": count(case.timed, "completion"), "least": least}
    if not case.shallow:
        return gettext("Worked through: none of %(of)s with a known time took less than %(least)s.") % told
    return gettext("%(part)s of %(of)s with a known time took less than %(least)s: worked, or clicked through?") % told

"""What a debrief says: its finding, its talking points with their figures, and a question to open each with."""

from dataclasses import dataclass

from django.utils.translation import gettext

from analytics.case_words import reason_sentence, short, stage_words
from analytics.numbers import count, fixed, number, share
from analytics.selectors.crowds.concerns import HELP, LEFT, SCORES, SHALLOW, Concern
from analytics.selectors.debrief import Debrief, LowSpecialty, Point


@dataclass(frozen=True, slots=True)
class TalkingPoint:
    """title: what it is about; figures: a sentence that can be checked; question: to ask the group."""

    title: str
    figures: str
    question: str


def debrief_sentence(found: Debrief) -> str:
    """The finding: how much the group did, and what it left."""
    if found.totals is None:
        return gettext("No figures for this group: fewer than 10 of it worked in these weeks.")
    funnel = found.totals.funnel
    if not funnel.started:
        return gettext("%(learners)s worked, and no case was started.") % {"learners": count(found.n, "learner")}
    return gettext("%(learners)s started %(cases)s, completed %(completed)s and left %(left)s unfinished.") % {
        "learners": count(found.n, "learner"),
        "cases": count(funnel.started, "case"),
        "completed": number(funnel.completed),
        "left": number(funnel.abandoned + funnel.inferred),
    }


def talking_point(point: Point) -> TalkingPoint:
    if isinstance(point, LowSpecialty):
        return _specialty(point)
    return {LEFT: _left, SHALLOW: _shallow, SCORES: _scores, HELP: _help}[point.kind](point)


def _left(point: Concern) -> TalkingPoint:
    question = gettext("What made you stop, and what would have kept you going?")
    if drop := point.case.drop:
        question = gettext("What is hard about “%(stage)s”, and what would have kept you going?") % {
            "stage": short(stage_words(drop.name))
        }
    return TalkingPoint(
        gettext("Left before its end: “%(case)s”") % {"case": short(point.case.title)}, reason_sentence(point), question
    )


def _shallow(point: Concern) -> TalkingPoint:
    return TalkingPoint(
        gettext("Quickly done: “%(case)s”") % {"case": short(point.case.title)},
        reason_sentence(point),
        gettext("What does this case show only to those who take their time?"),
    )


def _scores(point: Concern) -> TalkingPoint:
    return TalkingPoint(
        gettext("Hard won: “%(case)s”") % {"case": short(point.case.title)},
        reason_sentence(point),
        gettext("Which decision would you take otherwise now, and why?"),
    )


def _help(point: Concern) -> TalkingPoint:
    question = gettext("What was missing when you asked for help: knowledge, or a hint in the case?")
    if spot := point.case.help_spot:
        question = gettext("What was missing at “%(stage)s”: knowledge, or a hint in the case?") % {
            "stage": short(stage_words(spot.name))
        }
    return TalkingPoint(
        gettext("Much asked: “%(case)s”") % {"case": short(point.case.title)}, reason_sentence(point), question
    )


def _specialty(point: LowSpecialty) -> TalkingPoint:
    scores = point.part.totals.scores
    return TalkingPoint(
        gettext("Lowest scores: %(specialty)s") % {"specialty": short(point.part.name)},
        gettext("Mean score %(mean)s over %(of)s; in the other specialties together %(others)s.")
        % {"mean": fixed(scores.mean, 0), "of": count(scores.count, "completion"), "others": fixed(point.others, 0)},
        gettext("Which of these cases would you go through once more together?"),
    )


def open_questions() -> list[str]:
    """To talk about where no figure may be shown, or none stands out: they claim nothing about anybody."""
    return [
        gettext("Which case did you put aside, and what would have kept you going?"),
        gettext("Where did you ask for help, and what did you need to know there?"),
        gettext("Which case would you work differently now, and what would you do first?"),
    ]


def left_words(left: int, starts: int) -> str:
    """`3 (12%)`."""
    return gettext("%(number)s (%(share)s)") % {"number": number(left), "share": share(left, starts)}

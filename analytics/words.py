"""Figures as sentences: plain, exact, kind. Everything a page says in a sentence is made here.

Numbers are worded by analytics.numbers, days and moments by analytics.dates, where a learner stands by
engagement.words.standing, which the API speaks by too; all are found here.
"""

from datetime import date, datetime

from django.utils.translation import gettext, gettext_lazy, ngettext

from analytics.dates import ago, calendar_day, complete_through, day, exact
from analytics.numbers import apportioned, count, days, duration, number, share, signed, whole
from analytics.selectors.learners import CaseResult
from engagement.words.standing import (
    attention_sentence,
    clearing_sentence,
    insufficient_sentence,
    own_sentences,
    own_standing_sentence,
    points_sentence,
    standing_sentence,
)

__all__ = ["ago", "apportioned", "calendar_day", "complete_through", "count", "day", "days", "duration", "exact"]
__all__ += ["number", "share", "signed", "whole"]
__all__ += ["attention_sentence", "clearing_sentence", "insufficient_sentence", "own_sentences"]
__all__ += ["own_standing_sentence", "points_sentence", "standing_sentence"]

LEVEL_WORDS = {
    "low": gettext_lazy("Low"),
    "medium": gettext_lazy("Medium"),
    "high": gettext_lazy("High"),
    "very_high": gettext_lazy("Very high"),
}
NO_LEVEL = gettext_lazy("Not enough data")
TYPE_WORDS = {
    "case_view": gettext_lazy("Case viewed"),
    "case_start": gettext_lazy("Case started"),
    "case_complete": gettext_lazy("Case completed"),
    "case_abandon": gettext_lazy("Case abandoned"),
    "resource_access": gettext_lazy("Resource opened"),
    "help_request": gettext_lazy("Help asked"),
    "feedback_submit": gettext_lazy("Feedback given"),
    "navigation": gettext_lazy("Page turned"),
    "search": gettext_lazy("Search"),
    "time_spent": gettext_lazy("Time spent"),
    "competency_update": gettext_lazy("Competency updated"),
    "achievement_unlock": gettext_lazy("Achievement unlocked"),
}
# The words that the API names; simulators may use others, which are shown as they came.
DIFFICULTY_WORDS = {
    "beginner": gettext_lazy("beginner"),
    "intermediate": gettext_lazy("intermediate"),
    "advanced": gettext_lazy("advanced"),
    "easy": gettext_lazy("easy"),
    "medium": gettext_lazy("medium"),
    "hard": gettext_lazy("hard"),
}
RESOURCE_WORDS = {
    "case": gettext_lazy("case"),
    "learning_module": gettext_lazy("learning module"),
    "video": gettext_lazy("video"),
    "quiz": gettext_lazy("quiz"),
    "forum": gettext_lazy("forum"),
    "reference": gettext_lazy("reference work"),
}
HELP_WORDS = {
    "hint": gettext_lazy("hint"),
    "explanation": gettext_lazy("explanation"),
    "technical": gettext_lazy("technical help"),
    "tutor": gettext_lazy("tutor"),
}
PART_WORDS = {
    "type": gettext_lazy("Kind of work"),
    "time": gettext_lazy("Time"),
    "performance": gettext_lazy("Performance"),
    "consistency": gettext_lazy("Regular weeks before"),
}


def level_words(level: str | None) -> str:
    return str(LEVEL_WORDS.get(level, NO_LEVEL))


def type_words(interaction_type: str) -> str:
    """A type in words; types are data, so one that nobody named here reads as it is written."""
    return str(TYPE_WORDS.get(interaction_type) or interaction_type.replace("_", " ").capitalize())


def difficulty_words(difficulty: str) -> str:
    return str(DIFFICULTY_WORDS.get(difficulty.casefold(), difficulty))


def resource_words(resource_type: str) -> str:
    return str(RESOURCE_WORDS.get(resource_type) or resource_type.replace("_", " "))


def help_words(help_request_type: str) -> str:
    return str(HELP_WORDS.get(help_request_type) or help_request_type.replace("_", " "))


def change_words(value: int) -> str:
    """`12 points less than four weeks ago`."""
    if not value:
        return gettext("the same as four weeks ago")
    told = {"points": count(abs(value), "point")}
    return (
        gettext("%(points)s more than four weeks ago") if value > 0 else gettext("%(points)s less than four weeks ago")
    ) % told


def case_result(case: CaseResult, now: datetime) -> str:
    """`completed 2 times`, `started, not ended since 5 Mar`: an inferred abandonment is told as what was seen."""
    told = _declared_result(case)
    if not case.inferred_abandonments:
        return told or (gettext("started, not finished") if case.starts else gettext("looked at"))
    since = day(case.silent_since, now)
    if told:
        return gettext("%(result)s; started again, not ended since %(day)s") % {"result": told, "day": since}
    return gettext("started, not ended since %(day)s") % {"day": since}


def _declared_result(case: CaseResult) -> str:
    if case.completions:
        return ngettext("completed", "completed %(number)d times", case.completions) % {"number": case.completions}
    return gettext("abandoned") if case.abandonments else ""


def summary_sentences(
    *, size: int, needing: int, unremarkable: int, back: int = 0, risen: int = 0, paused: int = 0, unmeasured: int = 0
) -> str:
    """`3 learners may need you. Nothing stands out for 16 of 20, 1 is paused.` Everybody is counted once."""
    if not size:
        return gettext("Nobody is enrolled today.")
    first = gettext("Nobody needs you today.")
    if needing:
        first = gettext("%(learners)s may need you.") % {"learners": count(needing, "learner")}
    rest = []
    if unremarkable == size:
        rest.append(
            ngettext(
                "nothing stands out for the one learner", "nothing stands out for any of the %(number)s learners", size
            )
            % {"number": number(size)}
        )
    elif unremarkable:
        rest.append(
            gettext("nothing stands out for %(number)s of %(learners)s")
            % {"number": number(unremarkable), "learners": count(size, "learner")}
        )
    rest += [said % {"number": number(group)} for group, said in _groups(back, paused, unmeasured, risen) if group]
    said = ", ".join(rest)
    return f"{first} {said[0].upper()}{said[1:]}." if said else first


def moves_sentence(up: int, down: int, compared: int) -> str:
    """`Against four weeks ago: up a level 5, down 7, of 38 learners compared.` Empty where nobody can be compared."""
    if not compared:
        return ""
    told = {"learners": count(compared, "learner"), "up": number(up), "down": number(down)}
    if not up and not down:
        return gettext("Against four weeks ago: %(learners)s compared, each on the level of then.") % told
    return gettext("Against four weeks ago: %(up)s up a level, %(down)s down, of %(learners)s compared.") % told


def kept_order_sentence(judged_at: datetime, today: date) -> str:
    """Where more learners are seen than one page can judge: of when their order is, and that the named are of now."""
    moment = complete_through(judged_at, today)
    return gettext("order of all learners as of %(moment)s, those named judged anew") % {"moment": moment}


def _groups(back: int, paused: int, unmeasured: int, risen: int) -> list[tuple[int, str]]:
    return [
        (back, ngettext("%(number)s is back from leave", "%(number)s are back from leave", back)),
        (paused, ngettext("%(number)s is paused", "%(number)s are paused", paused)),
        (unmeasured, ngettext("%(number)s is too new to say", "%(number)s are too new to say", unmeasured)),
        (risen, ngettext("%(number)s has risen", "%(number)s have risen", risen)),
    ]

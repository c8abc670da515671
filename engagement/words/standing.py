"""Where a learner stands, in sentences: to a tutor about him, or to the learner himself. Figures, no verdicts."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext, gettext_lazy

from engagement.clearing import Clearing
from engagement.domain.attention import (
    ABANDONED,
    FALLEN,
    LITTLE,
    NEVER_STARTED,
    SILENT,
    Attention,
    total_points,
)
from engagement.domain.insufficient import Insufficient
from engagement.standing import BACK, NEEDING, PAUSED, RISEN, UNMEASURED, Standing
from engagement.words.dates import calendar_day, earliest
from engagement.words.numbers import count, days, number, whole

INVITATION = gettext_lazy("Your first case is waiting for you; what you do in it appears here at once.")
LEAVE = gettext_lazy("On leave or in exams? Tell your school, and these days will not count.")


def attention_sentence(attention: Attention) -> str:
    """Why somebody might look, in figures that can be checked."""
    told = _told(attention)
    if attention.kind == SILENT:
        if attention.or_more:
            return gettext("No work in the last %(days)s.") % told
        if attention.usual is None:
            return gettext("No work for %(days)s.") % told
        return gettext("No work for %(days)s; the usual gap is %(usual)s.") % told
    if attention.kind == NEVER_STARTED:
        return gettext("No work yet, %(days)s after the start.") % told
    if attention.kind == FALLEN:
        return gettext("Index down to %(score)s, from %(before)s four weeks ago.") % told
    if attention.kind == LITTLE:
        return gettext("Little work: %(active)s in the last %(days)s.") % told
    if attention.kind == ABANDONED:
        return gettext("%(cases)s left in a row, none worked to the end since.") % told
    raise ValueError(f"There are no words for {attention.kind}.")


def _told(attention: Attention) -> dict[str, object]:
    """The figures of an attention as its sentences need them."""
    return {
        "days": None if attention.days is None else days(attention.days),
        "usual": None if attention.usual is None else days(attention.usual),
        "score": None if attention.score is None else whole(attention.score),
        "before": None if attention.before is None else whole(attention.before),
        "active": None if attention.active is None else count(attention.active, "active day"),
        "cases": None if attention.cases is None else count(attention.cases, "case"),
    }


def clearing_sentence(clearing: Clearing, today: date) -> str:
    """The smallest change that would clear it, as it was tried out (engagement.clearing)."""
    if clearing.cases is not None:
        return gettext("It clears with one case worked to the end.")
    told = {"days": count(clearing.active_days, "active day"), "when": earliest(clearing.by, today)}
    if clearing.pause_from is None:
        return gettext("It clears with %(days)s like this learner's usual ones, %(when)s.") % told
    if clearing.active_days == 1:
        return gettext("It clears with one active day, or with a pause entered for leave or exams.")
    return gettext("It clears with %(days)s, %(when)s, or with a pause entered for leave or exams.") % told


def own_clearing_sentence(clearing: Clearing, today: date) -> str:
    """The same to the learner himself."""
    if clearing.cases is not None:
        return gettext("One case worked to the end clears it.")
    told = {"days": count(clearing.active_days, "active day"), "when": earliest(clearing.by, today)}
    if clearing.active_days == 1:
        return gettext("One active day clears it.")
    return gettext("%(days)s like your usual ones clear it, %(when)s.") % told


# What a reason is called where its points are told.
REASON_WORDS = {
    SILENT: gettext_lazy("silence"),
    NEVER_STARTED: gettext_lazy("no start"),
    FALLEN: gettext_lazy("fallen index"),
    LITTLE: gettext_lazy("little work"),
    ABANDONED: gettext_lazy("cases left in a row"),
}


def points_sentence(reasons: Sequence[Attention]) -> str:
    """`46 points: silence 28 · cases left in a row 18`; they add up. `14 points: silence`: a single reason has all."""
    told = [(str(REASON_WORDS[reason.kind]), number(reason.points)) for reason in reasons]
    parts = told[0][0] if len(told) == 1 else " · ".join(map(" ".join, told))
    return gettext("%(points)s: %(parts)s") % {"points": count(total_points(reasons), "point"), "parts": parts}


def own_sentences(attention: Attention) -> str:
    """The same figures to the learner himself, and what he can do: a pause is his school's to enter."""
    told = _told(attention) | {"number": attention.active, "invitation": INVITATION, "leave": LEAVE}
    if attention.kind == SILENT:
        if attention.or_more:
            return gettext("You have not worked in the last %(days)s. %(leave)s") % told
        if attention.usual is None:
            return gettext("You have not worked for %(days)s. %(leave)s") % told
        return gettext("You have not worked for %(days)s; usually you pause %(usual)s. %(leave)s") % told
    if attention.kind == NEVER_STARTED:
        return f"{INVITATION} {LEAVE}"
    if attention.kind == FALLEN:
        return (
            gettext(
                "Your index was %(before)s four weeks ago and is %(score)s today; each active day lifts it. %(leave)s"
            )
            % told
        )
    if attention.kind == LITTLE:
        return gettext("You were active on %(number)s of the last %(days)s. %(leave)s") % told
    if attention.kind == ABANDONED:
        return gettext("You left %(cases)s in a row; one worked to the end, whichever it is, changes that.") % told
    raise ValueError(f"There are no words for {attention.kind}.")


def standing_sentence(standing: Standing) -> str:
    """What stands out about a learner, as his cohort's table and his page say it."""
    today = standing.today
    if standing.kind == PAUSED:
        return gettext("Paused; counts again from %(day)s.") % {"day": calendar_day(standing.paused_until, today)}
    if standing.kind == NEEDING:
        return " ".join(attention_sentence(reason) for reason in standing.reasons)
    if standing.kind == BACK:
        return gettext("Back from leave since %(day)s.") % {"day": calendar_day(standing.back_since, today)}
    if standing.kind == UNMEASURED:
        return insufficient_sentence(standing.index)
    if standing.kind == RISEN:
        return gettext("Index up %(points)s.") % {"points": standing.change}
    return gettext("Nothing stands out.")


def own_standing_sentence(standing: Standing, *, has_begun: bool) -> str:
    """Likewise, to the learner himself; who has done nothing yet is invited, however long that is."""
    today = standing.today
    if standing.kind == PAUSED:
        return gettext("You are on a pause; your days count again from %(day)s.") % {
            "day": calendar_day(standing.paused_until, today)
        }
    if not has_begun:
        return f"{INVITATION} {LEAVE}"
    if standing.kind == NEEDING:
        return " ".join(own_sentences(reason) for reason in standing.reasons)
    if standing.kind == BACK:
        return gettext("Welcome back: your days have counted again since %(day)s.") % {
            "day": calendar_day(standing.back_since, today)
        }
    if standing.kind == RISEN:
        return gettext("Your index is up %(points)s.") % {"points": standing.change}
    return standing_sentence(standing)


def insufficient_sentence(missing: Insufficient) -> str:
    need = missing.needs[0]
    return gettext("Not enough data yet: %(have)s of %(need)s.") % {"have": number(need.have), "need": days(need.need)}

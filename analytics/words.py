"""Figures as words: plain, exact, kind. Everything a page says in a sentence is made here."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from math import floor

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from analytics.selectors.learners import CaseResult
from analytics.selectors.rush import Rush
from analytics.selectors.standing import BACK, NEEDING, PAUSED, RISEN, UNMEASURED, Standing
from engagement.domain.attention import FALL_POINTS, FALLEN, LITTLE, NEVER_STARTED, SILENT, Attention
from engagement.domain.insufficient import Insufficient

LEVEL_WORDS = {"low": "Low", "medium": "Medium", "high": "High", "very_high": "Very high"}
NO_LEVEL = "Not enough data"
TYPE_WORDS = {
    "case_view": "Case viewed",
    "case_start": "Case started",
    "case_complete": "Case completed",
    "case_abandon": "Case abandoned",
    "resource_access": "Resource opened",
    "help_request": "Help asked",
    "feedback_submit": "Feedback given",
    "navigation": "Page turned",
    "search": "Search",
    "time_spent": "Time spent",
    "competency_update": "Competency updated",
    "achievement_unlock": "Achievement unlocked",
}
PART_WORDS = {
    "type": "Kind of work",
    "time": "Time",
    "performance": "Performance",
    "consistency": "Regular weeks before",
}
INVITATION = "Your first case is waiting for you; what you do in it appears here at once."
LEAVE = "On leave or in exams? Tell your school, and these days will not count."
RELATIVE_FOR = timedelta(days=7)


def level_words(level: str | None) -> str:
    return LEVEL_WORDS.get(level, NO_LEVEL)


def type_words(interaction_type: str) -> str:
    """A type in words; types are data, so one that nobody named here reads as it is written."""
    return TYPE_WORDS.get(interaction_type) or interaction_type.replace("_", " ").capitalize()


def count(number: int, one: str, many: str = "") -> str:
    """`1 learner`, `2 learners`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def whole(score: float) -> int:
    """A score without its decimals: cut, not rounded, so that 59.97 does not read as a 60 of the level above."""
    return floor(score)


def number(value: float) -> str:
    """A figure with as many decimals as it has, one at most."""
    return f"{value:,.1f}".removesuffix(".0")


def signed(value: int) -> str:
    """A change with its sign; the minus is as wide as the plus."""
    return f"{value:+,d}".replace("-", "−") if value else "±0"


def change_words(value: int) -> str:
    """`12 points less than four weeks ago`."""
    if not value:
        return "the same as four weeks ago"
    return f"{count(abs(value), 'point')} {'more' if value > 0 else 'less'} than four weeks ago"


def duration(seconds: float) -> str:
    """`50 s`, `46 min`, `12 h 5 min`."""
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    hours, minutes = divmod(minutes, 60)
    return " ".join(filter(None, [f"{hours:,} h" if hours else "", f"{minutes} min" if minutes else ""]))


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, up to a week; then the day."""
    past = now - moment
    if past < timedelta(minutes=1):
        return "just now"
    if past < timedelta(hours=1):
        return f"{count(past // timedelta(minutes=1), 'minute')} ago"
    if past < timedelta(days=1):
        return f"{count(past // timedelta(hours=1), 'hour')} ago"
    if past < RELATIVE_FOR:
        return f"{count(past.days, 'day')} ago"
    return day(moment, now)


def day(moment: datetime, now: datetime) -> str:
    """The day in the viewer's zone, with the year unless it is this one."""
    here, this_year = timezone.localtime(moment), timezone.localtime(now).year
    return f"{here.day} {here:%b}" + ("" if here.year == this_year else f" {here.year}")


def exact(moment: datetime) -> str:
    """`Mon 23 Nov 2026, 14:32 CET` in the viewer's zone."""
    here = timezone.localtime(moment)
    return f"{here:%a} {here.day} {here:%b %Y}, {here:%H:%M %Z}"


def apportioned(total: float, parts: Mapping[str, float], decimals: int) -> dict[str, float]:
    """The parts rounded so that they add up to the rounded total: what is left over goes to the largest rests."""
    unit = 10**decimals
    scaled = {name: max(0.0, value) * unit for name, value in parts.items()}
    cut = {name: floor(value + 1e-6) for name, value in scaled.items()}
    missing = round(total * unit) - sum(cut.values())
    for name in sorted(scaled, key=lambda name: cut[name] - scaled[name])[: max(0, missing)]:
        cut[name] += 1
    return {name: value / unit for name, value in cut.items()}


def complete_through(now: datetime, today: date) -> str:
    """The viewer's clock, with its date wherever that is not the page's day."""
    here = timezone.localtime(now)
    return f"{here:%H:%M}" if here.date() == today else f"{here:%a} {here.day} {here:%b %Y}, {here:%H:%M}"


def calendar_day(value: date, today: date) -> str:
    """`5 Nov`, with the year unless it is this one."""
    return f"{value.day} {value:%b}" + ("" if value.year == today.year else f" {value.year}")


def days(value: float) -> str:
    """`1 day`, `2.5 days`."""
    return f"{number(value)} {'day' if value == 1 else 'days'}"


def attention_sentence(attention: Attention) -> str:
    """Why somebody might look, in figures that can be checked."""
    if attention.kind == SILENT:
        if attention.or_more:
            return f"No work in the last {attention.days} days."
        usual = "" if attention.usual is None else f"; the usual gap is {days(attention.usual)}"
        return f"No work for {days(attention.days)}{usual}."
    if attention.kind == NEVER_STARTED:
        return f"No work yet, {days(attention.days)} after the start."
    if attention.kind == FALLEN:
        return f"Index down to {whole(attention.score)}, from {whole(attention.before)} four weeks ago."
    if attention.kind == LITTLE:
        return f"Little work: {count(attention.active, 'active day')} in the last {days(attention.days)}."
    raise ValueError(f"There are no words for {attention.kind}.")


def clearing_sentence(attention: Attention) -> str:
    """The smallest change that would clear it."""
    if attention.kind in (SILENT, NEVER_STARTED):
        return "It clears with one active day, or with a pause entered for leave or exams."
    if attention.kind == FALLEN:
        return f"It clears when the index is within {FALL_POINTS} points of where it stood four weeks ago."
    missing = attention.days // 7 - attention.active
    return f"It clears with {count(missing, 'more active day')}, or with a pause entered for leave or exams."


def own_sentences(attention: Attention) -> str:
    """The same figures to the learner himself, and what he can do: a pause is his school's to enter."""
    if attention.kind == SILENT:
        if attention.or_more:
            return f"You have not worked in the last {attention.days} days. {LEAVE}"
        usual = "" if attention.usual is None else f"; usually you pause {days(attention.usual)}"
        return f"You have not worked for {days(attention.days)}{usual}. {LEAVE}"
    if attention.kind == NEVER_STARTED:
        return f"{INVITATION} {LEAVE}"
    if attention.kind == FALLEN:
        return (
            f"Your index was {whole(attention.before)} four weeks ago and is {whole(attention.score)} today; "
            f"each active day lifts it. {LEAVE}"
        )
    if attention.kind == LITTLE:
        return f"You were active on {attention.active} of the last {days(attention.days)}. {LEAVE}"
    raise ValueError(f"There are no words for {attention.kind}.")


def standing_sentence(standing: Standing) -> str:
    """What stands out about a learner, as his cohort's table and his page say it."""
    today = standing.today
    if standing.kind == PAUSED:
        return f"Paused; counts again from {calendar_day(standing.paused_until, today)}."
    if standing.kind == NEEDING:
        return attention_sentence(standing.attention)
    if standing.kind == BACK:
        return f"Back from leave since {calendar_day(standing.back_since, today)}."
    if standing.kind == UNMEASURED:
        return insufficient_sentence(standing.index)
    if standing.kind == RISEN:
        return f"Index up {standing.change}."
    return "Nothing stands out."


def own_standing_sentence(standing: Standing, *, has_begun: bool) -> str:
    """Likewise, to the learner himself; who has done nothing yet is invited, however long that is."""
    today = standing.today
    if standing.kind == PAUSED:
        return f"You are on a pause; your days count again from {calendar_day(standing.paused_until, today)}."
    if not has_begun:
        return f"{INVITATION} {LEAVE}"
    if standing.kind == NEEDING:
        return own_sentences(standing.attention)
    if standing.kind == BACK:
        return f"Welcome back: your days have counted again since {calendar_day(standing.back_since, today)}."
    if standing.kind == RISEN:
        return f"Your index is up {standing.change}."
    return standing_sentence(standing)


def insufficient_sentence(missing: Insufficient) -> str:
    need = missing.needs[0]
    return f"Not enough data yet: {number(need.have)} of {days(need.need)}."


def rush_question(rush: Rush) -> str:
    """A question for a talk with the learner, not a verdict."""
    told = f"{count(rush.cases, 'case')} completed in {duration(rush.seconds)}"
    told += " of active time" if rush.is_active_time else ""
    return f"{told}: worked through, or clicked through?"


def rush_figures(rush: Rush) -> str:
    """What stands behind the question."""
    return (
        f"{rush.fast} of {rush.cases} took less than {duration(rush.least)}, the least that the scoring policy "
        f"takes for work; half of all took less than {duration(rush.median)}."
    )


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
        return "Nobody is enrolled today."
    first = f"{count(needing, 'learner')} may need you." if needing else "Nobody needs you today."
    rest = []
    if unremarkable == size:
        rest.append(f"nothing stands out for {'the one learner' if size == 1 else f'any of the {size:,} learners'}")
    elif unremarkable:
        rest.append(f"nothing stands out for {unremarkable:,} of {count(size, 'learner')}")
    for group, what in ((back, "back from leave"), (paused, "paused"), (unmeasured, "too new to say")):
        if group:
            rest.append(f"{group:,} {'is' if group == 1 else 'are'} {what}")
    if risen:
        rest.append(f"{risen:,} {'has' if risen == 1 else 'have'} risen")
    said = ", ".join(rest)
    return f"{first} {said[0].upper()}{said[1:]}." if said else first

"""Figures as words: plain, exact, kind. Everything a page says in a sentence is made here."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import floor

from django.utils import timezone

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
    """`12 less than four weeks ago`."""
    if not value:
        return "the same as four weeks ago"
    return f"{abs(value)} {'more' if value > 0 else 'less'} than four weeks ago"


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


def attention_sentence(attention: Attention) -> str:
    """Why somebody might look, in figures that can be checked."""
    if attention.kind == SILENT:
        if attention.or_more:
            return f"No work in the last {attention.days} days."
        usual = "" if attention.usual is None else f"; the usual gap is {number(attention.usual)}"
        return f"No work for {count(attention.days, 'day')}{usual}."
    if attention.kind == NEVER_STARTED:
        return f"No work yet, {count(attention.days, 'day')} after the start."
    if attention.kind == FALLEN:
        return f"Index down to {whole(attention.score)}, from {whole(attention.before)} four weeks ago."
    if attention.kind == LITTLE:
        return f"Little work: {count(attention.active, 'active day')} in the last {attention.days}."
    raise ValueError(f"There are no words for {attention.kind}.")


def clearing_sentence(attention: Attention) -> str:
    """The smallest change that would clear it."""
    if attention.kind in (SILENT, NEVER_STARTED):
        return "It clears with one active day, or with a pause entered for leave or exams."
    if attention.kind == FALLEN:
        return f"It clears when the index is within {FALL_POINTS} points of where it stood four weeks ago."
    missing = attention.days // 7 - attention.active
    return f"It clears with {count(missing, 'more active day')}, or with a pause entered for leave or exams."


def insufficient_sentence(missing: Insufficient) -> str:
    need = missing.needs[0]
    return f"Not enough data yet: {number(need.have)} of {number(need.need)} days."


def summary_sentences(*, needing: int, in_rhythm: int, size: int, paused: int, unmeasured: int) -> str:
    """`3 learners may need you. 17 of 20 are in their usual rhythm.`"""
    if not size:
        return "Nobody is enrolled today."
    first = "Nothing needs you today." if not needing else f"{count(needing, 'learner')} may need you."
    rest = [f"{in_rhythm} of {count(size, 'learner')} {'is' if in_rhythm == 1 else 'are'} in their usual rhythm"]
    if paused:
        rest.append(f"{paused} {'is' if paused == 1 else 'are'} paused")
    if unmeasured:
        rest.append(f"{unmeasured} {'is' if unmeasured == 1 else 'are'} too new to say")
    return f"{first} {', '.join(rest)}."

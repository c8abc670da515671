"""A learner's timeline as texts, made before they are shown (templatetags/each.py)."""

from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from analytics import words
from analytics.moments import clock_time
from analytics.numbers import duration, fixed, number
from analytics.selectors.timeline import Entry, Session
from interactions.models import UserInteractionTrackingModel


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One interaction: when, what, its points, the parts that add up to them, and what else is known of it."""

    clock: SafeString
    what: str
    score: str
    parts: SafeString
    sum: str
    note: str


def session_lines(sessions: list[Session]) -> list[tuple[Session, list[EntryLine]]]:
    return [(session, [_line(entry) for entry in session.entries]) for session in sessions]


def _line(entry: Entry) -> EntryLine:
    row, score = entry.row, fixed(entry.row.engagement_score, 2)
    level = words.level_words(row.engagement_level).lower()
    return EntryLine(
        clock=clock_time(row.occurred_at, "clock_seconds"),
        what=_what(row),
        score=score,
        parts=_parts(entry),
        sum=gettext("%(score)s of 100, %(level)s") % {"score": score, "level": level},
        note=_note(row),
    )


def _what(row: UserInteractionTrackingModel) -> str:
    told = words.type_words(row.interaction_type)
    name = row.resource_name or row.resource_id or row.case_title or row.case_id
    return f"{told}: {name}" if name else told


def _parts(entry: Entry) -> SafeString:
    """In words, rounded so that they add up to the score."""
    parts = words.apportioned(entry.row.engagement_score, entry.parts, 2)
    told = [(str(words.PART_WORDS.get(name, name)), fixed(points, 2)) for name, points in parts.items()]
    return mark_safe("".join([f"<div><dt>{escape(name)}</dt><dd>{points}</dd></div>" for name, points in told]))


def _note(row: UserInteractionTrackingModel) -> str:
    said = []
    if row.active_seconds is not None:
        said.append(gettext("%(time)s active.") % {"time": duration(row.active_seconds)})
    if row.time_spent_seconds is not None:
        said.append(gettext("%(time)s by the clock.") % {"time": duration(row.time_spent_seconds)})
    elif row.active_seconds is None:
        said.append(gettext("No time told."))
    if row.performance is not None:
        said.append(gettext("Performance %(performance)s of 100.") % {"performance": number(row.performance)})
    if row.help_request_type:
        said.append(f"{gettext('Help')}: {words.help_words(row.help_request_type)}.")
    if row.specialty:
        difficulty = words.difficulty_words(row.difficulty) if row.difficulty else ""
        said.append(f"{', '.join(filter(None, [row.specialty, difficulty]))}.")
    return " ".join([*said, gettext("Policy %(version)s.") % {"version": row.policy_version}])

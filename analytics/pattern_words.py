"""What a pattern rests on, figure by figure in words: the part of a finding that is folded away on a page."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext, gettext_lazy

from analytics.cells import span_cell
from analytics.charts import Cell, Figure
from analytics.dates import full_day
from analytics.numbers import duration, fixed, number, share
from engagement.domain.patterns import archetype

# In the order of a page.
ORDER = (
    "archetype",
    "weekly_anomaly",
    "change_point",
    "trend",
    "abandonment_loop",
    "shallow_completion",
    "help_abuse",
    "help_avoidance",
    "binge_then_silence",
    "cramming",
    "burst",
    "streak",
    "regularity",
    "preferred_days",
    "preferred_hours",
    "sessions",
)
TO_TALK_ABOUT, GOING_WELL, WAYS = "to talk about", "going well", "ways"
_NEUTRAL = {"streak", "regularity", "preferred_days", "preferred_hours", "sessions"}
_NEUTRAL_ARCHETYPES = {archetype.SPORADIC: WAYS, archetype.STEADY: GOING_WELL}
# Strengths that a pattern tells too, with what it rests on.
PATTERN_OF_STRENGTH = {"streak": "streak", "rising": "trend"}
KIND_WORDS = {
    "sessions": gettext_lazy("Sessions"),
    "preferred_hours": gettext_lazy("Preferred hours"),
    "preferred_days": gettext_lazy("Preferred weekdays"),
    "regularity": gettext_lazy("Regularity"),
    "streak": gettext_lazy("Days in a row"),
    "burst": gettext_lazy("A day of far more than usual"),
    "cramming": gettext_lazy("Much work in few days"),
    "binge_then_silence": gettext_lazy("Silence after much work"),
    "trend": gettext_lazy("A trend of active days"),
    "change_point": gettext_lazy("A change of pace"),
    "weekly_anomaly": gettext_lazy("An unusual week"),
    "shallow_completion": gettext_lazy("Cases completed in little time"),
    "help_abuse": gettext_lazy("Help asked in a hurry"),
    "help_avoidance": gettext_lazy("No help on hard cases"),
    "abandonment_loop": gettext_lazy("Cases begun and left"),
    "archetype": gettext_lazy("Way of working"),
    "returned": gettext_lazy("Back after a silence"),
    "risen": gettext_lazy("Risen index"),
    "regular": gettext_lazy("Regular weeks"),
    "depth": gettext_lazy("Depth"),
    "sees_through": gettext_lazy("Cases worked to the end"),
    "mastery": gettext_lazy("Mastery"),
}
# What each figure is called. Figures that only steer the sentence are left out.
_LABELS = {
    "active_days": gettext_lazy("Active days"),
    "active_days_after": gettext_lazy("Active days a week since"),
    "active_days_before": gettext_lazy("Active days a week before"),
    "active_days_by_week": gettext_lazy("Active days, week by week"),
    "active_days_by_weekday": gettext_lazy("Active days, Monday to Sunday"),
    "active_days_on_them": gettext_lazy("Active days on them"),
    "active_days_since": gettext_lazy("Active days since"),
    "active_hours": gettext_lazy("Hours with work"),
    "active_weeks": gettext_lazy("Weeks with work, of 4"),
    "all_changes": gettext_lazy("All changes, by the week in which they began"),
    "attempts": gettext_lazy("Scored attempts"),
    "attempts_that_went_badly": gettext_lazy("Attempts that went badly in a field not mastered"),
    "attempts_without_help": gettext_lazy("Attempts without help among them"),
    "burst_day": gettext_lazy("The day of much work"),
    "cases": gettext_lazy("Cases worked on"),
    "cases_begun_again": gettext_lazy("Cases begun again"),
    "cases_with_hurried_help": gettext_lazy("Cases with hurried help"),
    "changed_on": gettext_lazy("First week of the new pace"),
    "cohort_factor": gettext_lazy("The cohort's own week, as a factor"),
    "completed": gettext_lazy("Completed cases"),
    "crammed_days": gettext_lazy("The fullest days"),
    "current_days": gettext_lazy("Days in a row now"),
    "days": gettext_lazy("Days"),
    "depth_part": gettext_lazy("Depth of the index"),
    "deadline": gettext_lazy("Deadline"),
    "default_seconds": gettext_lazy("The policy's least time"),
    "ended": gettext_lazy("Cases that were ended"),
    "expected_interactions": gettext_lazy("Interactions expected"),
    "from_hour": gettext_lazy("From"),
    "given_up": gettext_lazy("Cases left before the end"),
    "hour_concentration": gettext_lazy("How few hours hold the work"),
    "hurried_requests": gettext_lazy("Hurried requests"),
    "interactions": gettext_lazy("Interactions"),
    "judged_by_default": gettext_lazy("Cases judged by the policy's least time"),
    "largest_points": gettext_lazy("Points of the fullest day"),
    "last_active_day": gettext_lazy("Last active day"),
    "learners_tested": gettext_lazy("Learners looked at together"),
    "limit_days": gettext_lazy("Silence is told from, days"),
    "long_gap_days": gettext_lazy("A long gap, days"),
    "longest_days": gettext_lazy("Longest run of the days looked at"),
    "longest_seconds": gettext_lazy("Longest session"),
    "looking_share": gettext_lazy("Interactions that only look"),
    "mastery": gettext_lazy("Expected score"),
    "mean_result": gettext_lazy("Mean result, of 100"),
    "median_rapid_seconds": gettext_lazy("Half of the quick ones took at most"),
    "median_seconds": gettext_lazy("Half of the sessions lasted at least"),
    "most_attempts_at_one": gettext_lazy("Most attempts at one case"),
    "of_one_interaction": gettext_lazy("Sessions of a single interaction"),
    "p": gettext_lazy("Chance of as much by accident"),
    "peak_hour": gettext_lazy("How alike days are by the hour"),
    "peak_weekday": gettext_lazy("How alike weeks are by the weekday"),
    "points": gettext_lazy("Points"),
    "points_by_day": gettext_lazy("Points of these days"),
    "q": gettext_lazy("Share of false alarms among such findings"),
    "rapid": gettext_lazy("Completed in little time"),
    "regularity_part": gettext_lazy("Regularity of the index"),
    "results": gettext_lazy("Scored cases"),
    "same_amounts": gettext_lazy("Two weeks are alike in how much"),
    "same_days": gettext_lazy("Two weeks share of their days"),
    "same_profile": gettext_lazy("Two weeks are alike in their weekdays"),
    "sessions": gettext_lazy("Sessions"),
    "sessions_inside": gettext_lazy("Sessions begun in these hours"),
    "sessions_per_week": gettext_lazy("Sessions a week"),
    "share": gettext_lazy("Share"),
    "share_lower": gettext_lazy("Share left, at the least"),
    "silent_days": gettext_lazy("Silent days"),
    "slope_days_per_week": gettext_lazy("Change of active days from week to week"),
    "slope_high": gettext_lazy("At the most"),
    "slope_low": gettext_lazy("At the least"),
    "specialty": gettext_lazy("Specialty"),
    "tau": gettext_lazy("How steady the trend is, -1 to 1"),
    "to_hour": gettext_lazy("To"),
    "usual_points": gettext_lazy("Points of the usual day"),
    "weekday_entropy": gettext_lazy("How evenly weekdays are used"),
    "weekdays": gettext_lazy("Weekdays"),
    "weekly_rhythm": gettext_lazy("How well one week tells the next"),
    "weeks": gettext_lazy("Whole weeks looked at"),
    "weeks_after": gettext_lazy("Weeks since"),
    "weeks_before": gettext_lazy("Interactions of the weeks before"),
    "weeks_with_four_active_days": gettext_lazy("Weeks in a row with four active days"),
    "zero_days": gettext_lazy("Days of 14 without work"),
}
# They choose the words of a sentence, or stand in the line about what was looked at.
_UNTOLD = {"archetype", "because", "direction", "first_day", "last_day", "mostly_given_up", "still_silent"}
_SHARES = {
    "depth_part",
    "hour_concentration",
    "looking_share",
    "mastery",
    "peak_hour",
    "peak_weekday",
    "q",
    "regularity_part",
    "same_amounts",
    "same_days",
    "same_profile",
    "share",
    "share_lower",
    "weekday_entropy",
}
_TINY = {"p", "tau", "weekly_rhythm", "cohort_factor"}


def place_of(kind: str, evidence: Mapping[str, Any]) -> str:
    """Where a finding stands on the page: a question to talk about, something that goes well, or a way of working."""
    if kind in _NEUTRAL:
        return WAYS
    if kind == "archetype":
        return _NEUTRAL_ARCHETYPES.get(evidence["archetype"], TO_TALK_ABOUT)
    return GOING_WELL if evidence.get("direction") == "up" else TO_TALK_ABOUT


def kind_words(kind: str) -> str:
    return str(KIND_WORDS.get(kind) or _plain(kind))


def evidence_words(evidence: Mapping[str, Any]) -> list[tuple[str, Cell]]:
    """(what it is, the figure with its unit) of each figure behind a finding, in its own order."""
    return [
        (str(_LABELS.get(name) or _plain(name)), _value_cell(name, value))
        for name, value in evidence.items()
        if name not in _UNTOLD and value is not None and value != []
    ]


def looked_at(evidence: Mapping[str, Any]) -> Figure:
    """The days a detector looked at."""
    return span_cell(evidence["first_day"], evidence["last_day"])


def _value_cell(name: str, value: Any) -> Cell:
    """Days are exported in ISO 8601; what else there is, as it is read."""
    days = value if isinstance(value, list | tuple) else [value]
    words = _value_words(name, value)
    if all(isinstance(day, date) for day in days):
        return Figure(" ".join(day.isoformat() for day in days), words)
    return words


def _plain(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _value_words(name: str, value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_value_words(name, inner) for inner in value)
    if value is None:
        return "–"
    if name == "weekdays":
        return str(WEEKDAYS[value])
    if isinstance(value, date):
        return full_day(value)
    if name.endswith("_hour"):
        return f"{value:02d}:00" if isinstance(value, int) else share(value, 1)
    if name.endswith("_seconds"):
        return duration(value)
    if name in _SHARES:
        return share(value, 1)
    if name in _TINY:
        return gettext("below %(least)s") % {"least": fixed(0.001, 3)} if 0 < value < 0.001 else fixed(value, 3)
    return str(value) if isinstance(value, str) else number(value)

"""Patterns in words: one for each detector, in both persons, with figures and without verdicts."""

import ast
import inspect
import re
from datetime import date

import pytest
from django.utils import translation

from engagement.domain.insufficient import Insufficient, Need
from engagement.domain.patterns import (
    abandonment,
    anomalies,
    bursts,
    changes,
    cramming,
    help,
    regularity,
    runs,
    shallow,
    timing,
    trends,
)
from engagement.domain.patterns import archetype as ways
from engagement.domain.patterns.finding import Finding
from engagement.domain.patterns.table import DETECTORS
from engagement.words.patterns import NEEDS, WORDS, pattern_words

MONDAY, SUNDAY = date(2026, 3, 9), date(2026, 3, 15)
SPAN = {"first_day": MONDAY, "last_day": SUNDAY}
EVIDENCE = {
    "sessions": {"sessions": 14, "sessions_per_week": 3.5, "median_seconds": 1500.0},
    "preferred_hours": {"from_hour": 22, "to_hour": 1, "sessions_inside": 18, "sessions": 24},
    "preferred_days": {"weekdays": [0, 3], "active_days_on_them": 12, "active_days": 14},
    "regularity": {"same_profile": 0.7, "same_days": 0.5, "weeks": 12},
    "streak": {"current_days": 5, "longest_days": 9, "weeks_with_four_active_days": 2},
    "burst": {"days": [date(2025, 12, 30), MONDAY], "largest_points": 300.0, "usual_points": 100.0},
    "cramming": {"share": 0.75, "crammed_days": [MONDAY, SUNDAY], "zero_days": 9},
    "binge_then_silence": {"burst_day": MONDAY, "silent_days": 9, "long_gap_days": 2.0},
    "trend": {"direction": "down", "slope_days_per_week": -0.54, "active_days_by_week": [6, 5, 5, 4, 4, 3, 3, 2]},
    "change_point": {"changed_on": MONDAY, "active_days_before": 5.25, "active_days_after": 1.0},
    "weekly_anomaly": {"interactions": 2, "expected_interactions": 38.6},
    "shallow_completion": {"rapid": 6, "completed": 8, "median_rapid_seconds": 40.0},
    "help_abuse": {"cases_with_hurried_help": 2, "cases": 5},
    "help_avoidance": {"attempts_without_help": 3, "attempts_that_went_badly": 5},
    "abandonment_loop": {"mostly_given_up": False, "most_attempts_at_one": 4, "cases_begun_again": ["c-1"]},
    "archetype": {"archetype": "steady", "active_days": 16, "active_weeks": 4},
}
TOLD = {
    "sessions": "Lena worked in 14 sessions, about 3.5 a week; half of them lasted 25 min or longer.",
    "preferred_hours": "Lena most often begins between 22:00 and 01:00: 18 of 24 sessions.",
    "preferred_days": "Lena works mostly on Monday, Thursday: 12 of 14 active days.",
    "regularity": "Lena's weeks are much alike: any two of 12 weeks have 50% of their days in common.",
    "streak": "Lena has been active 5 days in a row.",
    "burst": "Lena did far more than usual on 30 December 2025, 9 March: up to 300 points; the usual day has 100.",
    "cramming": "Lena did 75% of a fortnight's work from 9 March to 15 March; 9 of 14 days had none.",
    "binge_then_silence": "After much more work than usual on 9 March, "
    "Lena was silent for 9 days; a long gap is 2 days.",
    "trend": "Lena's active days a week are falling by about 0.5 days a week: 6, 5, 5, 4, 4, 3, 3, 2.",
    "change_point": "Lena's active days a week: 1 since the week of 9 March, 5.3 before.",
    "weekly_anomaly": "Lena's week of 9 March had 2 interactions, where about 39 are usual in such a week.",
    "shallow_completion": "Lena completed 6 of 8 cases in little time (half within 40 s). What happened?",
    "help_abuse": "On 2 of 5 cases Lena asked for more help before the last can have been read.",
    "help_avoidance": "Lena asked for no help on 3 of 5 cases that proved hard. Would a hint have been of use?",
    "abandonment_loop": "Lena began a case up to 4 times without completing it: c-1.",
    "archetype": "Lena works steadily: active on 16 of the last 28 days, in 4 of 4 weeks.",
}


def words(kind, name="Lena", **more):
    return pattern_words(kind, Finding(0.5, SPAN | EVIDENCE[kind] | more), name=name)


def test_every_detector_has_its_words():
    assert {kind: words(kind) for kind in WORDS} == TOLD
    assert WORDS.keys() == {detector.kind for detector in DETECTORS}


@pytest.mark.parametrize("kind", list(WORDS))
def test_to_the_learner_it_is_said_in_the_second_person(kind):
    told = words(kind, name=None)
    assert re.search(r"\b[Yy]our?\b", told)
    assert re.findall(r"\d+", told) == re.findall(r"\d+", words(kind))


@pytest.mark.parametrize(
    ("kind", "more", "part"),
    [
        ("trend", {"direction": "up"}, "rising"),
        ("regularity", {"same_profile": 0.3}, "other days each week"),
        ("streak", {"current_days": 1}, "full weeks in a row: 2"),
        ("abandonment_loop", {"mostly_given_up": True, "given_up": 8, "ended": 9}, "left 8 of 9 cases"),
        *(("archetype", {"archetype": way}, "Lena ") for way in (ways.FADING, ways.CRAMMER, ways.STRUGGLING)),
        *(("archetype", {"archetype": way}, "Lena ") for way in (ways.PASSIVE, ways.SPORADIC)),
    ],
)
def test_what_else_a_finding_may_say(kind, more, part):
    assert part in words(kind, **more)


GERMAN = {
    "sessions": ({"sessions": 1400}, "1.400"),
    "burst": ({"largest_points": 1300.5}, "1.300,5"),
    "trend": ({}, "0,5 Tage"),
    "change_point": ({}, "9. März"),
    "weekly_anomaly": ({"interactions": 2000}, "2.000"),
}


@pytest.mark.parametrize(("kind", "more", "part"), [(kind, *told) for kind, told in GERMAN.items()])
def test_numbers_and_days_are_written_in_the_readers_language(kind, more, part):
    with translation.override("de"):
        assert part in words(kind, **more)


def test_a_name_with_a_percent_sign_is_a_name():
    assert words("archetype", name="100%(n)s").startswith("100%(n)s works steadily")


def test_nothing_found_is_not_said_to_be_stable():
    assert pattern_words("trend", None, name="Lena") == (
        "Looked, and nothing stood out. That does not say that nothing changed."
    )


def test_too_little_data_is_told_with_what_is_short():
    missing = Insufficient((Need("complete weeks", 3, 8), Need("points in 14 counting days", 12.5, 300.0)))
    assert pattern_words("trend", missing, name=None) == (
        "Too little data yet: 3 of 8 complete weeks, 12.5 of 300 points in 14 counting days."
    )


def test_everything_that_can_be_short_can_be_translated():
    modules = (abandonment, anomalies, bursts, changes, cramming, help, regularity, runs, shallow, timing, trends, ways)
    named = {
        need.elts[0].value
        for module in modules
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "short_of"
        for need in node.args
    }
    assert named == set(NEEDS)

"""Figures as words."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from analytics import words
from analytics.selectors.learners import CaseResult
from engagement.clearing import Clearing
from engagement.domain.attention import Attention
from engagement.domain.insufficient import Insufficient, Need

NOW = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("past", "said"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=6, hours=23), "6 days ago"),
        (timedelta(days=7), "9 Mar"),
        (timedelta(days=100), "6 Dec 2025"),
    ],
)
def test_times_are_relative_up_to_a_week(past, said):
    assert words.ago(NOW - past, NOW) == said


def test_an_exact_time_names_the_viewers_zone():
    with timezone.override(ZoneInfo("Asia/Kolkata")):
        assert words.exact(NOW) == "Mon 16 Mar 2026, 17:30 IST"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (59.4, "59 s"), (60, "1 min"), (2760, "46 min"), (3600, "1 h"), (3900, "1 h 5 min"), (3599, "1 h")],
)
def test_durations_carry_their_units(seconds, said):
    assert words.duration(seconds) == said


@pytest.mark.parametrize(("score", "shown"), [(59.97, 59), (60.0, 60), (0.0, 0), (100.0, 100)])
def test_a_score_is_cut_so_that_it_never_contradicts_its_level(score, shown):
    assert words.whole(score) == shown


@pytest.mark.parametrize(
    ("total", "parts", "decimals", "shown"),
    [
        (62, {"a": 31.4, "b": 22.5, "c": 8.94}, 0, {"a": 31, "b": 22, "c": 9}),
        (62.84, {"a": 31.404, "b": 22.495, "c": 8.941}, 2, {"a": 31.40, "b": 22.50, "c": 8.94}),
        (10, {"a": 3.333333, "b": 3.333333, "c": 3.333334}, 2, {"a": 3.33, "b": 3.33, "c": 3.34}),
        (0, {"a": 0.0, "b": 0.0}, 0, {"a": 0, "b": 0}),
    ],
)
def test_parts_add_up_to_what_is_shown(total, parts, decimals, shown):
    assert words.apportioned(total, parts, decimals) == pytest.approx(shown)
    assert sum(words.apportioned(total, parts, decimals).values()) == pytest.approx(total)


@pytest.mark.parametrize(
    ("attention", "said"),
    [
        (Attention("silent", days=9, usual=2.0), "No work for 9 days; the usual gap is 2 days."),
        (Attention("silent", days=15), "No work for 15 days."),
        (Attention("silent", days=84, or_more=True), "No work in the last 84 days."),
        (Attention("never_started", days=12), "No work yet, 12 days after the start."),
        (Attention("fallen", score=38.4, before=71.9), "Index down to 38, from 71 four weeks ago."),
        (Attention("little", days=28, active=3), "Little work: 3 active days in the last 28 days."),
        (Attention("abandoned", cases=2), "2 cases left in a row, none worked to the end since."),
    ],
)
def test_attention_is_told_in_figures(attention, said):
    assert words.attention_sentence(attention) == said


SUNDAY, MONDAY = date(2026, 3, 22), date(2026, 3, 16)


@pytest.mark.parametrize(
    ("clearing", "said"),
    [
        (Clearing(None, 1, MONDAY, None, 0), "It clears with one case worked to the end."),
        (
            Clearing(1, None, MONDAY, MONDAY, 0),
            "It clears with one active day, or with a pause entered for leave or exams.",
        ),
        (
            Clearing(3, None, SUNDAY, MONDAY, 0),
            "It clears with 3 active days, on 22 Mar at the earliest, or with a pause entered for leave or exams.",
        ),
        (
            Clearing(3, None, SUNDAY, None, 0),
            "It clears with 3 active days like this learner's usual ones, on 22 Mar at the earliest.",
        ),
        (
            Clearing(1, None, MONDAY, None, 0),
            "It clears with 1 active day like this learner's usual ones, today at the earliest.",
        ),
    ],
)
def test_what_clears_is_told_as_it_was_tried(clearing, said):
    assert words.clearing_sentence(clearing, MONDAY) == said


def test_points_add_up_as_they_are_told():
    reasons = (Attention("silent", days=9, limit=7.0), Attention("abandoned", cases=2))
    assert words.points_sentence(reasons) == "46 points: silence 28 · cases left in a row 18"


def test_a_single_reason_has_all_the_points_and_tells_them_once():
    assert words.points_sentence((Attention("silent", days=9, limit=7.0),)) == "28 points: silence"


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((20, 3, 17), "3 learners may need you. Nothing stands out for 17 of 20 learners."),
        ((1, 0, 1), "Nobody needs you today. Nothing stands out for the one learner."),
        ((8, 0, 8), "Nobody needs you today. Nothing stands out for any of the 8 learners."),
        ((1, 1, 0), "1 learner may need you."),
        (
            (12, 1, 5, 2, 1, 1, 2),
            "1 learner may need you. Nothing stands out for 5 of 12 learners, 2 are back from leave, 1 is paused, "
            "2 are too new to say, 1 has risen.",
        ),
        ((1, 0, 0, 0, 0, 1), "Nobody needs you today. 1 is paused."),
        ((0, 0, 0), "Nobody is enrolled today."),
    ],
)
def test_the_sentence_of_a_cohort_counts_everybody_once(counts, said):
    names = ("size", "needing", "unremarkable", "back", "risen", "paused", "unmeasured")
    assert words.summary_sentences(**dict(zip(names, counts, strict=False))) == said


LEAVE = "On leave or in exams? Tell your school, and these days will not count."


@pytest.mark.parametrize(
    ("attention", "said"),
    [
        (Attention("silent", days=18, usual=2.0), "You have not worked for 18 days; usually you pause 2 days."),
        (Attention("silent", days=18, usual=1.0), "You have not worked for 18 days; usually you pause 1 day."),
        (Attention("silent", days=84, or_more=True), "You have not worked in the last 84 days."),
        (
            Attention("never_started", days=12),
            "Your first case is waiting for you; what you do in it appears here at once.",
        ),
        (
            Attention("fallen", score=38.4, before=71.9),
            "Your index was 71 four weeks ago and is 38 today; each active day lifts it.",
        ),
        (Attention("little", days=28, active=3), "You were active on 3 of the last 28 days."),
    ],
)
def test_a_learner_is_spoken_to_and_sent_to_his_school_for_a_pause(attention, said):
    assert words.own_sentences(attention) == f"{said} {LEAVE}"


@pytest.mark.parametrize(
    ("zone", "said"),
    [("UTC", "23:30"), ("Europe/Berlin", "Tue 17 Mar 2026, 00:30"), ("America/New_York", "19:30")],
)
def test_a_clock_on_another_day_carries_its_date(zone, said):
    now = datetime(2026, 3, 16, 23, 30, tzinfo=UTC)
    with timezone.override(ZoneInfo(zone)):
        assert words.complete_through(now, date(2026, 3, 16)) == said


def test_too_little_data_says_how_much_is_there():
    missing = Insufficient((Need("counting days", 3, 7),))
    assert words.insufficient_sentence(missing) == "Not enough data yet: 3 of 7 days."


def test_a_type_that_nobody_named_reads_as_it_is_written():
    assert (words.type_words("case_start"), words.type_words("peer_review")) == ("Case started", "Peer review")


@pytest.mark.parametrize(
    ("starts", "completions", "abandonments", "inferred", "said"),
    [
        (0, 0, 0, 0, "looked at"),
        (1, 0, 0, 0, "started, not finished"),
        (1, 0, 0, 1, "started, not ended since 5 Mar"),
        (2, 0, 1, 0, "abandoned"),
        (2, 0, 1, 1, "abandoned; started again, not ended since 5 Mar"),
        (2, 1, 1, 0, "completed"),
        (3, 2, 0, 1, "completed 2 times; started again, not ended since 5 Mar"),
    ],
)
def test_a_case_left_without_a_word_is_told_as_what_was_seen(starts, completions, abandonments, inferred, said):
    now, since = datetime(2026, 3, 16, 12, tzinfo=UTC), datetime(2026, 3, 5, 9, tzinfo=UTC)
    case = CaseResult("a", "A", starts, completions, abandonments, inferred, since if inferred else None, None, 3, now)
    assert words.case_result(case, now) == said

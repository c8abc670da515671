"""Who may need somebody: each rule at its edge, and in which order."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from engagement.domain.attention import (
    FALL_POINTS,
    Attention,
    attention_for,
    attention_order,
    reasons_for,
    rhythm_of,
    total_points,
)
from engagement.domain.case_ends import CaseEnds
from engagement.domain.index import WINDOW_DAYS, engagement_indexes
from engagement.domain.tenure import Tenure

TODAY = date(2026, 3, 16)
LONG_AGO = Tenure(date(2025, 9, 1))


def days(*ago: int) -> list[date]:
    return [TODAY - timedelta(days=days) for days in ago]


def attention(*ago: int, tenure=LONG_AGO, score=50.0, before=50.0):
    return attention_for(active_days=days(*ago), tenure=tenure, today=TODAY, score=score, score_before=before)


EVERY_OTHER_DAY = range(9, 60, 2)


def test_silence_is_measured_against_the_learners_own_gaps():
    assert attention(*EVERY_OTHER_DAY) == Attention("silent", days=9, usual=2.0, limit=7.0)


def test_a_learner_who_works_weekly_is_not_silent_after_nine_days():
    assert attention(*range(9, 84, 7), 1 + 9 + 7) is None


@pytest.mark.parametrize(("ago", "found"), [(7, None), (8, Attention("silent", days=8, usual=1.0, limit=7.0))])
def test_nobody_is_silent_within_a_week(ago, found):
    assert attention(*range(ago, ago + 20)) == found


@pytest.mark.parametrize(("ago", "found"), [(14, None), (15, Attention("silent", days=15, limit=14.0))])
def test_without_a_known_rhythm_a_fortnight_is_the_limit(ago, found):
    """Four gaps are too few to know a rhythm by."""
    assert attention(*range(ago, ago + 5)) == found


def test_leave_stops_the_clock_of_silence():
    on_leave = Tenure(LONG_AGO.start, [(TODAY - timedelta(days=30), TODAY - timedelta(days=2))])
    before_leave = range(31, 60)
    assert attention(*before_leave, tenure=on_leave) is None
    assert attention(*before_leave) == Attention("silent", days=31, usual=1.0, limit=7.0)


@pytest.mark.parametrize("seed", range(20))
def test_the_limit_is_twice_the_90th_percentile_of_the_gaps_as_numpy_counts_it(seed):
    ages = sorted(np.random.default_rng(seed).choice(400, size=6 + 3 * seed, replace=False).tolist())
    gaps = np.diff(ages)
    assert rhythm_of(ages) == (max(7.0, 2 * float(np.percentile(gaps, 90))), float(np.median(gaps)))


def test_a_gap_of_leave_is_no_gap_of_the_rhythm():
    """Nine days of silence are long for somebody who works daily, however long his leave was."""
    leave = Tenure(LONG_AGO.start, [(TODAY - timedelta(days=50), TODAY - timedelta(days=15))])
    found = attention(*range(9, 15), *range(51, 60), tenure=leave)
    assert found == Attention("silent", days=9, usual=1.0, limit=7.0)


def test_nobody_on_leave_today_is_asked_to_work():
    on_leave = Tenure(LONG_AGO.start, [(TODAY, TODAY + timedelta(days=1))])
    assert attention(tenure=on_leave, score=0.0, before=90.0) is None


@pytest.mark.parametrize(("since", "found"), [(5, None), (6, Attention("never_started", days=7, limit=7.0))])
def test_a_newcomer_has_a_week_to_start(since, found):
    assert attention(tenure=Tenure(TODAY - timedelta(days=since)), score=None, before=None) == found


def test_who_worked_only_before_the_time_looked_at_is_silent_and_no_newcomer():
    assert attention(100, 101) == Attention("silent", days=84, or_more=True, limit=14.0)


def test_what_lies_further_back_changes_nothing():
    """A cohort's table reads 84 days, the learner's page all of them: both must say the same."""
    near = [*EVERY_OTHER_DAY]
    assert attention(*near, *range(90, 300, 30)) == attention(*near)


@pytest.mark.parametrize(
    ("score", "before", "found"),
    [(50.0, 69.99, None), (50.0, 70.0, Attention("fallen", score=50.0, before=70.0)), (50.0, None, None)],
)
def test_an_index_may_fall_twenty_points_before_somebody_is_told(score, before, found):
    assert attention(*range(1, 20), score=score, before=before) == found


def test_five_quiet_days_of_a_steady_learner_are_an_ordinary_week_and_seven_are_not():
    """The threshold against the index itself: a case a day, four days a week, then nothing for some days."""
    weeks = np.array([120.0 if day % 7 < 4 else 0.0 for day in range(60)])
    histories = np.array([np.concatenate([np.zeros(quiet), weeks])[:WINDOW_DAYS] for quiet in (0, 5, 7)])
    before, five, seven = engagement_indexes(histories, histories / 2, np.full(3, WINDOW_DAYS)).score
    assert before - five < FALL_POINTS < before - seven


@pytest.mark.parametrize(
    ("ago", "found"), [((1, 8, 15), Attention("little", days=28, active=3)), ((1, 8, 15, 22), None)]
)
def test_less_than_one_active_day_a_week_is_little(ago, found):
    assert attention(*ago, score=10.0, before=10.0) == found


def test_little_needs_two_weeks_to_be_seen():
    assert attention(1, tenure=Tenure(TODAY - timedelta(days=12)), score=10.0, before=None) is None
    assert attention(1, tenure=Tenure(TODAY - timedelta(days=13)), score=10.0, before=None) == Attention(
        "little", days=14, active=1
    )


def test_a_low_level_alone_is_no_reason():
    assert attention(*range(1, 28, 6), score=20.0, before=20.0) is None


def test_somebody_who_never_began_and_has_no_enrolment_needs_nobody():
    assert attention(tenure=Tenure(None), score=None, before=None) is None


def test_the_order_is_more_points_then_the_lower_index_and_the_unknown_last():
    silent, fallen = Attention("silent", days=9, limit=7.0), Attention("fallen", score=40.0, before=70.0)
    abandoned = Attention("abandoned", cases=2)
    rows = [
        ("unknown", (), None),
        ("high", (), 90.0),
        ("low", (), 20.0),
        ("little", (Attention("little", days=28, active=1),), 5.0),
        ("fallen", (fallen,), 40.0),
        ("gave up", (abandoned,), 60.0),
        ("fallen and gave up", (abandoned, fallen), 40.0),
        ("never", (Attention("never_started", days=9, limit=7.0),), 0.0),
        ("silent", (silent,), 30.0),
        ("silent and gave up", (silent, abandoned), 38.0),
        ("silent for long", (Attention("silent", days=30, limit=7.0),), 2.0),
    ]
    ordered = sorted(rows, key=lambda row: attention_order(row[1], row[2]))
    assert [(name, total_points(reasons)) for name, reasons, _ in ordered] == [
        ("silent for long", 60),
        ("silent and gave up", 46),
        ("fallen and gave up", 30),
        ("never", 28),
        ("silent", 28),
        ("gave up", 18),
        ("fallen", 12),
        ("little", 9),
        ("low", 0),
        ("high", 0),
        ("unknown", 0),
    ]


@pytest.mark.parametrize("limit", [7.0, 9.2, 14.0, 30.0])
def test_more_of_the_same_is_never_fewer_points(limit):
    """And the worst of one is bounded: no learner is all points for one thing."""
    ranges = [
        [Attention(kind, days=days, limit=limit) for days in range(int(limit) + 1, 85)]
        for kind in ("silent", "never_started")
    ]
    ranges += [
        [Attention("fallen", score=90 - drop, before=90.0) for drop in np.arange(20.0, 90.0, 0.5)],
        [Attention("little", days=28, active=active) for active in (3, 2, 1)],
        [Attention("abandoned", cases=cases) for cases in range(2, 9)],
    ]
    for reasons, least, most in zip(ranges, (20, 20, 10, 3, 18), (60, 60, 19, 9, 30), strict=True):
        points = [reason.points for reason in reasons]
        assert points == sorted(points)
        assert least <= points[0] <= points[-1] <= most


def reasons(ends: dict[int, CaseEnds], *ago: int, tenure=LONG_AGO):
    case_ends = {TODAY - timedelta(days=day): found for day, found in ends.items()}
    return reasons_for(
        active_days=days(*ago), case_ends=case_ends, tenure=tenure, today=TODAY, score=50.0, score_before=50.0
    )


def at(hour: int) -> datetime:
    return datetime(2026, 3, 10, hour, tzinfo=UTC)


LEFT = CaseEnds(1, at(9), at(9))


def test_two_cases_left_in_a_row_and_a_silence_add_up():
    assert reasons({9: LEFT, 11: LEFT}, *EVERY_OTHER_DAY) == (
        Attention("silent", days=9, usual=2.0, limit=7.0),
        Attention("abandoned", cases=2),
    )
    assert total_points(reasons({9: LEFT, 11: LEFT}, *EVERY_OTHER_DAY)) == 28 + 18


@pytest.mark.parametrize(
    ("ends", "cases"),
    [
        ({1: LEFT}, None),
        ({1: LEFT, 2: CaseEnds(last_completed=at(9)), 3: LEFT}, None),
        ({1: LEFT, 2: LEFT, 3: CaseEnds(last_completed=at(9)), 4: LEFT}, 2),
        ({1: CaseEnds(3, at(9), at(11), at(8))}, 3),
        ({1: CaseEnds(3, at(9), at(11), at(12))}, None),
        # Between the first and the last: one came after it, more is not known.
        ({1: LEFT, 2: CaseEnds(3, at(9), at(11), at(10))}, 2),
        ({27: LEFT, 28: LEFT}, None),
    ],
)
def test_cases_left_count_since_the_last_one_worked_to_its_end_within_four_weeks(ends, cases):
    found = reasons(ends, *range(1, 28, 2))
    assert found == (() if cases is None else (Attention("abandoned", cases=cases),))


def test_on_leave_nothing_counts():
    on_leave = Tenure(LONG_AGO.start, [(TODAY, TODAY + timedelta(days=1))])
    assert reasons({1: LEFT, 2: LEFT}, 30, tenure=on_leave) == ()

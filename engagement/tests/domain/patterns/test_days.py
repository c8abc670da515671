"""What single days say: streaks, bursts, silence after them, cramming."""

from datetime import timedelta

import pytest

from engagement.domain.insufficient import Insufficient, Need
from engagement.domain.patterns.bursts import binge_then_silence, burst
from engagement.domain.patterns.cramming import cramming
from engagement.domain.patterns.runs import streak
from engagement.tests.domain.patterns.history import LAST, history, weeks_of

EVERY_OTHER = [100.0, 0.0] * 12


def test_a_burst_is_three_usual_days_and_two_hundred_points():
    assert burst(history([*EVERY_OTHER, 299.0])) is None
    found = burst(history([*EVERY_OTHER, 300.0], told=[(0, 9, "case_complete", {}), (2, 9, "search", {})]))
    assert found.evidence["days"] == [LAST]
    assert (found.evidence["usual_points"], found.evidence["largest_points"]) == (100.0, 300.0)
    assert found.strength == pytest.approx(2 / 3)
    assert found.interactions == (0,)
    assert burst(history([25.0] * 20 + [199.0])) is None


def test_a_burst_before_the_range_is_not_told():
    assert burst(history([*EVERY_OTHER, 400.0, *EVERY_OTHER], range_days=20)) is None


def test_seven_active_days_do_not_show_what_is_usual():
    assert burst(history([100.0] * 6 + [900.0])) == Insufficient((Need("active days", 7, 8),))


@pytest.mark.parametrize(("silent", "found"), [(6, False), (7, True)])
def test_silence_after_a_burst_lasts_a_week_at_least(silent, found):
    outcome = binge_then_silence(history([*EVERY_OTHER, 500.0] + [0.0] * silent))
    assert (outcome is not None) is found
    if found:
        assert outcome.evidence["burst_day"] == LAST - timedelta(days=7)
        assert (outcome.evidence["silent_days"], outcome.evidence["still_silent"]) == (7, True)


def test_a_silence_that_is_over_is_measured_without_itself():
    outcome = binge_then_silence(history([*[100.0, 0.0] * 6, 500.0, *[0.0] * 8, 100.0, 0.0]))
    assert (outcome.evidence["silent_days"], outcome.evidence["long_gap_days"]) == (8, 2.0)
    assert not outcome.evidence["still_silent"]


def test_leave_after_a_burst_is_no_silence():
    leave = (LAST - timedelta(days=9), LAST + timedelta(days=1))
    points = [*EVERY_OTHER, 500.0] + [0.0] * 10
    assert binge_then_silence(history(points, pauses=[leave])) is None
    assert binge_then_silence(history(points)) is not None


def test_four_gaps_tell_no_rhythm():
    points = [100.0, 0.0] * 4 + [500.0]
    assert binge_then_silence(history(points)).needs == (
        Need("gaps between active days", 4, 5),
        Need("active days", 5, 8),
    )


def test_cramming_is_most_of_a_fortnight_in_two_days():
    assert cramming(history([0.0] * 12 + [200.0, 99.0])).needs == (Need("points in 14 counting days", 299.0, 300.0),)
    found = cramming(history([50.0] * 4 + [0.0] * 8 + [200.0, 200.0]))
    assert found.evidence["share"] == found.strength == pytest.approx(400 / 600)
    assert found.evidence["crammed_days"] == [LAST - timedelta(days=1), LAST]
    assert found.evidence["deadline"] is None
    assert cramming(history([50.0] * 10 + [1000.0] * 2 + [0.0] * 5)) is not None
    assert cramming(history([1.0] * 10 + [500.0] * 2 + [0.0] * 2)) is None  # five empty days are wanted


def test_two_usual_days_in_a_fortnight_are_little_work_and_not_crammed():
    usual = [250.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0] * 8
    assert cramming(history([*usual, *[0.0] * 12, 300.0, 300.0])) is None
    assert cramming(history([*usual, *[0.0] * 12, 400.0, 400.0])) is not None
    assert cramming(history([0.0] * 12 + [199.0, 199.0])) is None
    assert cramming(history([0.0] * 12 + [200.0, 200.0])) is not None


def test_thirteen_days_are_no_fortnight():
    assert cramming(history([0.0] * 11 + [300.0, 300.0])).needs == (Need("counting days", 13, 14),)


def test_a_deadline_says_which_days_count():
    """60 of the 100 hundredths within three days; another busy pair earlier must not be taken for them."""
    points = [0.0] * 8 + [100.0] * 2 + [0.0] * 6 + [100.0] * 3 + [0.0] * 3
    deadline = LAST - timedelta(days=3)
    found = cramming(history(points, deadlines=[deadline]))
    assert (found.evidence["deadline"], found.evidence["share"]) == (deadline, pytest.approx(0.6))
    assert cramming(history(points)) is None


def test_a_streak_counts_days_up_to_yesterday_and_weeks_of_four_days():
    found = streak(history([*weeks_of(4, 3, 4, 5), 0.0, 0.0, 0.0, 0.0, 0.0, 100.0, 0.0]))
    assert found is None
    found = streak(history(weeks_of(3, 4, 5, 7)))
    assert (found.evidence["current_days"], found.evidence["weeks_with_four_active_days"]) == (7, 3)
    assert found.strength == 0.75
    assert isinstance(streak(history([])), Insufficient)


def test_a_streak_brings_the_interactions_of_its_days_and_of_its_full_weeks():
    told = [(ago, 9, "case_view", {}) for ago in (0, 2, 8, 15)]
    in_a_row = history([*weeks_of(4, 0, 0), 0.0, 0.0, 0.0, 0.0, 100.0, 100.0, 100.0], told=told)
    assert streak(in_a_row).interactions == (0, 1)
    full_weeks = history([*weeks_of(4, 3, 4, 4)], told=told)
    assert streak(full_weeks).interactions == (0, 1, 2)

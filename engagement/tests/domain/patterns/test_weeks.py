"""What whole weeks say: trend, change of level, anomaly, regularity. Worked values and planted patterns."""

from datetime import date, timedelta

import numpy as np
import pytest
from scipy.stats import kendalltau, theilslopes

from engagement.domain.insufficient import Insufficient, Need
from engagement.domain.patterns.anomalies import false_discovery, weekly_anomalies, weekly_anomaly
from engagement.domain.patterns.changes import change_point, change_points
from engagement.domain.patterns.regularity import (
    entropy_share,
    peak_regularity,
    regularity,
    same_amounts,
    same_days,
    same_profile,
    weekly_rhythm,
)
from engagement.domain.patterns.trends import slope_interval, trend, trends_of
from engagement.tests.domain.patterns.history import LAST, history, weeks_of

FALLING = np.array([10.0, 9, 7, 6, 4, 3, 3, 1])


def test_the_worked_trend_is_reproduced():
    found = trends_of(FALLING[None, :])
    assert found.slope[0] == pytest.approx(-1.309524, abs=1e-6)
    assert found.tau[0] == pytest.approx(-0.981981, abs=1e-6)
    assert found.p[0] == pytest.approx(0.000762, abs=1e-6)
    assert slope_interval(FALLING) == (-1.5, -1.0)


def test_many_trends_at_once_are_those_of_scipy_one_by_one():
    series = np.random.default_rng(4).integers(0, 8, (60, 9)).astype(float)
    series[0], series[1] = 3, np.arange(9)  # nothing changes; no ties
    found = trends_of(series)
    for row, values in enumerate(series):
        slope, _, low, high = theilslopes(values)
        assert found.slope[row] == pytest.approx(slope)
        assert slope_interval(values) == pytest.approx((low, high))
        if row:
            expected = kendalltau(np.arange(9), values)
            assert (found.tau[row], found.p[row]) == pytest.approx((expected.statistic, expected.pvalue))
    assert (found.tau[0], found.p[0], found.found[0]) == (0, 1, False)


def test_a_decline_is_found_with_its_weeks_and_figures():
    found = trend(history(weeks_of(7, 6, 6, 5, 4, 3, 2, 1)))
    assert found.evidence["direction"] == "down"
    assert found.evidence["active_days_by_week"] == [7, 6, 6, 5, 4, 3, 2, 1]
    assert found.evidence["slope_days_per_week"] == pytest.approx(-0.9, abs=0.15)
    assert (found.evidence["first_day"], found.evidence["last_day"]) == (date(2026, 1, 19), LAST)
    assert found.strength == pytest.approx(abs(found.evidence["tau"]))


def test_a_slope_of_no_use_to_anybody_is_not_told():
    assert trend(history(weeks_of(4, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3))) is None


@pytest.mark.parametrize("detect", [trend, change_point])
def test_seven_weeks_are_too_few_to_compare(detect):
    assert detect(history(weeks_of(7, 6, 5, 4, 3, 2, 1))) == Insufficient((Need("complete weeks", 7, 8),))


def test_weeks_of_leave_are_left_out_and_not_taken_for_silence():
    leave = (LAST - timedelta(days=16), LAST - timedelta(days=2))
    points = weeks_of(4, 5, 4, 5, 4, 5, 4, 5, 0, 0, 0)
    assert change_point(history(points, pauses=[leave])) is None
    assert change_point(history(points)).evidence["changed_on"] == date(2026, 2, 23)


def test_a_week_counts_whole_or_not_at_all():
    """A Sunday before the first Monday, leave from a Thursday to a Sunday, and a last day that is not over."""
    leave = (LAST - timedelta(days=17), LAST - timedelta(days=13))
    learner = history([100.0] * 36, pauses=[leave], last_complete=LAST - timedelta(days=1))
    mondays = [LAST - timedelta(days=ago) for ago in (34, 27, 13)]
    assert [date.fromordinal(int(monday)) for monday in learner.weeks.starts] == mondays
    assert learner.weeks.active_days.tolist() == [7, 7, 7]
    assert len(learner.weeks.counts) == len(learner.weeks.points) == 3


def test_a_new_level_is_told_with_both_levels():
    found = change_point(history(weeks_of(5, 5, 6, 5, 5, 6, 1, 0, 1, 1)))
    assert found.evidence["changed_on"] == LAST - timedelta(days=27)
    assert found.evidence["active_days_before"] == pytest.approx(32 / 6)
    assert found.evidence["active_days_after"] == 0.75
    assert found.strength == pytest.approx((32 / 6 - 0.75) / 7)


def test_what_weeks_say_brings_the_interactions_of_the_range_behind_it():
    """One in each week from the newest on, the ninth before all that is compared; the range is of four weeks."""
    told = [(7 * weeks, 9, "case_view", {}) for weeks in range(9)]
    declining = {"told": told[:4], "range_days": 28}
    assert trend(history(weeks_of(7, 6, 6, 5, 4, 3, 2, 1), **declining)).interactions == (0, 1, 2, 3)
    assert regularity(history(weeks_of(4, 4, 4, 4), told=told[:4])).interactions == (0, 1, 2, 3)
    # Of the level there is now and the one before it, not of what was before both.
    fallen = history(weeks_of(1, 1, 6, 6, 6, 6, 0, 0), told=told)
    assert change_point(fallen).interactions == (0, 1, 2, 3, 4, 5)


def all_ways_to_cut(weeks):
    yield ()
    for first in range(2, weeks - 1):
        yield (first,)
        for second in range(first + 2, weeks - 1):
            yield (first, second)


def test_no_other_cut_into_levels_costs_less():
    """Against every cut with up to two changes, as far as the best one has no more."""
    series = np.random.default_rng(2).integers(0, 8, (40, 8))
    z = np.arcsin(np.sqrt((series + 0.375) / 7.75))
    checked = 0
    for row, found in enumerate(change_points(series)):
        cuts = {
            cut: sum(((part - part.mean()) ** 2).sum() for part in np.split(z[row], cut)) + len(cut) * 0.1 * np.log(8)
            for cut in all_ways_to_cut(8)
        }
        if found.sum() <= 2:
            assert min(cuts, key=cuts.get) == tuple(np.flatnonzero(found))
            checked += 1
    assert checked > 30


def cohort(rng, learners=40, mean=30.0):
    rates = rng.gamma(8, mean / 8, learners)
    return rng.negative_binomial(10, 10 / (10 + rates[:, None]), (learners, 9)).astype(float)


def test_an_empty_week_of_a_busy_learner_stands_out_and_a_holiday_of_all_does_not():
    counts = cohort(np.random.default_rng(1))
    counts[0] = [40, 38, 44, 41, 39, 42, 40, 43, 2]
    judged = weekly_anomalies(counts)
    assert judged.q[0] < 0.10
    assert np.nanmedian(judged.p[1:]) > 0.3
    counts[:, -1] = np.floor(counts[:, -1] * 0.15)
    holiday = weekly_anomalies(counts)
    assert holiday.shock < 0.3
    assert holiday.q[0] > 0.10
    assert weekly_anomalies(counts, with_shock=False).q[0] < 0.10


def test_an_anomaly_says_what_was_expected_and_beside_whom():
    counts = cohort(np.random.default_rng(1))
    counts[0] = [40, 38, 44, 41, 39, 42, 40, 43, 2]
    found = weekly_anomaly(history(weeks_of(*[4] * 9), cohort=counts))
    assert found.evidence["direction"] == "down"
    assert (found.evidence["interactions"], found.evidence["learners_tested"]) == (2, 40)
    assert found.evidence["expected_interactions"] == pytest.approx(39, abs=5)
    assert (found.evidence["first_day"], found.evidence["last_day"]) == (LAST - timedelta(days=6), LAST)


@pytest.mark.parametrize(
    ("others", "missing_weeks", "needs"),
    [
        (20, 2, ()),
        (19, 2, (Need("others in the cohort with as many weeks", 19, 20),)),
        (20, 3, (Need("complete weeks before the last", 5, 6),)),
    ],
)
def test_an_anomaly_needs_six_weeks_and_twenty_others(others, missing_weeks, needs):
    counts = cohort(np.random.default_rng(1), others + 1)
    counts[0] = 30
    counts[0, :missing_weeks] = np.nan
    found = weekly_anomaly(history(weeks_of(*[4] * 9), cohort=counts))
    assert (found.needs if needs else ()) == needs


def test_a_learner_of_no_cohort_is_compared_with_nobody():
    assert isinstance(weekly_anomaly(history(weeks_of(*[4] * 9))), Insufficient)


def test_false_discoveries_are_counted_over_all_that_were_tested():
    assert false_discovery(np.array([0.04, 0.01, 0.03])).tolist() == pytest.approx([0.04, 0.03, 0.04])


MONDAY_WEDNESDAY_FRIDAY = np.array([4, 0, 4, 0, 4, 0, 0])


@pytest.mark.parametrize(
    ("weekdays", "share"),
    [(MONDAY_WEDNESDAY_FRIDAY, 0.564575), (np.full(7, 3), 1.0), (np.array([0, 5, 0, 0, 0, 0, 0]), 0.0)],
)
def test_the_entropy_of_weekdays_is_a_share_of_the_most_possible(weekdays, share):
    assert entropy_share(weekdays) == pytest.approx(share, abs=1e-6)


def test_the_measures_of_regularity_by_hand():
    assert peak_regularity(MONDAY_WEDNESDAY_FRIDAY) == pytest.approx((np.log2(7) - np.log2(3)) / 3)
    weeks = np.array([[1, 1, 0, 0, 0, 0, 0], [1, 0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0]])
    assert same_days(weeks.astype(bool)) == 0.5
    assert same_profile(weeks * 10.0) == pytest.approx(0.5)  # half of the work on the same day
    assert same_profile(np.array([weeks[0], 3 * weeks[0]])) == pytest.approx(1.0)
    assert same_amounts(np.array([weeks[0], 3 * weeks[0]])) == pytest.approx(1 - 2 / 8)
    assert weekly_rhythm(np.tile([1, 0, 0, 0, 0, 0, 0], 4)) == pytest.approx(1 / 7)
    assert weekly_rhythm(np.ones(28)) == pytest.approx(0)


def test_regularity_needs_three_active_weeks_and_hours_their_ten():
    assert regularity(history(weeks_of(0, 3, 3))) == Insufficient((Need("active complete weeks", 2, 3),))
    nine = [(day, 9, "search", {}) for day in range(9)]
    assert regularity(history(weeks_of(3, 3, 3), told=nine)).evidence["hour_concentration"] is None
    found = regularity(history(weeks_of(3, 3, 3), told=[*nine, (10, 9, "search", {})], regularity=0.75))
    assert found.strength == pytest.approx(1.0)
    assert found.evidence["hour_concentration"] == pytest.approx(1.0)
    assert found.evidence["regularity_part"] == 0.75

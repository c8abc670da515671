import numpy as np
import pytest

from engagement.domain.forecast.naive import four_weeks_before, last_week, mean_of_weeks, smoothed_week, tsb
from engagement.domain.forecast.silence_rule import RuleAnswer, silence_rule
from engagement.domain.forecast.volume import interactions_per_active_day
from engagement.domain.insufficient import Insufficient, Need

# 28 days, newest first: 1 a day in the newest week, then 2, 3 and 4.
DAYS = np.repeat([[1, 2, 3, 4]], 7, axis=1).astype(float)


def test_naive_forecasts_of_a_week_and_a_fortnight():
    assert (last_week(DAYS, 7)[0], last_week(DAYS, 14)[0]) == (7, 14)
    assert (mean_of_weeks(DAYS, 7)[0], mean_of_weeks(DAYS, 14)[0]) == (17.5, 35)
    assert (four_weeks_before(DAYS, 7)[0], four_weeks_before(DAYS, 14)[0]) == (28, 49)


def test_smoothing_starts_with_the_first_whole_week():
    assert smoothed_week(DAYS, np.array([14]))[0] == pytest.approx(14 + 0.3 * (7 - 14))
    assert smoothed_week(DAYS, np.array([28]))[0] == pytest.approx(17.731)


def test_tsb_follows_the_chance_and_the_size():
    active, values = np.array([[False, True]]), np.array([[0.0, 30.0]])
    chance = (0.5 + 0.08 * 0.5) * 0.92
    assert tsb(active, values, 7, probability=0.5, size=10)[0] == pytest.approx(7 * chance * 12)


def test_intensity_is_drawn_towards_the_cohort():
    assert interactions_per_active_day(np.array([0.0, 70.0]), np.array([0, 7]), 4.0).tolist() == [4.0, 8.2]


def test_the_rule_needs_five_gaps_and_names_twice_the_usual():
    ages = np.zeros(60, bool)
    ages[[9, 11, 13, 15, 17, 21]] = True
    assert silence_rule(ages) == RuleAnswer(9, pytest.approx(3.2), True)
    ages[21] = False
    assert silence_rule(ages) == Insufficient((Need("gaps between active days", 4, 5),))

"""Which days count: paused days stop the clock."""

from datetime import date, timedelta

import pytest

from engagement.domain.tenure import Tenure

TODAY = date(2026, 3, 31)


def ago(days):
    return TODAY - timedelta(days=days)


def test_a_fresh_learner_counts_from_the_first_day_today_included():
    assert Tenure(ago(2)).counting_days(TODAY, 28) == [TODAY, ago(1), ago(2)]


def test_an_old_learner_counts_no_more_than_asked():
    assert Tenure(ago(400)).counting_days(TODAY, 28) == [ago(age) for age in range(28)]


def test_paused_days_are_left_out_and_the_window_reaches_further_back():
    tenure = Tenure(ago(400), [(ago(10), ago(3))])
    days = tenure.counting_days(TODAY, 28)
    assert days == [ago(age) for age in (0, 1, 2, 3, *range(11, 35))]


def test_the_day_a_pause_ends_counts_again():
    tenure = Tenure(ago(400), [(ago(5), TODAY)])
    assert not tenure.is_paused(TODAY)
    assert tenure.is_paused(ago(5))


def test_nobody_without_a_start_has_counting_days():
    assert Tenure(None).counting_days(TODAY, 28) == []


@pytest.mark.parametrize("first", [0, 5, 30, 90, 500])
@pytest.mark.parametrize("pauses", [[], [(10, 3)], [(10, 3), (8, 1)], [(95, 60), (2, -9)], [(700, -9)]])
@pytest.mark.parametrize("start", [None, 400, 29, 4, 0, -3])
def test_counting_days_of_a_span_are_counted_without_listing_them(first, pauses, start):
    tenure = Tenure(None if start is None else ago(start), [(ago(begin), ago(end)) for begin, end in pauses])
    listed = [day for day in tenure.counting_days(TODAY, 1000) if day >= ago(first)]
    assert tenure.days_between(ago(first), TODAY) == len(listed)

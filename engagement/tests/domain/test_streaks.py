"""Runs of active days; today may still become active, and leave breaks nothing."""

from datetime import date, timedelta

import pytest

from engagement.domain.streaks import Streak, streak_of
from engagement.domain.tenure import Tenure

TODAY = date(2026, 3, 31)


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("ages", "current", "longest"),
    [((), 0, 0), ((0,), 1, 1), ((1, 2), 2, 2), ((2, 3), 0, 2), ((0, 1, 5, 6, 7), 2, 3), ((0, 2), 1, 1)],
)
def test_a_streak_ends_today_or_yesterday(ages, current, longest):
    days = [ago(age) for age in ages]
    assert streak_of(days, Tenure(ago(100)), TODAY) == Streak(current, longest, max(days, default=None))


def test_paused_days_neither_make_nor_break_a_streak():
    on_leave = Tenure(ago(100), [(ago(5), ago(1))])
    assert streak_of([ago(7), ago(6), ago(1), TODAY], on_leave, TODAY).current == 4


def test_days_after_the_day_asked_about_are_not_seen():
    assert streak_of([ago(1), TODAY], Tenure(ago(9)), ago(1)) == Streak(1, 1, ago(1))

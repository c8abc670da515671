"""Where one learner stands: weeks, change, pause."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engagement.domain.attention import Attention
from engagement.domain.insufficient import Insufficient, Need
from engagement.domain.tenure import Tenure
from engagement.selectors import Day, Record
from engagement.standing import BACK, PLAIN, RISEN, Week, standings_of
from interactions.domain.policy import ES_1
from interactions.policies import PolicyBook

TODAY = date(2026, 3, 16)
BOOK = PolicyBook((ES_1,))


def record(days_ago, *, start=date(2025, 9, 1), pauses=(), points=100.0) -> Record:
    days = [TODAY - timedelta(days=days) for days in days_ago]
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Record(Tenure(start, pauses), {day: Day(points, points / 2, 1, at, "es-1") for day in days})


def standing(*args, **kwargs):
    [found] = standings_of([record(*args, **kwargs)], TODAY, BOOK)
    return found


def test_weeks_end_today_and_hold_seven_days_each():
    weeks = standing([0, 6, 7, 83, 84]).weeks
    assert len(weeks) == 12
    assert weeks[-1] == Week(date(2026, 3, 10), 200.0, 2)
    assert weeks[-2] == Week(date(2026, 3, 3), 100.0, 1)
    assert weeks[0] == Week(date(2025, 12, 23), 100.0, 1)


def test_a_week_without_a_day_that_counts_is_a_gap_and_no_zero():
    leave = (TODAY - timedelta(days=20), TODAY - timedelta(days=6))
    weeks = standing([], start=TODAY - timedelta(days=30), pauses=[leave]).weeks
    assert [week.points for week in weeks] == [None] * 7 + [0.0, 0.0, None, None, 0.0]


def test_the_change_is_the_difference_of_what_is_shown():
    found = standing(range(28))
    assert found.change == int(found.index.score) - int(found.before.score) > 0


def test_too_little_data_then_is_no_change():
    found = standing(range(10), start=TODAY - timedelta(days=9))
    assert (found.score is not None, found.change) == (True, None)
    assert found.before == Insufficient((Need("counting days", 0, 7),))


def test_on_leave_somebody_is_paused_until_the_first_day_that_counts():
    leave = (TODAY - timedelta(days=20), TODAY + timedelta(days=3))
    found = standing([], pauses=[leave])
    assert (found.is_paused, found.paused_until, found.attention) == (True, leave[1], None)


@pytest.mark.parametrize(("ago", "is_back"), [(0, True), (27, True), (28, False)])
def test_who_came_back_within_four_weeks_is_back_from_leave(ago, is_back):
    end = TODAY - timedelta(days=ago)
    found = standing(range(0, 200, 2), pauses=[(end - timedelta(days=20), end)])
    assert (found.back_since, found.kind) == ((end, BACK) if is_back else (None, PLAIN))


def test_a_pause_that_another_follows_is_not_over():
    pauses = [(TODAY - timedelta(days=20), TODAY - timedelta(days=9)), (TODAY - timedelta(days=9), TODAY)]
    assert standing([], pauses=pauses).back_since == TODAY


def test_who_rose_by_twenty_stands_out():
    found = standing(range(14))
    assert (found.change >= 20, found.kind) == (True, RISEN)


def test_the_standing_is_the_same_for_whoever_reads_further_back():
    far = record([*range(9, 60, 2), *range(100, 300, 20)])
    near = Record(far.tenure, {day: done for day, done in far.days.items() if (TODAY - day).days < 84})
    [one, other] = standings_of([far, near], TODAY, BOOK)
    assert one == other
    assert one.attention == Attention("silent", days=9, usual=2.0, limit=7.0)


def test_nobody_at_all_is_an_empty_list():
    assert standings_of([], TODAY, BOOK) == []

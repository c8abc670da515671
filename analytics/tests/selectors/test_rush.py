"""Cases completed faster than the policy takes for work."""

from datetime import timedelta

import pytest

from analytics.selectors.rush import Rush, rush_in, rush_of
from analytics.tests.work import work
from interactions.domain.policy import ES_1
from interactions.policies import PolicyBook, policy_book
from interactions.windows import read_window
from medsim_tracking.testing import NOW

BOOK = PolicyBook((ES_1,))
TODAY = NOW.date()


def rows(*active, wall=None):
    return [(TODAY, "", seconds, wall) for seconds in active]


def test_most_cases_in_seconds_is_something_to_ask_about():
    assert rush_of(rows(30, 40, 50, 600), BOOK) == Rush(4, 3, 720, 45, 120, True)


@pytest.mark.parametrize(
    "seconds", [(), (30, 40), (30, 40, 50, 600, 600, 600), (120, 120, 120, 120)], ids=["none", "few", "half", "enough"]
)
def test_chance_and_real_work_are_nothing_to_ask_about(seconds):
    assert rush_of(rows(*seconds), BOOK) is None


def test_the_clock_stands_in_for_active_time_and_the_untimed_say_nothing():
    assert rush_of(rows(30, None, wall=60) + rows(None) + rows(40), BOOK) == Rush(3, 3, 130, 40, 120, False)


@pytest.mark.parametrize("days", [3, 30])
def test_only_the_learners_own_cases_in_the_window_count(lena, mia, sim, days, django_assert_num_queries):
    work(lena, days_ago=range(days), sim=sim, activeSeconds=30)
    work(lena, days_ago=range(31, 40), sim=sim)
    work(mia, days_ago=range(20), sim=sim)
    book = policy_book()
    with django_assert_num_queries(1):
        found = rush_in(lena, window=read_window({}, NOW + timedelta(seconds=1)), book=book)
    assert found == Rush(days, days, 30 * days, 30, 120, True)

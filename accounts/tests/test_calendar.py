"""Where days begin and end in the institution's zone."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from accounts.calendar import day_bounds, day_start, local_day, local_days


@pytest.fixture(autouse=True)
def berlin(settings):
    settings.MEDSIM_TIME_ZONE = "Europe/Berlin"


def test_a_moment_falls_on_the_institutions_day():
    assert local_day(datetime(2026, 1, 31, 22, 59, 59, tzinfo=UTC)) == date(2026, 1, 31)
    assert local_day(datetime(2026, 1, 31, 23, 0, tzinfo=UTC)) == date(2026, 2, 1)


def test_a_day_starts_at_local_midnight():
    assert day_start(date(2026, 2, 1)) == datetime(2026, 1, 31, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 28), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_a_day_is_as_long_as_its_clock_change_makes_it(day, hours):
    start, end = day_bounds(day)
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=hours)


def test_every_moment_falls_inside_the_bounds_of_its_day():
    moment = datetime(2026, 3, 28, 0, 30, tzinfo=UTC)
    for _ in range(72):
        start, end = day_bounds(local_day(moment))
        assert start <= moment < end
        moment += timedelta(hours=1)


def test_a_day_without_midnight_starts_at_its_first_moment(settings):
    """In Beirut the clock is set forward at midnight: 00:00 to 00:59 do not exist on that day."""
    settings.MEDSIM_TIME_ZONE = "Asia/Beirut"
    day = date(2026, 3, 29)
    first = day_start(day).astimezone(UTC)
    assert local_day(first) == day
    assert local_day(first - timedelta(seconds=1)) == day - timedelta(days=1)


ZONES = ["UTC", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Chatham", "America/Santiago", "Africa/Monrovia"]


@pytest.mark.parametrize("zone", ZONES)
def test_the_days_of_many_moments_are_those_of_each(settings, zone):
    settings.MEDSIM_TIME_ZONE = zone
    # Monrovia's change of 1972 fell within a quarter of an hour; the others change in spring or autumn of 2026.
    moments = [datetime(1971, 12, 1, tzinfo=UTC) + timedelta(seconds=each) for each in range(0, 80 * 86_400, 613)]
    moments += [datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=each) for each in range(0, 250 * 86_400, 4021)]
    since_1970 = np.array([round(moment.timestamp()) * 10**6 for moment in moments])
    assert local_days(since_1970) == [local_day(moment) for moment in moments]

"""Buckets partition time, on days of 23 and 25 hours too."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.domain.buckets import day_starts, first_day_of, hour_starts


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),
        ("Asia/Kathmandu", date(2026, 3, 29), 24),
        ("UTC", date(2028, 2, 29), 24),
    ],
)
def test_a_day_has_the_hours_it_has(zone, day, hours):
    end = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone))
    starts = hour_starts(day, end, ZoneInfo(zone))
    assert len(starts) == hours
    assert {later - earlier for earlier, later in itertools.pairwise(starts)} == {timedelta(hours=1)}


def test_hours_end_with_the_one_that_holds_the_end():
    assert len(hour_starts(date(2026, 1, 1), datetime(2026, 1, 1, 2, 30, tzinfo=UTC), UTC)) == 3


days = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@given(days, st.integers(0, 800), st.sampled_from(["day", "week", "month"]))
def test_every_day_falls_into_exactly_one_bucket(first, length, granularity):
    last = first + timedelta(days=length)
    starts = list(day_starts(first, last, granularity))
    assert starts == sorted(set(starts))
    touched = {first_day_of(first + timedelta(days=step), granularity) for step in range(length + 1)}
    assert touched == set(starts)


def test_weeks_begin_on_monday_across_the_year_end():
    assert list(day_starts(date(2026, 12, 30), date(2027, 1, 5), "week")) == [date(2026, 12, 28), date(2027, 1, 4)]

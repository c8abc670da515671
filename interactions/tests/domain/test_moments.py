"""Moments as numbers and back."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from interactions.domain.moments import NOT_TOLD, micros, micros_of, moment_of, moments_of

_zones = st.integers(-839, 839).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_moments = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=_zones)


@given(st.lists(_moments | st.none()))
def test_every_moment_comes_back_to_the_microsecond(moments):
    assert moments_of(micros_of(moments).tolist()) == moments


@given(st.lists(_moments))
def test_many_are_read_as_each_by_itself(moments):
    assert micros_of(moments).tolist() == [micros(moment) for moment in moments]


def test_what_was_not_told_is_before_any_calendar():
    assert micros_of([None]).tolist() == [NOT_TOLD]
    assert micros(datetime.min.replace(tzinfo=UTC)) > NOT_TOLD
    assert moment_of(0) == datetime(1970, 1, 1, tzinfo=UTC)

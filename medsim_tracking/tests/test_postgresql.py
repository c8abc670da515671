"""Moments as the database's own backend reads them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DataError, connection

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]


def read(text: str) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT '{text}'::timestamptz")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("microseconds", [0, 100_000, 120_000, 123_400, 123_456, 1])
def test_a_moment_is_read_to_the_microsecond_and_in_utc(microseconds):
    moment = datetime(2026, 3, 16, 12, tzinfo=UTC) + timedelta(microseconds=microseconds)
    found = read(moment.isoformat())
    assert found == moment
    assert found.tzinfo is UTC


def test_another_zone_of_the_sender_is_told_in_utc():
    assert read("2026-07-01 12:00:00+02").isoformat() == "2026-07-01T10:00:00+00:00"


@pytest.mark.parametrize("text", ["infinity", "0044-03-15 12:00:00+00 BC"])
def test_what_no_python_moment_holds_is_an_error_and_no_wrong_moment(text):
    with pytest.raises(DataError):
        read(text)

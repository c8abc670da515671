"""A client's time, corrected for the skew that its sentAt shows."""

from datetime import UTC, datetime, timedelta

import pytest

from interactions.domain.clock import CLAMPED, CORRECTED, ClockReading, read_clock

RECEIVED = datetime(2026, 3, 2, 12, tzinfo=UTC)


def later(**span):
    return RECEIVED + timedelta(**span)


@pytest.mark.parametrize(
    ("told", "sent", "expected"),
    [
        (None, None, ClockReading(RECEIVED, "")),
        (later(hours=-3), None, ClockReading(later(hours=-3), "")),
        (later(seconds=-10), later(seconds=59), ClockReading(later(seconds=-10), "")),
        (later(hours=1), later(hours=1, seconds=5), ClockReading(later(seconds=-5), CORRECTED)),
        (later(days=-3651), later(days=-3650), ClockReading(later(days=-1), CORRECTED)),
        (later(minutes=4), None, ClockReading(later(minutes=4), "")),
        (later(minutes=6), None, ClockReading(RECEIVED, CLAMPED)),
        (later(days=3650), later(hours=2), ClockReading(RECEIVED, CLAMPED)),
        (later(days=1), datetime.min.replace(tzinfo=UTC), ClockReading(RECEIVED, CLAMPED)),
        (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), ClockReading(RECEIVED, CLAMPED)),
    ],
)
def test_a_clock_is_believed_corrected_or_clamped(told, sent, expected):
    assert read_clock(told, sent, RECEIVED) == expected


def test_a_late_upload_is_no_wrong_clock():
    three_days_ago = later(days=-3)
    assert read_clock(three_days_ago, RECEIVED, RECEIVED) == ClockReading(three_days_ago, "")

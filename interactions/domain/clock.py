"""Whose clock to believe: a client's time, corrected for the skew that its `sentAt` shows."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

# Under a minute, network delay and skew cannot be told apart.
LEAST_SKEW = timedelta(seconds=60)
FUTURE_ALLOWED = timedelta(minutes=5)

CORRECTED, CLAMPED = "corrected", "clamped"


class ClockReading(NamedTuple):
    """When something happened, and how far the client's clock was believed ("" as told)."""

    occurred_at: datetime
    flag: str


def read_clock(told: datetime | None, sent_at: datetime | None, received_at: datetime) -> ClockReading:
    """The moment that a client's `told` time means, given when it says it sent and when we received.

    Skew is taken from `sent_at` alone: a late upload of an old event is not a wrong clock. What still lies
    more than five minutes ahead is set to the time of receipt and flagged; the client's word is kept beside.
    """
    if told is None:
        return ClockReading(received_at, "")
    flag = ""
    try:
        if sent_at is not None and abs(received_at - sent_at) > LEAST_SKEW:
            told += received_at - sent_at
            flag = CORRECTED
    except OverflowError:
        # A sentAt centuries away: no correction makes sense of it.
        return ClockReading(received_at, CLAMPED)
    if told > received_at + FUTURE_ALLOWED:
        return ClockReading(received_at, CLAMPED)
    return ClockReading(told.astimezone(UTC), flag)

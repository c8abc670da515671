"""Whose clock to believe: a client's time, corrected for the skew that its `sentAt` shows."""

from datetime import timedelta
from typing import NamedTuple

import numpy as np

from interactions.domain.moments import MICROSECOND, NOT_TOLD

# Under a minute, network delay and skew cannot be told apart.
LEAST_SKEW = timedelta(seconds=60)
FUTURE_ALLOWED = timedelta(minutes=5)
_LEAST_SKEW, _FUTURE_ALLOWED = LEAST_SKEW // MICROSECOND, FUTURE_ALLOWED // MICROSECOND

AS_TOLD, CORRECTED, CLAMPED = "", "corrected", "clamped"
_FLAGS = np.array([AS_TOLD, CORRECTED, CLAMPED], dtype=object)


class ClockReadings(NamedTuple):
    """When n interactions happened (int64 microseconds, (n,)), and how far each clock was believed."""

    occurred_at: np.ndarray
    flags: list[str]


def read_clocks(told: np.ndarray, sent_at: np.ndarray, received_at: int) -> ClockReadings:
    """The moments that clients' `told` times mean, given when each says it sent and when we received.

    told, sent_at   int64 microseconds, (n,); NOT_TOLD where the client said nothing

    Skew is taken from `sent_at` alone: a late upload of an old event is not a wrong clock. What still lies
    more than five minutes ahead is set to the time of receipt and flagged; the client's word is kept beside.
    """
    silent, unsent = told == NOT_TOLD, sent_at == NOT_TOLD
    # Where nothing was told, zeros keep the arithmetic within its bounds; they are left out below.
    skew = received_at - np.where(unsent, received_at, sent_at)
    corrected = ~silent & (np.abs(skew) > _LEAST_SKEW)
    moments = np.where(silent, received_at, told) + np.where(corrected, skew, 0)
    clamped = moments > received_at + _FUTURE_ALLOWED
    flags = _FLAGS[np.where(clamped, 2, corrected)] if corrected.any() or clamped.any() else [AS_TOLD] * len(told)
    return ClockReadings(np.where(clamped, received_at, moments), list(flags))

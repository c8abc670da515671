"""Moments as numbers: microseconds since 1970 in UTC, so that a batch's clocks are read all at once."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from operator import methodcaller

import numpy as np

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Stands for "no time was told". Long before any calendar.
NOT_TOLD = int(np.iinfo(np.int64).min)
MICROSECOND = timedelta(microseconds=1)
DAY = 86_400 * 10**6

_timestamp = methodcaller("timestamp")


def micros(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def moment_of(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)


def micros_of(moments: Sequence[datetime | None]) -> np.ndarray:
    """int64 (n,); NOT_TOLD for None."""
    if moments.count(None) == len(moments):
        return np.full(len(moments), NOT_TOLD)
    try:
        # A float keeps whole microseconds exact for centuries around now; further off it is counted one by one.
        seconds = np.fromiter(map(_timestamp, moments), dtype=float, count=len(moments))
    except AttributeError:
        return np.array([NOT_TOLD if moment is None else micros(moment) for moment in moments], dtype=np.int64)
    if len(seconds) and np.abs(seconds).max() > 2**32:
        return np.array([micros(moment) for moment in moments], dtype=np.int64)
    return np.rint(seconds * 1e6).astype(np.int64)


def in_utc(kept: datetime) -> datetime:
    """A time as a database gives it back: in UTC, and one of the two does not say so."""
    return kept if kept.tzinfo else kept.replace(tzinfo=UTC)


def numbers_of(values: Sequence[float | None]) -> np.ndarray:
    """float (n,); NaN for None. Most columns that may be empty are, and an array is made of Nones one by one."""
    if values.count(None) == len(values):
        return np.full(len(values), np.nan)
    return np.array(values, dtype=float)


def moments_of(microseconds: Iterable[int]) -> list[datetime | None]:
    return [None if each == NOT_TOLD else moment_of(each) for each in microseconds]

"""The institution's calendar: in which zone days are cut, and which day a moment falls on.

Lowest in the house, because enrolments, daily sums and pages must all cut the same days.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings

_QUARTER_HOUR = 900 * 10**6
_DAY = 86_400 * 10**6
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=8)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def institution_zone() -> ZoneInfo:
    """The zone in which days are cut (`MEDSIM_TIME_ZONE`)."""
    return _zone(settings.MEDSIM_TIME_ZONE)


def local_day(moment: datetime) -> date:
    """The institution's day on which an aware `moment` falls."""
    return moment.astimezone(institution_zone()).date()


def local_days(microseconds: np.ndarray) -> list[date]:
    """The institution's days of many moments at once (int64 microseconds since 1970 in UTC, (n,)).

    Raises OverflowError outside the calendar.
    """
    zone = institution_zone()
    quarters, where = np.unique(microseconds // _QUARTER_HOUR, return_inverse=True)
    offsets = [_offset_in_quarter(zone, quarter) for quarter in quarters.tolist()]
    if None in offsets:
        # A clock change within a quarter of an hour: there was such a one.
        return [local_day(_EPOCH + timedelta(microseconds=each)) for each in microseconds.tolist()]
    days = (microseconds + np.array(offsets, dtype=np.int64)[where]) // _DAY
    distinct, where = np.unique(days, return_inverse=True)
    named = [date.fromordinal(_EPOCH.toordinal() + day) for day in distinct.tolist()]
    return [named[each] for each in where.tolist()]


@lru_cache(maxsize=4096)
def _offset_in_quarter(zone: ZoneInfo, quarter: int) -> int | None:
    """Microseconds a zone is ahead of UTC in one quarter of an hour; None where that changes within it."""
    first = _EPOCH + timedelta(microseconds=quarter * _QUARTER_HOUR)
    ahead = [moment.astimezone(zone).utcoffset() for moment in (first, first + timedelta(minutes=15, microseconds=-1))]
    return ahead[0] // timedelta(microseconds=1) if ahead[0] == ahead[1] else None


def day_start(day: date) -> datetime:
    """The first moment of `day`, aware, in the institution's zone.

    Where midnight does not exist (a clock set forward at 00:00) this is the moment it would have been,
    which is the same instant as the first one that exists.
    """
    return datetime.combine(day, time.min, institution_zone())


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """`[start, end)` of `day`: 23 or 25 hours long where the clock changes."""
    return day_start(day), day_start(day + timedelta(days=1))

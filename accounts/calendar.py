"""The institution's calendar: in which zone days are cut, and which day a moment falls on.

Lowest in the house, because enrolments, daily sums and pages must all cut the same days.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings


@lru_cache(maxsize=8)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def institution_zone() -> ZoneInfo:
    """The zone in which days are cut (`MEDSIM_TIME_ZONE`)."""
    return _zone(settings.MEDSIM_TIME_ZONE)


def local_day(moment: datetime) -> date:
    """The institution's day on which an aware `moment` falls."""
    return moment.astimezone(institution_zone()).date()


def day_start(day: date) -> datetime:
    """The first moment of `day`, aware, in the institution's zone.

    Where midnight does not exist (a clock set forward at 00:00) this is the moment it would have been,
    which is the same instant as the first one that exists.
    """
    return datetime.combine(day, time.min, institution_zone())


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """`[start, end)` of `day`: 23 or 25 hours long where the clock changes."""
    return day_start(day), day_start(day + timedelta(days=1))

"""Days and moments as text. Days are the institution's; moments are told in the zone that the page has set.

The order of day, month and year is a matter of the language, so the patterns are texts to translate.
"""

import re
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext, ngettext, pgettext

from engagement.words.kept import kept_by_language

RELATIVE_FOR = timedelta(days=7)
# What the patterns hold of a clock: hours, minutes, seconds, the zone.
_CLOCK = re.compile(r"(?<!\\)([HisT])")


@kept_by_language
def short_day(value: date) -> str:
    """`5 Nov`."""
    return formatted(value, pgettext("pattern of a date", "j M"))


@kept_by_language
def full_day(value: date) -> str:
    """`5 Nov 2026`."""
    return formatted(value, pgettext("pattern of a date", "j M Y"))


@kept_by_language
def weekday_and_day(value: date) -> str:
    """`Thu 5 Nov`."""
    return formatted(value, pgettext("pattern of a date", "D j M"))


@kept_by_language
def calendar_day(value: date, today: date) -> str:
    """`5 Nov`, with the year unless it is this one."""
    return short_day(value) if value.year == today.year else full_day(value)


def earliest(value: date, today: date) -> str:
    """`today at the earliest`, `on 26 Nov at the earliest`."""
    if value == today:
        return gettext("today at the earliest")
    return gettext("on %(day)s at the earliest") % {"day": calendar_day(value, today)}


@kept_by_language
def span(first: date, last: date, *, with_years: bool = True) -> str:
    """`26 Oct 2026 to 24 Nov 2026`, both included."""
    told = full_day if with_years else short_day
    return gettext("%(first)s to %(last)s") % {"first": told(first), "last": told(last)}


def day(moment: datetime, now: datetime) -> str:
    """The day in the viewer's zone, with the year unless it is this one."""
    return calendar_day(timezone.localtime(moment).date(), timezone.localtime(now).date())


def clock(moment: datetime) -> str:
    """`14:32` in the viewer's zone; in the hour that comes twice with its zone."""
    return _told_once(moment, "H:i")


def clock_seconds(moment: datetime) -> str:
    """`14:32:07` in the viewer's zone; in the hour that comes twice with its zone."""
    return _told_once(moment, "H:i:s")


@kept_by_language
def long_date(value: date) -> str:
    """`Monday 23 November 2026`."""
    return formatted(value, pgettext("pattern of a date", "l j F Y"))


def printed(moment: datetime) -> str:
    """`Monday 23 November 2026, 14:32 CET` in the viewer's zone."""
    return _at(timezone.localtime(moment), pgettext("pattern of a date", "l j F Y, H:i T"))


def minute(moment: datetime) -> str:
    """`Mon 23 Nov 2026, 14:32` in the viewer's zone; in the hour that comes twice with its zone."""
    return _told_once(moment, pgettext("pattern of a date", "D j M Y, H:i"))


def exact(moment: datetime) -> str:
    """`Mon 23 Nov 2026, 14:32 CET` in the viewer's zone."""
    return _at(timezone.localtime(moment), pgettext("pattern of a date", "D j M Y, H:i T"))


def exact_second(moment: datetime) -> str:
    """`Mon 23 Nov 2026, 14:32:07 CET` in the viewer's zone."""
    return _at(timezone.localtime(moment), pgettext("pattern of a date", "D j M Y, H:i:s T"))


def _told_once(moment: datetime, pattern: str) -> str:
    local = timezone.localtime(moment)
    return _at(local, f"{pattern} T" if _comes_twice(local) else pattern)


def _at(moment: datetime, pattern: str) -> str:
    time = {"H": f"{moment.hour:02}", "i": f"{moment.minute:02}", "s": f"{moment.second:02}", "T": moment.tzname()}
    return _form(moment.date(), pattern).format_map(time)


@kept_by_language
def _form(day: date, pattern: str) -> str:
    """What is written of all moments of a day, with their clock left blank: a page tells many."""
    return formatted(day, _CLOCK.sub(r"{\\\1}", pattern))


def _comes_twice(moment: datetime) -> bool:
    """Whether the clock tells this time once more that day, as it is set back."""
    return moment.replace(fold=not moment.fold).utcoffset() != moment.utcoffset()


def complete_through(now: datetime, today: date) -> str:
    """The viewer's clock, with its date wherever that is not the page's day."""
    return clock(now) if timezone.localtime(now).date() == today else minute(now)


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, up to a week; then the day."""
    past = now - moment
    if past < timedelta(minutes=1):
        return gettext("just now")
    if past < timedelta(hours=1):
        minutes = past // timedelta(minutes=1)
        return ngettext("%(number)s minute ago", "%(number)s minutes ago", minutes) % {"number": minutes}
    if past < timedelta(days=1):
        hours = past // timedelta(hours=1)
        return ngettext("%(number)s hour ago", "%(number)s hours ago", hours) % {"number": hours}
    if past < RELATIVE_FOR:
        return ngettext("%(number)s day ago", "%(number)s days ago", past.days) % {"number": past.days}
    return day(moment, now)

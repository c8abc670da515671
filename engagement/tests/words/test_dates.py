"""Days and moments as text, kept for who says them again."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation
from django.utils.dateformat import format as formatted

from engagement.words.dates import calendar_day, clock, clock_seconds, exact, exact_second, minute, printed, short_day

BERLIN, LORD_HOWE = ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Lord_Howe")
PATTERNS = {
    exact: "D j M Y, H:i T",
    exact_second: "D j M Y, H:i:s T",
    minute: "D j M Y, H:i",
    printed: "l j F Y, H:i T",
}
# The evenings before clocks are set, in Berlin twice and on Lord Howe by half an hour.
EVENINGS = [
    datetime(2026, 3, 28, 20, tzinfo=UTC),
    datetime(2026, 10, 24, 20, tzinfo=UTC),
    datetime(2026, 4, 4, 12, tzinfo=UTC),
]


@pytest.mark.parametrize("zone", [BERLIN, LORD_HOWE], ids=str)
@pytest.mark.parametrize("night", EVENINGS, ids=str)
def test_a_moment_is_written_as_django_writes_it_on_nights_when_clocks_change_too(zone, night):
    with timezone.override(zone), translation.override("en"):
        for step in range(80):
            moment = night + timedelta(minutes=10 * step, seconds=step)
            local = timezone.localtime(moment)
            for told, pattern in PATTERNS.items():
                if local.replace(fold=not local.fold).utcoffset() == local.utcoffset():
                    assert told(moment) == formatted(local, pattern)
                else:
                    # Of an hour that comes twice Django leaves the zone out, just where it is needed.
                    plain = formatted(local, pattern.removesuffix(" T"))
                    assert told(moment) == f"{plain} {local.tzname()}"


@pytest.mark.parametrize("told", [exact, exact_second, minute, printed, clock, clock_seconds])
def test_no_two_moments_of_a_night_on_which_the_clock_is_set_back_read_alike(told):
    with timezone.override(BERLIN):
        night = [told(EVENINGS[1] + timedelta(minutes=step)) for step in range(600)]
    assert len(set(night)) == 600


def test_what_is_kept_of_one_language_is_not_said_in_another():
    with translation.override("en"):
        assert short_day(date(2026, 5, 3)) == "3 May"
    with translation.override("de"):
        assert short_day(date(2026, 5, 3)) == "3. Mai"
    with translation.override("en"):
        assert short_day(date(2026, 5, 3)) == "3 May"


def test_one_moment_is_told_by_each_clock():
    moment = datetime(2026, 11, 24, 23, 30, 5, tzinfo=UTC)
    with translation.override("en"):
        with timezone.override(BERLIN):
            assert exact_second(moment) == "Wed 25 Nov 2026, 00:30:05 CET"
        with timezone.override(UTC):
            assert exact_second(moment) == "Tue 24 Nov 2026, 23:30:05 UTC"


def test_a_day_of_another_year_is_told_with_it():
    assert calendar_day(date(2025, 11, 5), date(2026, 1, 2)) == "5 Nov 2025"
    assert calendar_day(date(2026, 11, 5), date(2026, 12, 2)) == "5 Nov"

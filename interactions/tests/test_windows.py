"""The span of time a reader asks about, cut in the institution's days."""

from datetime import UTC, date, datetime

import pytest

from interactions.windows import Window, WindowFault, read_window

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_a_named_range_holds_today_and_the_days_before_it():
    window = read_window({"timeRange": "7d"}, NOW)
    assert (window.start, window.end, window.until) == (utc(2026, 3, 10), NOW, utc(2026, 3, 17))
    assert (window.first_day, window.last_day, window.name) == (date(2026, 3, 10), date(2026, 3, 16), "7d")


def test_the_default_is_thirty_days_unless_the_reader_says_otherwise():
    assert read_window({}, NOW).name == "30d"
    assert read_window({}, NOW, default="all") == Window(None, NOW, running=True, name="all")


def test_days_are_the_institutions(settings):
    settings.MEDSIM_TIME_ZONE = "Pacific/Auckland"
    window = read_window({"from": "2026-03-16", "to": "2026-03-16"}, NOW)
    assert (window.start, window.end) == (utc(2026, 3, 15, 11), utc(2026, 3, 16, 11))


def test_a_plain_to_day_is_included_and_a_moment_is_not():
    assert read_window({"from": "2026-03-01", "to": "2026-03-02"}, NOW).end == utc(2026, 3, 3)
    assert read_window({"from": "2026-03-01", "to": "2026-03-02T00:00:00Z"}, NOW).end == utc(2026, 3, 2)


def test_an_unescaped_plus_sign_is_read_as_one():
    window = read_window({"from": "2026-03-01T10:00:00 02:00", "to": "2026-03-02"}, NOW)
    assert window.start == utc(2026, 3, 1, 8)


def test_a_cut_day_is_taken_in_whole():
    cut = Window(utc(2026, 3, 1, 10), utc(2026, 3, 3, 1)).in_whole_days()
    assert (cut.start, cut.end) == (utc(2026, 3, 1), utc(2026, 3, 4))


def test_the_window_before_holds_as_many_days_across_a_change_of_the_clock(settings):
    settings.MEDSIM_TIME_ZONE = "Europe/Berlin"
    before = read_window({"from": "2026-03-30", "to": "2026-04-05"}, NOW).previous
    assert (before.first_day, before.last_day) == (date(2026, 3, 23), date(2026, 3, 29))
    assert before.end - before.start == utc(2026, 1, 7, 23) - utc(2026, 1, 1)


def test_nothing_lies_before_everything():
    assert read_window({"timeRange": "all"}, NOW).previous is None


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ({"timeRange": "1y"}, "/timeRange", "unknown_range"),
        ({"timeRange": "7d", "to": "2026-01-01"}, "/timeRange", "conflicting"),
        ({"to": "2026-01-01"}, "/from", "required"),
        ({"from": "2026-02-30"}, "/from", "invalid_time"),
        ({"from": "2026-02-03T10:00:00"}, "/from", "invalid_time"),
        ({"from": "1969-12-31"}, "/from", "out_of_range"),
        ({"from": "2026-01-01", "to": "2300-12-31"}, "/to", "out_of_range"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "/to", "end_before_start"),
    ],
)
def test_what_cannot_be_read_is_named(query, pointer, code):
    with pytest.raises(WindowFault) as fault:
        read_window(query, NOW)
    assert [(error.pointer, error.code) for error in fault.value.errors] == [(pointer, code)]

"""A line over time."""

import pytest

from analytics.charts import ForecastPoint, LinePoint, XLabel, line_chart

SAID = {"key": "k", "title": "t", "words": "w", "note": "n", "heading": "Day", "unit": "Points"}


def chart(*values, **more):
    return line_chart(**SAID, points=[LinePoint(str(day), value) for day, value in enumerate(values, 1)], **more)


def test_a_line_runs_through_the_middle_of_its_slots_and_stands_on_zero():
    line = chart(0, 50, 100, 100)
    assert line.lines == ["125.0,160.0 375.0,80.0 625.0,0.0 875.0,0.0"]
    assert [tick.words for tick in line.ticks] == ["100", "50", "0"]


def test_a_line_never_crosses_a_day_that_is_not_known():
    line = chart(2, 1, None, 1, None, None, 2, 2)
    assert line.lines == ["62.5,0.0 187.5,80.0", "812.5,0.0 937.5,0.0"]
    assert line.dots == [("43.750%", "80.0")]


def test_a_forecast_sets_out_from_the_last_known_value_and_its_band_opens_there():
    line = chart(1, 2, forecast=[ForecastPoint("3", 2, 1, 3), ForecastPoint("4", 2, 0, 4)])
    assert line.forecast == "375.0,80.0 625.0,80.0 875.0,80.0"
    assert line.band == "375.0,80.0 625.0,40.0 875.0,0.0 875.0,160.0 625.0,120.0"
    assert line.table.columns == ["Day", "Points", "From", "To", "Remark"]
    assert [[str(cell) for cell in row] for row in line.table.rows] == [
        ["1", "1", "", "", ""],
        ["2", "2", "", "", ""],
        ["3", "2", "1", "3", "forecast"],
        ["4", "2", "0", "4", "forecast"],
    ]


def test_paused_days_are_hatched_and_said():
    line = line_chart(**SAID, points=[LinePoint("1", 1), LinePoint("2", None, is_paused=True)])
    assert [slot.is_hatched for slot in line.slots] == [False, True]
    assert line.slots[1].words == "2: Points not known; paused"
    assert line.has_hatch


def test_the_own_past_shares_the_scale_and_its_key():
    points = [LinePoint("1", 1, 4), LinePoint("2", 2, 4)]
    line = line_chart(**SAID, points=points, before_words="a week earlier")
    assert (line.before, line.before_words) == (["250.0,0.0 750.0,0.0"], "a week earlier")
    assert line.table.columns == ["Day", "Points", "a week earlier"]


@pytest.mark.parametrize(("count", "walkable"), [(12, True), (13, False)])
def test_the_tab_key_stops_at_few_marks_only(count, walkable):
    assert chart(*range(count)).is_walkable is walkable


def test_a_line_of_nothing_is_an_axis():
    line = chart()
    assert (line.lines, line.dots, line.slots, line.labels) == ([], [], [], [])


def test_labels_are_four_at_most():
    assert chart(*range(30)).labels[0] == XLabel("0.000%", "start", "1")
    assert len(chart(*range(30)).labels) == 4

"""Charts about groups: funnel, retention, bands, heatmap, columns, distribution."""

import pytest

from analytics.charts import (
    Band,
    FunnelStep,
    Marker,
    NoChart,
    RetentionStep,
    band_chart,
    bins_of,
    column_chart,
    distribution,
    funnel,
    heatmap,
    retention_chart,
)
from analytics.numbers import duration

SAID = {"key": "k", "title": "t", "note": "n"}


def values(table) -> list[list]:
    return [[getattr(cell, "value", cell) for cell in row] for row in table.rows]


def steps(*counts: int) -> list[FunnelStep]:
    return [FunnelStep(f"step {number}", count) for number, count in enumerate(counts, 1)]


def test_a_funnel_names_the_step_before_which_most_stopped():
    chart = funnel(**SAID, heading="Step", unit="Learners", steps=steps(40, 36, 18, 17), people=40)
    assert [(row.width, row.count, row.share, row.lost, row.is_drop) for row in chart.rows] == [
        ("100.000%", "40", "100%", 0, False),
        ("90.000%", "36", "90%", 4, False),
        ("45.000%", "18", "45%", 18, True),
        ("42.500%", "17", "43%", 1, False),
    ]
    assert chart.words == "Of 40, 17 came to “step 4”. Most stopped before “step 3”: 18 of 36."
    assert values(chart.table)[2] == ["step 3", 18, 45.0, 18]


def test_a_funnel_in_which_nobody_stops_names_no_step():
    chart = funnel(**SAID, heading="Step", unit="Learners", steps=steps(12, 12), people=12)
    assert [row.is_drop for row in chart.rows] == [False, False]


@pytest.mark.parametrize(
    ("counts", "people", "state"), [((9, 8), 9, "suppressed"), ((0, 0), None, "empty"), ((), None, "empty")]
)
def test_a_funnel_of_few_or_none_is_words(counts, people, state):
    chart = funnel(**SAID, heading="Step", unit="Learners", steps=steps(*counts), people=people)
    assert (type(chart), chart.state, chart.table) == (NoChart, state, None)


def test_a_retention_step_of_fewer_than_ten_is_a_gap_and_names_no_number():
    told = [RetentionStep("1", 20, 20), RetentionStep("2", 20, 15), RetentionStep("3", 9, 7)]
    chart = retention_chart(**SAID, words="w", heading="Week", steps=told)
    assert chart.lines == ["166.7,0.0 500.0,40.0"]
    assert values(chart.table) == [
        ["1", 100.0, 20, 20],
        ["2", 75.0, 15, 20],
        ["3", "fewer than 10", "fewer than 10", "fewer than 10"],
    ]
    assert "7" not in chart.slots[2].words
    assert retention_chart(**SAID, words="w", heading="Week", steps=told[2:]).state == "suppressed"


@pytest.mark.parametrize(("others", "shown"), [(9, False), (10, True)])
def test_bands_need_ten_others(others, shown):
    bands = [Band("Index", 10, 40, 50, 70, 90, 62)]
    chart = band_chart(**SAID, heading="Measure", own_words="You", bands=bands, others=others)
    assert isinstance(chart, NoChart) is not shown
    if shown:
        [row] = chart.rows
        assert (row.reach_x, row.reach_width, row.middle_x, row.middle_width, row.own_x) == (
            *("10.000%", "80.000%", "40.000%", "30.000%"),
            "62.000%",
        )
        assert row.words == "You 62; the middle half lies between 40 and 70, the median at 50."
        assert values(chart.table) == [["Index", 62, 10, 40, 50, 70, 90]]


def test_a_heatmap_says_its_counts_by_shade_size_and_table():
    chart = heatmap(**SAID, words="w", unit="interactions", counts={(0, 9): 8, (6, 23): 2})
    monday, sunday = chart.rows[0].cells[9], chart.rows[6].cells[23]
    assert (monday.shade, sunday.shade, chart.rows[1].cells[0].shade) == (4, 1, 0)
    assert (monday.height, sunday.height) == ("20.0", "10.0")
    assert monday.words == "Monday, 09:00: 8 interactions"
    assert sum(sum(row[1:]) for row in values(chart.table)) == 10
    assert chart.shades == [(1, "1–2"), (2, "3–4"), (3, "5–6"), (4, "7–8")]


def test_columns_stack_from_zero_and_the_key_reads_from_the_top():
    chart = column_chart(
        **SAID,
        words="w",
        heading="Week",
        kinds=[("low", "Low"), ("high", "High")],
        columns=[("1", [1, 3]), ("2", [0, 2])],
    )
    assert [[(layer.kind, layer.y, layer.height) for layer in column.layers] for column in chart.columns] == [
        [("low", "120.0", "40.0"), ("high", "0.0", "120.0")],
        [("high", "80.0", "80.0")],
    ]
    assert [entry.words for entry in chart.entries] == ["High", "Low"]
    assert values(chart.table) == [["1", 1, 3], ["2", 0, 2]]


@pytest.mark.parametrize(
    ("told", "most", "unit", "edges"),
    [
        ([0, 1, 9], 10, 1, [(0, 1), (8, 9)]),
        ([1, 95], 10, 1, [(0, 10), (90, 100)]),
        ([30, 600], 5, 60, [(0, 120), (480, 600)]),
        ([0, 0], 5, 1, [(0, 1), (0, 1)]),
        ([0.2, 0.9], 5, 1, [(0, 0.2), (0.8, 1.0)]),
    ],
)
def test_bins_are_round_and_hold_every_value(told, most, unit, edges):
    bins = bins_of(told, most, unit)
    assert sum(each.count for each in bins) == len(told)
    assert [(each.low, pytest.approx(each.high)) for each in (bins[0], bins[-1])] == edges
    assert len(bins) <= most


def test_a_marker_stands_where_its_value_lies_and_each_has_a_line_of_its_own():
    markers = [Marker(300, "Median"), Marker(60, "Fastest tenth"), Marker(9999, "You")]
    chart = distribution(
        **SAID,
        words="Half take 5 min.",
        heading="Time",
        unit="attempts",
        bins=bins_of([60, 130, 250, 400, 599], 6, unit=60),
        markers=markers,
        value_words=duration,
    )
    assert [(marker.x, marker.words) for marker in chart.markers] == [
        ("10.000%", "Fastest tenth: 1 min"),
        ("50.000%", "Median: 5 min"),
        ("100.000%", "You: 2 h 47 min"),
    ]
    assert len({marker.y for marker in chart.markers}) == 3
    assert [bar.height for bar in chart.bars] == ["80.0", "80.0", "80.0", "80.0", "80.0"]
    assert sum(row[1] for row in values(chart.table)) == 5

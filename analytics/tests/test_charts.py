"""The geometry of the charts."""

import pytest

from analytics.charts import Segment, Sparkline, XLabel, bar_plot, nice_ceiling, sparkline, stacked


@pytest.mark.parametrize(
    ("value", "ceiling"),
    [(0, 2), (2, 2), (3, 4), (7, 8), (9.5, 10), (11, 20), (23, 30), (61, 80), (99, 100), (100, 100), (2290, 3000)],
)
def test_the_top_of_an_axis_is_round_and_so_is_its_half(value, ceiling):
    assert nice_ceiling(value) == ceiling
    assert ceiling / 2 == int(ceiling / 2)


def test_bars_stand_on_zero_and_are_as_high_as_their_value():
    plot = bar_plot([0, 5, 10], ["a", "b", "c"], ["A", "B", "C"])
    assert plot.height == 160
    assert [(bar.y, bar.height) for bar in plot.bars] == [("160.0", "0.0"), ("80.0", "80.0"), ("0.0", "160.0")]
    assert [(tick.y, tick.words) for tick in plot.ticks] == [("0.0", "10"), ("80.0", "5"), ("160.0", "0")]
    assert [bar.words for bar in plot.bars] == ["A", "B", "C"]


def test_bars_fill_the_width_without_overlap():
    bars = bar_plot([1] * 4, list("abcd"), list("ABCD")).bars
    assert [(bar.slot_x, bar.slot_end) for bar in bars] == [
        ("0.000%", "25.000%"),
        ("25.000%", "50.000%"),
        ("50.000%", "75.000%"),
        ("75.000%", "100.000%"),
    ]
    assert (bars[0].x, bars[0].width) == ("3.750%", "17.500%")


def test_the_past_behind_a_bar_shares_its_scale_and_a_past_of_nothing_is_not_drawn():
    plot = bar_plot([10, 10], ["a", "b"], ["A", "B"], before=[20, 0])
    assert [(bar.before_y, bar.y) for bar in plot.bars] == [("0.0", "80.0"), (None, "80.0")]


def test_of_many_labels_four_are_shown_and_none_sticks_out():
    labels = bar_plot([1] * 30, [str(n) for n in range(30)], [""] * 30).labels
    assert labels[0] == XLabel("0.000%", "start", "0")
    assert [label.words for label in labels] == ["0", "10", "19", "29"]
    assert labels[-1] == XLabel("100.000%", "end", "29")


def test_a_chart_of_nothing_has_an_axis_and_no_bars():
    plot = bar_plot([], [], [])
    assert (plot.bars, plot.labels, [tick.words for tick in plot.ticks]) == ([], [], ["2", "1", "0"])


def test_segments_lie_end_to_end_and_nothing_takes_no_room():
    assert stacked([("low", 1, "one"), ("medium", 0, "none"), ("high", 3, "three")], 8) == [
        Segment("low", "0.000%", "12.500%", "one"),
        Segment("high", "12.500%", "37.500%", "three"),
    ]


def test_a_sparkline_never_crosses_a_gap():
    line = sparkline([10, 0, None, 5, None, 10])
    assert line == Sparkline(
        lines=["3.0,3.0 21.0,21.0"],
        dots=[("57.0", "12.0"), ("93.0", "3.0")],
        end=("93.0", "3.0"),
        first=10,
        lowest=0,
        last=10,
    )


def test_a_sparkline_that_ends_in_a_gap_has_no_last_point():
    assert sparkline([1, 2, None]).end is None


def test_a_sparkline_of_gaps_is_empty():
    assert sparkline([None, None]) == Sparkline([], [], None, None, None, None)

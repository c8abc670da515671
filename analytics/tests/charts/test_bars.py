"""Vertical bars."""

from analytics.charts import XLabel, bar_plot


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

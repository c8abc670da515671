"""The small line beside a name."""

from analytics.charts import Sparkline, sparkline


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

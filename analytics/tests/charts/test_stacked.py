"""Horizontal stacked bars."""

from analytics.charts import Segment, stacked


def test_segments_lie_end_to_end_and_nothing_takes_no_room():
    assert stacked([("low", 1, "one"), ("medium", 0, "none"), ("high", 3, "three")], 8) == [
        Segment("low", "0.000%", "12.500%", "one"),
        Segment("high", "12.500%", "37.500%", "three"),
    ]

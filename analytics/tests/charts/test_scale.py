"""Positions on a chart."""

import pytest

from analytics.charts import nice_ceiling


@pytest.mark.parametrize(
    ("value", "ceiling"),
    [(0, 2), (2, 2), (3, 4), (7, 8), (9.5, 10), (11, 20), (23, 30), (61, 80), (99, 100), (100, 100), (2290, 3000)],
)
def test_the_top_of_an_axis_is_round_and_so_is_its_half(value, ceiling):
    assert nice_ceiling(value) == ceiling
    assert ceiling / 2 == int(ceiling / 2)

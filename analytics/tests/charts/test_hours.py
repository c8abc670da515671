"""The hours of a day whose clock changes."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from analytics.charts import LinePoint, hours_of, line_chart


@pytest.fixture(autouse=True)
def berlin(settings):
    settings.MEDSIM_TIME_ZONE = "Europe/Berlin"


@pytest.mark.parametrize(
    ("day", "count", "around"),
    [
        (date(2026, 3, 29), 23, ["00:00", "01:00", "03:00", "04:00"]),
        (date(2026, 3, 30), 24, ["00:00", "01:00", "02:00", "03:00"]),
        (date(2026, 10, 25), 25, ["00:00", "01:00", "02:00 CEST", "02:00 CET"]),
    ],
)
def test_a_day_has_the_hours_that_passed(day, count, around):
    hours = hours_of(day)
    assert [hour.label for hour in hours[:4]] == around
    assert len(hours) == count
    assert hours[0].end - hours[0].start == timedelta(hours=1)
    assert all(one.end == other.start for one, other in pairwise(hours))


def test_a_day_of_25_hours_draws_25_slots_of_one_width():
    hours = hours_of(date(2026, 10, 25))
    chart = line_chart(
        key="k",
        title="t",
        words="w",
        note="n",
        heading="Hour",
        unit="Interactions",
        points=[LinePoint(hour.label, 1) for hour in hours],
    )
    assert {slot.width for slot in chart.slots} == {"4.000%"}
    assert [row[0] for row in chart.table.rows][2:4] == ["02:00 CEST", "02:00 CET"]

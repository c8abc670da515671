"""Days of 23 and 25 hours on the pages: nothing is lost, doubled or told as one."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest

from analytics.tests.crowd_work import crowd
from analytics.tests.reading import words_of
from analytics.tests.work import DEED
from interactions.services import CREATED, track_bulk_interactions
from medsim_tracking.testing import client_of

# The Sundays on which Berlin's clock is set: at 02:00 to 03:00, and at 03:00 back to 02:00.
SHORT, LONG = date(2026, 3, 29), date(2026, 10, 25)


@pytest.fixture(autouse=True)
def berlin(settings):
    settings.MEDSIM_TIME_ZONE = "Europe/Berlin"


def at(day: date, hour: float) -> datetime:
    """So many hours after the midnight in UTC with which this day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour)


def done(sim, learners, moments, now):
    told = [
        DEED | {"userId": one.public_id, "occurredAt": moment.isoformat()} for one in learners for moment in moments
    ]
    outcomes = track_bulk_interactions(sender=sim, interactions=told, now=now, historical=True)
    assert {outcome.status for outcome in outcomes} == {CREATED}


def exported(client, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("day", "first", "last", "outside"),
    [
        # Berlin's midnights in UTC: 23 hours apart, and 25.
        (SHORT, -1, 21.99, [-1.01, 22]),
        (LONG, -2, 22.99, [-2.01, 23]),
    ],
)
def test_a_day_is_one_bar_from_its_midnight_to_the_next(edda, lena, sim, clock, day, first, last, outside):
    clock.now = at(day, 40)
    done(sim, [lena], [at(day, hour) for hour in (first, 1, last, *outside)], clock.now)
    [heads, *rows] = exported(client_of(edda), "/learners/lena?timeRange=7d&format=csv&table=series")
    column = heads.index("Interactions")
    told = {row[0]: row[column] for row in rows}
    assert [told[str(day + timedelta(days=step))] for step in (-1, 0, 1)] == ["1", "3", "1"]
    assert len(told) == 7


def test_an_hour_that_comes_twice_is_told_as_two_in_the_timeline(edda, lena, sim, clock):
    clock.now = at(LONG, 12)
    done(sim, [lena], [at(LONG, 0.5), at(LONG, 1), at(LONG, 1.5), at(LONG, 2.5)], clock.now)
    words = words_of(client_of(edda).get("/learners/lena?timeRange=7d"))
    assert "02:30:00 CEST Case completed" in words
    assert "02:30:00 CET Case completed" in words
    assert "03:30:00 Case completed" in words
    assert "Sun 25 Oct 2026, 02:30 CEST to 02:30 CET" in words


def test_each_minute_of_an_hour_that_comes_twice_has_a_name_of_its_own(edda, lena, sim, clock):
    clock.now = at(LONG, 1.25)
    done(sim, [lena], [at(LONG, 0.9), at(LONG, 1.1)], clock.now)
    rows = exported(client_of(edda), "/live?format=csv&table=minutes")[1:]
    assert len({row[0] for row in rows}) == len(rows) == 30
    words = words_of(client_of(edda).get("/live"))
    assert "02:54 CEST: 1 interaction" in words
    assert "02:06 CET: 1 interaction" in words


@pytest.mark.parametrize(("day", "hours", "two", "three"), [(SHORT, [0.5, 1.5], 0, 1), (LONG, [0.5, 1.5, 2.5], 2, 1)])
def test_in_the_hours_of_the_week_both_add_up_and_the_missing_one_is_empty(
    edda, cardiology, sim, clock, day, hours, two, three
):
    clock.now = at(day, 36)
    learners = crowd(cardiology, 10)
    done(sim, learners, [at(day, hour) for hour in hours], clock.now)
    [heads, *rows] = exported(client_of(edda), "/cohorts/cardiology?format=csv&table=hours")
    sunday = dict(zip(heads, rows[-1], strict=True))
    told = [sum(int(sunday[head] or 0) for head in heads if head.startswith(hour)) for hour in ("02", "03")]
    assert told == [10 * two, 10 * three], sunday

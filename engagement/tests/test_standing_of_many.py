"""Standings of many at once are those of one after the other, to the last digit."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import numpy as np
import pytest

from engagement.domain.case_ends import CaseEnds
from engagement.domain.day_grid import DayGrid, counting
from engagement.domain.tenure import Tenure
from engagement.selectors import NO_ENDS, Day, Record, indexes_of
from engagement.standing import LOOK_BACK_DAYS, standings_of
from engagement.standing_of_many import indexes_of_many, standings_of_many
from interactions.domain.policy import ES_1, Policy
from interactions.policies import PolicyBook

TODAY = date(2026, 3, 16)
# A new policy begins within the window of today's index, and its clock begins anew.
BOOK = PolicyBook((ES_1, Policy("es-2", ES_1.rules, TODAY - timedelta(days=20))))


def day_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def some_tenure(random: Random) -> Tenure:
    start = random.choice([None, *map(day_ago, (0, 3, 6, 7, 13, 27, 30, 83, 84, 200, 300))])
    pauses = []
    for _ in range(random.choice([0, 0, 0, 1, 2])):
        begin = day_ago(random.randrange(-3, 150))
        pauses.append((begin, begin + timedelta(days=random.randrange(1, 60))))
    return Tenure(start, tuple(pauses))


def some_ends(random: Random, day: date) -> CaseEnds:
    moments = sorted(datetime(day.year, day.month, day.day, hour, tzinfo=UTC) for hour in random.sample(range(24), 3))
    done = random.choice([None, random.choice(moments)])
    left = random.choice([0, 1, 3])
    return CaseEnds(left, moments[0], moments[-1], done) if left else CaseEnds(0, None, None, done) if done else NO_ENDS


def some_record(random: Random) -> Record:
    rate, quiet = random.choice([0.0, 0.1, 0.4, 0.9]), random.choice([0, 0, 5, 9, 20, 90])
    days = {
        day_ago(ago): Day(
            random.choice([0.4, 19.9999, 20.0, 87.3312, 300.0]),
            random.choice([5.5, 40.0, 99.1234]),
            1,
            datetime(2026, 1, 1, tzinfo=UTC),
            "es-1",
            some_ends(random, day_ago(ago)),
        )
        for ago in range(quiet, 420)
        if random.random() < rate
    }
    return Record(some_tenure(random), days)


def grid_of(records: list[Record], days: int = 420) -> DayGrid:
    first = day_ago(days - 1)
    points, best = np.zeros((2, len(records), days))
    for row, record in enumerate(records):
        for day, done in record.days.items():
            points[row, (day - first).days], best[row, (day - first).days] = done.points, done.best
    return DayGrid(first, points, best, counting([record.tenure for record in records], first, days))


def newest_first(record: Record):
    return iter(sorted(record.case_ends.items(), reverse=True))


def has_left_any(record: Record) -> bool:
    return any(ends.abandoned for ends in record.case_ends.values())


@pytest.fixture(scope="module")
def records() -> list[Record]:
    random = Random(7)
    return [some_record(random) for _ in range(400)]


def test_each_stands_where_he_stands_alone(records):
    tenures = [record.tenure for record in records]
    ends = {place: newest_first(record) for place, record in enumerate(records) if has_left_any(record)}
    found = standings_of_many(grid_of(records), tenures, ends, TODAY, BOOK)
    assert found == standings_of(records, TODAY, BOOK)
    kinds = {reason.kind for standing in found for reason in standing.reasons}
    assert kinds == {"silent", "never_started", "fallen", "little", "abandoned"}


@pytest.mark.parametrize("ago", [0, 1, 3, 28])
def test_the_index_of_any_day_is_the_same(records, ago):
    assert indexes_of_many(grid_of(records), day_ago(ago), BOOK) == indexes_of(records, day_ago(ago), BOOK)


def test_nobody_at_all_is_an_empty_list():
    assert standings_of_many(grid_of([]), [], {}, TODAY, BOOK) == []


def test_the_oldest_of_the_counting_days_is_found_without_naming_all(records):
    for tenure in (record.tenure for record in records):
        days = tenure.counting_days(TODAY, LOOK_BACK_DAYS)
        assert tenure.first_of_counting_days(TODAY, LOOK_BACK_DAYS) == (days[-1] if days else None)

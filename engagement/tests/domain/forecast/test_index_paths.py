import numpy as np
import pytest

from engagement.domain.forecast.bgbb import BGBB, Counts
from engagement.domain.forecast.index_paths import DayPool, index_outlook
from engagement.domain.index import engagement_indexes

COHORT = BGBB(1.2, 1.8, 0.7, 14.0)
NOBODY = DayPool(np.empty(0), np.empty(0))


def outlook(days: int = 7, active: int = 14, seed: int = 1, cohort: BGBB = COHORT, tenure: int = 28, **changed):
    points, best = np.full(28, 150.0), np.full(28, 80.0)
    pool = DayPool(np.full(active, 150.0), np.full(active, 80.0))
    counts = Counts(np.array([active]), np.array([28]), np.array([28]))
    told = dict(points=points, best=best, tenure=tenure, counts=counts, cohort=cohort, own=pool, others=NOBODY)
    return index_outlook(**(told | changed), days=days, seed=seed)


def test_the_same_seed_gives_the_same_paths_and_another_seed_others():
    assert outlook(seed=5) == outlook(seed=5)
    assert len({outlook(seed=seed, days=28) for seed in range(6)}) > 1


def test_the_band_lies_between_no_work_at_all_and_the_index_that_work_can_give():
    ahead = outlook(days=14)
    assert ahead.floor < ahead.low <= ahead.median <= ahead.high <= 100


def test_the_floor_is_the_index_of_idle_days():
    idle = np.concatenate([np.zeros(7), np.full(21, 150.0)])[None]
    expected = engagement_indexes(idle, np.where(idle > 0, 80.0, 0.0), np.array([35])).score[0]
    assert outlook(days=7).floor == pytest.approx(expected)


def test_who_surely_left_falls_to_the_floor():
    gone = BGBB(1.2, 1.8, 8000.0, 0.01)
    silent = Counts(np.array([5]), np.array([5]), np.array([28]))
    ahead = outlook(cohort=gone, counts=silent, days=14)
    assert (ahead.median, ahead.low, ahead.high, ahead.level_drop) == (ahead.floor, ahead.floor, ahead.floor, 1.0)


def test_a_newcomer_has_no_level_to_drop_from_and_before_seven_days_no_index():
    assert outlook(tenure=3).level_drop is None
    assert outlook(tenure=0, days=6) is None


def test_the_paths_hold_as_many_active_days_as_are_told_beside_them():
    usual = float(COHORT.expected_active_days(Counts(np.array([14]), np.array([28]), np.array([28])), 14)[0])
    few, same, many = (outlook(days=14, expected=told).median for told in (0.3 * usual, usual, 1.7 * usual))
    assert few < same < many
    assert same == outlook(days=14).median
    nothing = outlook(days=14, expected=0.0)
    assert (nothing.median, nothing.high) == (nothing.floor, nothing.floor)

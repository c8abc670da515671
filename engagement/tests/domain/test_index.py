"""The index over 28 days against the worked values."""

from collections import defaultdict

import numpy as np
import pytest

from engagement.domain.index import WINDOW_DAYS, engagement_indexes
from interactions.domain.policy import ES_1
from interactions.domain.scoring import day_points, score_one
from interactions.tests.worked_values import VECTORS

LEARNERS = VECTORS["learners"]


def measured(learners):
    points, best = np.zeros((2, len(learners), WINDOW_DAYS))
    for row, learner in enumerate(learners):
        by_day = defaultdict(lambda: defaultdict(int))
        for event in learner["events"]:
            kind = event["interactionType"], event["resourceType"] or ""
            units = int(score_one(ES_1, kind, event["timeSpentSeconds"], event["performance"], 0).base_units[0])
            by_day[event["ageDays"]][event["interactionType"]] += units
            if event["ageDays"] < WINDOW_DAYS:
                best[row, event["ageDays"]] = max(best[row, event["ageDays"]], units / 10_000)
        for age in range(WINDOW_DAYS):
            points[row, age] = day_points(ES_1, by_day[age])
    return engagement_indexes(points, best, np.array([learner["tenureDays"] for learner in learners]))


@pytest.mark.parametrize("learner", LEARNERS, ids=lambda learner: learner["name"])
def test_one_learner_is_measured_as_worked_out(learner):
    indexes, expected = measured([learner]), learner["expected"]
    if expected is None:
        assert indexes.level(0) is None and np.isnan(indexes.score[0])
        return
    parts = {name: getattr(indexes, name)[0] for name in ("activity", "regularity", "depth")}
    assert parts == pytest.approx({name: expected[name] for name in parts}, abs=2e-6)
    assert indexes.score[0] == pytest.approx(expected["score"], abs=0.01)
    assert indexes.level(0) == expected["level"]


def test_all_learners_at_once_are_measured_as_one_by_one():
    together = measured(LEARNERS).score
    alone = [measured([learner]).score[0] for learner in LEARNERS]
    assert np.array_equal(together, alone, equal_nan=True)


def test_a_full_window_without_any_event_is_an_observation_of_zero():
    assert engagement_indexes(np.zeros((1, 28)), np.zeros((1, 28)), np.array([28])).score[0] == 0.0


def test_days_before_the_start_do_not_count():
    points = np.zeros((1, 28))
    points[0, 7:] = 300
    assert engagement_indexes(points, points / 3, np.array([7])).score[0] == 0.0


def test_an_index_decays_without_activity_as_worked_out():
    worked = next(learner for learner in LEARNERS if learner["name"] == "four days a week")
    silent = [
        {**worked, "events": [{**event, "ageDays": event["ageDays"] + weeks * 7} for event in worked["events"]]}
        for weeks in range(5)
    ]
    assert measured(silent).score.tolist() == [82.20, 57.30, 39.69, 18.02, 0.0]

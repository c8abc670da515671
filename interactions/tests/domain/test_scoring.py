"""The score of single interactions against the worked values, one by one and in bulk."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from interactions.domain.policy import ES_1
from interactions.domain.scoring import base_scores, consistency_of, day_points, level_of, score_one
from interactions.tests.worked_values import VECTORS

WORKED = VECTORS["interactions"]


def kind_of(case):
    return case["interactionType"], case["resourceType"] or ""


@pytest.mark.parametrize("case", WORKED, ids=lambda case: f"{case['interactionType']}-{case['engagementScore']}")
def test_one_interaction_scores_as_worked_out(case):
    scores = score_one(ES_1, kind_of(case), case["timeSpentSeconds"], case["performance"], case["consistency"])
    assert scores.total[0] == pytest.approx(case["engagementScore"], abs=0.01)
    assert level_of(scores.total[0]) == case["engagementLevel"]
    assert scores.parts(0) == pytest.approx(case["parts"], abs=1e-4)
    assert scores.base_units[0] / 10_000 == pytest.approx(case["basePoints"], abs=1e-4)


def test_all_interactions_at_once_score_as_one_by_one():
    def column(name):
        return np.array([np.nan if case[name] is None else case[name] for case in WORKED], dtype=float)

    bulk = base_scores(ES_1, [kind_of(case) for case in WORKED], column("timeSpentSeconds"), column("performance"))
    scores = bulk.with_consistency(column("consistency"))
    assert scores.total.tolist() == pytest.approx([case["engagementScore"] for case in WORKED], abs=0.01)
    assert [scores.parts(row) for row in range(len(WORKED))] == [
        pytest.approx(case["parts"], abs=1e-4) for case in WORKED
    ]


kinds = st.sampled_from(sorted(ES_1.rules))
seconds = st.none() | st.integers(0, 86_400)
performances = st.none() | st.floats(0, 100)
consistencies = st.sampled_from([eighth / 8 for eighth in range(9)])


# Rounded each by itself these parts would add up to 11.145, and so to 11.15, where the score is 11.14.
@example(("case_abandon", ""), 8, None, 0.125)
@example(("case_abandon", ""), 134, 33.3, 0.375)
@given(kinds, seconds, performances, consistencies)
def test_parts_add_up_to_the_score_and_it_stays_within_0_to_100(kind, time, performance, consistency):
    scores = score_one(ES_1, kind, time, performance, consistency)
    together = sum(Decimal(str(part)) for part in scores.parts(0).values())
    assert together.quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal(str(scores.total[0]))
    assert 0 <= scores.total[0] <= 100


@given(kinds, st.integers(0, 86_399), performances, consistencies)
def test_more_time_never_scores_less(kind, time, performance, consistency):
    less, more = (score_one(ES_1, kind, value, performance, consistency).total[0] for value in (time, time + 1))
    assert more >= less


@pytest.mark.parametrize(
    ("score", "level"),
    [(0, "low"), (39.99, "low"), (40, "medium"), (59.99, "medium"), (60, "high"), (79.99, "high"), (80, "very_high")],
)
def test_levels_begin_at_their_floors(score, level):
    assert level_of(score) == level


@pytest.mark.parametrize(("week", "before", "expected"), [(0, 0, 0), (4, 4, 1), (7, 0, 0.5), (2, 1, 0.375)])
def test_consistency_is_the_mean_of_two_weeks_each_full_at_four_days(week, before, expected):
    assert consistency_of(week, before) == expected


def test_a_day_caps_each_type_at_three_hundred_times_its_weight():
    fifty_page_moves = {"navigation": 50 * 5 * 10_000}
    assert day_points(ES_1, fifty_page_moves) == 15
    assert day_points(ES_1, {**fifty_page_moves, "case_complete": 900_000}) == 105


def test_a_type_that_is_only_data_scores_without_new_code():
    rules = {**ES_1.rules, ("virtual_ward_round", ""): ES_1.rules["feedback_submit", ""]}
    policy = replace(ES_1, version="es-2", rules=rules)
    new, known = (score_one(policy, (kind, ""), 600, None, 0) for kind in ("virtual_ward_round", "feedback_submit"))
    assert new.total[0] == known.total[0] > 0

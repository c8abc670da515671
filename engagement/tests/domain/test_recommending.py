"""The parts of a recommendation against worked values, and the choice among candidates."""

import pytest

from engagement.domain.progress import CASE, Item
from engagement.domain.recommending import (
    WEIGHTS,
    Candidate,
    Part,
    choose,
    completion_rate,
    due,
    gap,
    half_life,
    parts_of,
    zpd,
)


@pytest.mark.parametrize(("expected", "fit"), [(0.70, 0.8825), (0.78, 0.9994), (0.50, 0.1863), (0.95, 0.5063)])
def test_fit_is_best_in_the_middle_of_the_band(expected, fit):
    assert zpd(expected) == pytest.approx(fit, abs=5e-5)


def test_forgetting_halves_in_a_time_that_passes_lengthen_and_failures_shorten():
    assert 1 - due(30, 2, 0) == pytest.approx(0.6323, abs=5e-5)
    assert [half_life(0, 0), half_life(0, 9), half_life(9, 0), half_life(10**6, 10**6)] == [14, 1, 180, 1]
    assert due(-1, 0, 0) == 0


def test_a_gap_counts_the_more_the_more_attempts_it_rests_on():
    assert gap(0.45, 3) == pytest.approx(0.2)
    assert gap(0.45, 9) == pytest.approx(0.3)
    assert gap(0.80, 9) == gap(0.10, 0) == 0


def test_a_completion_rate_is_drawn_towards_the_overall_one():
    assert completion_rate(0, 0, 0.6) == pytest.approx(0.6)
    assert completion_rate(5, 5, 0.6) == pytest.approx(0.8)
    assert completion_rate(8, 2, 0.5) <= 1  # a simulator that sends no starts


def test_a_part_that_says_nothing_shares_its_weight():
    values = {"gap": 0.5, "zpd": None, "due": 0.0, "prior": 1.0, "novelty": 1.0}
    parts = parts_of(values, WEIGHTS)
    assert [(part.name, round(part.weight, 4), part.points) for part in parts] == [
        ("gap", 0.4286, 0.2143),
        ("due", 0.2857, 0.0),
        ("prior", 0.1429, 0.1429),
        ("novelty", 0.1429, 0.1429),
    ]
    assert Candidate(Item(CASE, "", "c"), "", parts).utility == 0.5001


def candidates(*told):
    return [
        Candidate(Item(CASE, "", name), specialty, (Part("gap", utility, 1.0, utility),))
        for name, specialty, utility in told
    ]


def picked(found, **more):
    return [choice.candidate.item.id for choice in choose(found, **{"seed": 1, "limit": 2} | more)]


def test_the_second_is_of_another_specialty_where_it_is_nearly_as_good():
    near = candidates(("a", "x", 0.9), ("b", "x", 0.8), ("c", "y", 0.6))
    assert picked(near) == ["a", "c"]  # .8 * .8 - .2 < .8 * .6
    far = candidates(("a", "x", 0.9), ("b", "x", 0.8), ("c", "y", 0.5))
    assert picked(far) == ["a", "b"]


def test_a_third_of_one_specialty_comes_only_where_there_is_nothing_else():
    many = candidates(*((f"x{n}", "x", 0.9) for n in range(6)), ("y", "y", 0.1))
    assert picked(many, limit=3, seed=0)[:2] == ["x0", "x1"]
    assert "y" in picked(many, limit=3, seed=0)  # the only one left to draw from
    assert len(picked(many, limit=7)) == 7


def test_order_does_not_depend_on_how_the_candidates_come():
    many = candidates(*((f"{n:02}", f"s{n % 4}", (n * 7 % 10) / 10) for n in range(30)))
    assert picked(many, limit=20) == picked(many[::-1], limit=20)


def test_the_lot_falls_evenly_on_ten_and_says_how_probable_it_was():
    many = candidates(*((f"{n:02}", f"s{n}", 1 - n / 40) for n in range(30)))
    lots = [choose(many, limit=5, seed=seed)[4] for seed in range(400)]
    assert {lot.propensity for lot in lots} == {0.1}
    assert {lot.candidate.item.id for lot in lots} == {f"{n:02}" for n in range(4, 14)}
    assert [choice.propensity for choice in choose(many, limit=2, seed=0)] == [None, None]

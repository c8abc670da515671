"""Ability and difficulty against worked values."""

import pytest

from engagement.domain.elo import (
    Ability,
    Estimate,
    Mastery,
    Scale,
    authored_difficulty,
    credit,
    learn,
    logistic,
    mastery_of,
)
from engagement.domain.insufficient import Insufficient, Need


def after(scores, *, specialty="cardiology", **more):
    """Ability, item and expectations after these scores of one learner at one item."""
    ability, item = Ability(), Estimate()
    expected = [learn(ability, specialty, item, score, **more) for score in scores]
    return ability, item, expected


def test_three_attempts_move_ability_and_difficulty_as_worked_out():
    ability, item, expected = after([0.85, 0.60, 0.90])
    assert expected == pytest.approx([0.5, 0.668188, 0.638791], abs=1e-6)
    assert ability.general.value == pytest.approx(0.261261, abs=1e-6)
    assert ability.specialties["cardiology"].value == pytest.approx(0.261261, abs=1e-6)
    assert item.value == pytest.approx(-0.522522, abs=1e-6)
    assert (ability.general.attempts, item.attempts) == (3, 3)


def test_a_second_attempt_tells_of_the_learner_and_not_of_the_item():
    ability, item, _ = after([0.85])
    learn(ability, "cardiology", item, 0.60, first=False)
    assert item == Estimate(-0.35, 1)
    assert ability.general == Estimate(pytest.approx(0.142530, abs=1e-6), 2)


def test_what_is_learned_in_one_specialty_counts_half_in_another():
    ability, _, _ = after([1.0])
    assert ability.of("cardiology") == 0.5
    assert ability.of("surgery") == 0.25
    assert ability.attempts("surgery") == 0


@pytest.mark.parametrize(
    ("score", "helps", "expected"), [(85, 0, 0.85), (85, 2, 0.68), (80, 5, 0.4), (80, 50, 0.4), (0, 3, 0), (100, 0, 1)]
)
def test_each_help_costs_a_tenth_and_all_of_them_at_most_half(score, helps, expected):
    assert credit(score, helps) == pytest.approx(expected)


def test_an_author_says_where_difficulty_starts():
    words = ["easy", "Beginner", " intermediate ", "HARD", "advanced", "", "level 4"]
    assert [authored_difficulty(word) for word in words] == [-0.8, -0.8, 0.0, 0.8, 0.8, 0.0, 0.0]


def test_the_logistic_holds_at_both_ends():
    assert [logistic(x) for x in (-1e4, 0, 1e4)] == [0.0, 0.5, 1.0]


def test_mastery_says_what_is_missing_until_three_attempts():
    ability, _, _ = after([0.9, 0.9])
    assert mastery_of(ability, "cardiology", Scale()) == Insufficient((Need("scored attempts in the specialty", 2, 3),))
    ability, _, _ = after([0.85, 0.60, 0.90])
    assert mastery_of(ability, "cardiology", Scale()) == Mastery(pytest.approx(0.627737, abs=1e-6), 3)


def test_mastery_is_what_is_expected_on_the_usual_case_wherever_that_lies_on_the_scale():
    ability, item, _ = after([0.85, 0.60, 0.90])
    usual = Scale(usual={"cardiology": item.value, "surgery": 5.0})
    # sigma(.261261 + .261261 + .522522): three scores of .78 on average, after an expectation that began at .50.
    assert mastery_of(ability, "cardiology", usual) == Mastery(pytest.approx(0.739822, abs=1e-6), 3)


def test_where_no_case_was_scored_the_middle_of_all_stands_in():
    scale = Scale(middle=-0.5, usual={"cardiology": -1.0})
    assert (scale.usual_in("cardiology"), scale.usual_in("surgery")) == (-1.0, -0.5)
    assert [scale.unscored(word) for word in ("beginner", "", "advanced")] == pytest.approx([-1.3, -0.5, 0.3])


def test_everybody_who_scores_80_can_expect_80_and_not_what_zero_on_the_scale_says():
    ability, item = Ability(), Estimate()
    for number in range(400):
        if number % 20 == 0:
            ability = Ability()
        learn(ability, "cardiology", item, 0.8, first=number % 20 == 0)
    assert 100 * mastery_of(ability, "cardiology", Scale()).probability < 70
    usual = Scale(usual={"cardiology": item.value})
    assert 100 * mastery_of(ability, "cardiology", usual).probability == pytest.approx(80, abs=0.5)

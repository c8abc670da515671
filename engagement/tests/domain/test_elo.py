"""Ability and difficulty against worked values."""

import pytest

from engagement.domain.elo import (
    Ability,
    Estimate,
    Mastery,
    authored_difficulty,
    credit,
    expected_score,
    learn,
    logistic,
    mastery_of,
    predicted_score,
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
    assert mastery_of(ability, "cardiology") == Insufficient((Need("scored attempts in the specialty", 2, 3),))
    ability, _, _ = after([0.85, 0.60, 0.90])
    assert mastery_of(ability, "cardiology") == Mastery(pytest.approx(0.627737, abs=1e-6), 3)


def test_a_score_is_predicted_from_five_attempts_three_of_them_in_the_specialty():
    ability, _, _ = after([0.8] * 3)
    assert predicted_score(ability, "cardiology") == Insufficient((Need("scored attempts", 3, 5),))
    for _ in range(2):
        learn(ability, "surgery", Estimate(), 0.8)
    assert predicted_score(ability, "surgery") == Insufficient((Need("scored attempts in the specialty", 2, 3),))
    assert predicted_score(ability, "cardiology") == pytest.approx(100 * expected_score(ability, "cardiology"))
    assert predicted_score(ability, "cardiology", 0.8) < predicted_score(ability, "cardiology", -0.8)

"""What stands out beyond chance, worked by hand."""

import pytest

from analytics.domain.surplus import Sample, lower, more_often, more_per


def test_a_share_is_compared_with_the_others_by_a_pooled_variance():
    # 9 of 21 beside 10 of 100: pooled 19/121, error sqrt(.157025 * .842975 * (1/21 + 1/100)) = .087333.
    assert more_often(9, 21, 10, 100) == pytest.approx((9 / 21 - 0.1) / 0.087333, rel=1e-4)
    assert more_often(1, 21, 10, 100) < 0


def test_events_are_compared_by_the_chances_they_had():
    # Of 40 calls a quarter of the starts would make 10, give or take sqrt(40 / 4 * 3 / 4).
    assert more_per(20, 10, 20, 30) == pytest.approx((20 - 10) / 7.5**0.5)


def test_means_are_compared_by_their_own_spread():
    low, high = Sample(4, 200, 10_400), Sample(9, 630, 44_100 + 9 * 36)
    # 50 with a variance of 100, and 70 with one of 36.
    assert (low.mean, low.variance, high.mean, high.variance) == (50, 100, 70, 36)
    assert lower(low, high) == pytest.approx(20 / (100 / 4 + 36 / 9) ** 0.5)
    assert (low + high) - high == low


@pytest.mark.parametrize(
    "strength",
    [
        more_often(0, 0, 1, 2),
        more_often(3, 3, 0, 0),
        more_often(0, 5, 0, 5),
        more_often(5, 5, 5, 5),
        more_per(0, 5, 0, 5),
        more_per(3, 3, 0, 0),
        lower(Sample(1, 5, 25), Sample(9, 90, 900)),
        lower(Sample(3, 15, 75), Sample(3, 15, 75)),
    ],
)
def test_where_there_is_nothing_to_compare_nothing_stands_out(strength):
    assert strength == 0

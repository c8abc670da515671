"""Bands among others, and who they are."""

import pytest

from engagement.domain.peers import QUARTERS, THIRDS, at_least, band_of, percentile, similar_tenure


def test_a_percentile_counts_equals_by_half():
    assert percentile(5, [1, 5, 5, 9]) == 50.0
    assert (percentile(0, [1, 2]), percentile(3, [1, 2])) == (0, 100)


def test_thirds_below_twenty_others_and_quarters_from_there():
    assert [band_of(value, range(19)) for value in (-1, 9, 30)] == list(THIRDS)
    assert [band_of(value, range(20)) for value in (-1, 7, 12, 30)] == list(QUARTERS)


def test_nine_others_give_no_band_and_ten_do():
    assert band_of(5, range(9)) is None
    assert band_of(5, range(10)) == "middle_third"


def test_others_who_are_all_alike_give_no_band_for_it_would_tell_each_of_them():
    assert band_of(5, [3] * 30) is None


def test_tenure_is_matched_where_ten_are_left():
    tenures = dict(enumerate([13, 14, *[30] * 9, 60, 400]))
    assert similar_tenure(30, tenures) == ([*range(2, 12)], True)
    assert similar_tenure(300, tenures) == ([*range(1, 13)], False)


@pytest.mark.parametrize(("count", "told"), [(0, 0), (9, 5), (10, 10), (14, 10), (25, 25)])
def test_how_many_is_told_in_fives(count, told):
    assert at_least(count) == told

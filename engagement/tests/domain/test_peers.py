"""Bands among others, and who they are."""

from random import Random

import pytest

from engagement.domain import peers as domain
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


def test_tenure_is_matched_where_ten_others_are_left_in_every_part():
    tenures = dict(enumerate([13, *[20] * 11, *[30, 55] * 6]))
    assert similar_tenure(1, tenures) == ([*range(2, 12)], True)
    assert similar_tenure(12, tenures) == ([*range(13, 24)], True)
    # One fewer of the first, who would be left over where the others are compared apart.
    del tenures[11]
    assert similar_tenure(12, tenures) == ([*range(1, 11), *range(13, 24)], False)
    # Too new to be compared.
    assert similar_tenure(0, tenures) == ([], False)


def test_the_groups_of_two_differ_by_themselves_or_in_everybody():
    random = Random(4)
    for _ in range(50):
        tenures = {one: random.randint(14, 366) for one in range(random.randint(11, 60))}
        groups = [{*similar_tenure(one, tenures)[0], one} for one in tenures]
        assert all(group == other or group.isdisjoint(other) for group in groups for other in groups)
        assert min(map(len, groups)) > 10


def bands_of_all(others):
    """What somebody sees who moves his own figure from nothing to a hundred."""
    return tuple(band_of(own, others) for own in range(101))


def figures_like(figure):
    """The figures that one of eleven may have, for all that can be seen."""
    rest = [2, 3, 6, 60, 65, 70, 80, 85, 90, 95]
    seen = bands_of_all([*rest, figure])
    return [other for other in range(101) if bands_of_all([*rest, other]) == seen]


def test_who_moves_his_own_figure_finds_nobody_elses_by_where_the_band_turns(monkeypatch):
    assert figures_like(40) == [*range(36, 45)]
    # Compared to the last digit it is found.
    monkeypatch.setattr(domain, "_step", lambda figure: figure)
    assert figures_like(40) == [40]


@pytest.mark.parametrize(("count", "told"), [(0, 0), (9, 5), (10, 10), (14, 10), (25, 25)])
def test_how_many_is_told_in_fives(count, told):
    assert at_least(count) == told

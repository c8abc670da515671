"""Packed figures: what comes out, of one row or of many, is what went in, added up."""

from random import Random

import pytest

from analytics.domain.bins import SCORE_EDGES, SECONDS_EDGES
from analytics.domain.counting import added
from analytics.domain.totals import HISTOGRAMS, SUMS, TOTAL_STATS, WORDS, added_totals, packed_totals


def some_values(random: Random) -> dict[str, dict[str, int]]:
    kinds = random.sample(["case_start", "case_complete", "navigation", 'Ä \\ " \n'], 3)
    return {
        "interactions": {kind: random.randrange(1, 10**6) for kind in kinds},
        "starts": {"inferred": random.randrange(1, 9)},
        "activeSeconds": {kind: random.randrange(1, 10**11) for kind in kinds},
        "untimed": {"": random.randrange(1, 99)},
        "completionSeconds": {str(random.randrange(len(SECONDS_EDGES))): random.randrange(1, 99) for _ in range(20)},
        "completionSecondsSum": {"": random.randrange(1, 10**12)},
        "scores": {str(random.randrange(len(SCORE_EDGES))): random.randrange(1, 99) for _ in range(20)},
        # What is not told of totals.
        "hours": {"11": 3},
        "fields": {"a\nb": 3},
    }


def told(values: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """The totals among some values, with one sum for all subgroups where only that is told."""
    sums = {name: {"": sum(values[name].values())} for name in SUMS if name in values}
    return {name: values[name] for name in (*WORDS, *HISTOGRAMS) if name in values} | sums


@pytest.mark.parametrize("rows", [1, 2, 60])
def test_packed_rows_add_up_to_what_their_values_do(rows):
    several = [some_values(Random(row)) for row in range(rows)]
    assert added_totals([packed_totals(values) for values in several]) == told(added(several))


def test_what_is_nothing_is_left_out():
    assert added_totals([packed_totals({})]) == added_totals([]) == {}
    assert added_totals([packed_totals({"shallow": {"": 2}})]) == {"shallow": {"": 2}}


def test_a_week_of_a_large_institution_fits():
    values = {"wallSeconds": {"": 10**15}, "scores": {"100": 4 * 10**9}}
    assert added_totals([packed_totals(values)] * 3) == {"wallSeconds": {"": 3 * 10**15}, "scores": {"100": 12 * 10**9}}


def test_equal_values_are_equal_bytes():
    values = {"interactions": {"search": 1, "case_start": 2}}
    turned = {"interactions": {"case_start": 2, "search": 1}}
    assert packed_totals(values) == packed_totals(turned)
    assert set(TOTAL_STATS) == {*WORDS, *SUMS, *HISTOGRAMS}

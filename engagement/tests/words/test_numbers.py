"""Numbers as text: rounded as people round, written as the reader writes them."""

import pytest
from django.utils import translation

from engagement.words.numbers import fixed, number, share


@pytest.mark.parametrize(("value", "decimals", "told"), [(12.5, 0, "13"), (0.125, 2, "0.13"), (-0.2, 0, "0")])
def test_halves_are_rounded_up_and_no_zero_has_a_sign(value, decimals, told):
    assert fixed(value, decimals) == told


@pytest.mark.parametrize(("part", "total", "told"), [(5, 40, "13%"), (3, 40, "8%"), (17, 40, "43%"), (0, 0, "–")])
def test_a_share_is_rounded_and_never_cut(part, total, told):
    assert share(part, total) == told


@pytest.mark.parametrize(("language", "told"), [("en", ["1,234.5", "8%"]), ("de", ["1.234,5", "8\N{NO-BREAK SPACE}%"])])
def test_marks_are_those_of_the_readers_language(language, told):
    with translation.override(language):
        assert [number(1234.5), share(8, 100)] == told


@pytest.mark.parametrize(("language", "written"), [("en", "1,234.50"), ("de", "1.234,50")])
def test_a_figure_is_written_as_its_reader_writes_it(language, written):
    with translation.override(language):
        assert fixed(1234.5, 2) == written


def test_what_was_written_for_one_reader_is_not_shown_to_another():
    for language, written in (("en", "2,000.5"), ("de", "2.000,5"), ("en", "2,000.5")):
        with translation.override(language):
            assert number(2000.5) == written

import pytest
from django.utils import translation

from engagement.words.numbers import fixed, number


@pytest.mark.parametrize(("language", "written"), [("en", "1,234.50"), ("de", "1.234,50")])
def test_a_figure_is_written_as_its_reader_writes_it(language, written):
    with translation.override(language):
        assert fixed(1234.5, 2) == written


def test_what_was_written_for_one_reader_is_not_shown_to_another():
    for language, written in (("en", "2,000.5"), ("de", "2.000,5"), ("en", "2,000.5")):
        with translation.override(language):
            assert number(2000.5) == written


def test_what_is_cut_to_nothing_has_no_minus():
    assert fixed(-0.2, 0) == "0"

"""Names that hold anything, as parts of an address."""

from urllib.parse import unquote, urljoin, urlsplit

import pytest
from django.urls import resolve, reverse

DOTTED = {
    ".": "/cases/~.",
    "..": "/cases/~..",
    "~.": "/cases/~~.",
    "a/../b": "/cases/a/~../b",
    "./.": "/cases/~./~.",
    "../../sign-in": "/cases/~../~../sign-in",
}
PLAIN = ["...", ".a", "a.", "~", "~a", "~/x", "a~.", "plain", "sepsis / 2", "a\nb", "%2e", "?", "#", "é", "\n.", ".\n"]


@pytest.mark.parametrize(("case_id", "address"), DOTTED.items())
def test_a_segment_of_dots_is_marked(case_id, address):
    assert reverse("case", args=[case_id]) == address


@pytest.mark.parametrize("case_id", PLAIN)
def test_every_other_name_is_written_as_it_is(case_id):
    assert unquote(reverse("case", args=[case_id])) == f"/cases/{case_id}"


@pytest.mark.parametrize("case_id", [*DOTTED, *PLAIN, "~" * 198 + "..", "./" * 99 + "."])
def test_the_address_that_a_browser_asks_for_leads_back_to_the_name(case_id):
    # As a browser does it: walked against the page on which the link stands.
    asked = urlsplit(urljoin("http://here/cases/other", reverse("case", args=[case_id]))).path
    assert resolve(unquote(asked)).kwargs == {"case_id": case_id}


@pytest.mark.parametrize("public_id", [".", "..", "a/./b", "lena"])
def test_a_learner_of_such_a_name_has_an_address_too(public_id):
    asked = urlsplit(urljoin("http://here/", reverse("learner", args=[public_id]))).path
    assert resolve(unquote(asked)).kwargs == {"public_id": public_id}

"""Filters: in the address, remembered, the same everywhere, never the cause of an error."""

import pytest
from django.urls import reverse

from analytics.forms import FilterForm
from analytics.tests.reading import without_own_scripts, words_of
from interactions.models import Case
from medsim_tracking.testing import NOW

COHORT, LEARNER = "/cohorts/cardiology", "/learners/lena"
ALL = ("q", "cohort", "timeRange", "specialty", "difficulty", "level", "attention")


@pytest.fixture
def catalogue(cast):
    for number, (specialty, difficulty) in enumerate([("Cardiology", "hard"), ("Cardiology", "easy"), ("", "")]):
        Case.objects.create(case_id=f"c{number}", specialty=specialty, difficulty=difficulty, first_seen=NOW)


@pytest.fixture
def form_of(rf, edda, catalogue):
    def form(query: str, shows=ALL, session=None) -> FilterForm:
        request = rf.get(f"/patterns?{query}")
        request.user, request.session = edda, {} if session is None else session
        return FilterForm(request, shows)

    return form


def test_a_page_shows_the_fields_it_names_with_the_choices_its_viewer_has(form_of):
    fields = form_of("").fields
    assert list(fields) == list(ALL)
    assert [value for value, _ in fields["cohort"].choices] == ["", "cardiology"]
    assert [value for value, _ in fields["specialty"].choices] == ["", "Cardiology"]
    assert [value for value, _ in fields["difficulty"].choices] == ["", "easy", "hard"]
    assert list(form_of("", ("level",)).fields) == ["level"]


def test_what_can_be_read_is_chosen_and_a_default_is_no_choice(form_of):
    form = form_of("cohort=cardiology&timeRange=30d&specialty=Cardiology&level=high&q=+len+&attention=1")
    assert form.chosen == {
        "cohort": "cardiology",
        "specialty": "Cardiology",
        "level": "high",
        "q": "len",
        "attention": True,
    }
    assert form.value_of("timeRange") == "30d"
    assert form.query(level=None, page="2") == "q=len&cohort=cardiology&specialty=Cardiology&attention=1&page=2"
    assert form.complaints == []


def test_what_cannot_be_read_is_told_in_words_and_falls_back(form_of):
    form = form_of("cohort=surgery&timeRange=banana&level=<b>&q=%00")
    assert form.chosen == {}
    assert form.value_of("timeRange") == "30d"
    assert form.complaints == [
        "“” is no choice of “Name”, so it filters nothing.",
        "“surgery” is no choice of “Cohort”, so it filters nothing.",
        "“banana” is no choice of “Period”; shown is: 30 days.",
        "“<b>” is no choice of “Level”, so it filters nothing.",
    ]


@pytest.mark.parametrize(
    "query", ["level=%FF", "level=" + "x" * 5000, "level=a&level=b", "q=" + "y" * 300, "attention=zz"]
)
def test_nothing_in_the_address_breaks_a_page(edda_client, query):
    assert edda_client.get(f"{COHORT}?{query}").status_code == 200


def test_a_complaint_stays_text(edda_client):
    answer = edda_client.get(COHORT, {"level": "<script>alert(1)</script>"})
    assert b"<script" not in without_own_scripts(answer)
    assert "“<script>alert(1)</script>” is no choice of “Level”" in words_of(answer)


def test_a_filter_is_remembered_for_the_page_and_stays_in_the_address(edda_client):
    assert edda_client.get(COHORT, {"level": "low"}).status_code == 200
    answer = edda_client.get(COHORT)
    assert (answer.status_code, answer["Location"]) == (302, f"{COHORT}?level=low")
    # Another page lacks this field: it neither shows it nor forgets it. What both have goes with the reader.
    assert edda_client.get(LEARNER).status_code == 200
    assert edda_client.get(LEARNER, {"timeRange": "90d"}).status_code == 200
    assert edda_client.get(LEARNER)["Location"] == f"{LEARNER}?timeRange=90d"
    assert edda_client.get(COHORT)["Location"] == f"{COHORT}?level=low&timeRange=90d"


def test_a_link_that_filters_shows_what_it_says_and_changes_no_memory(edda_client):
    edda_client.get(COHORT, {"level": "low"})
    assert edda_client.get(COHORT, {"attention": "1"}).status_code == 200
    assert edda_client.get(COHORT)["Location"] == f"{COHORT}?level=low"


def test_what_is_searched_for_is_not_remembered(edda_client):
    edda_client.get(COHORT, {"q": "lena", "attention": "1"})
    assert edda_client.get(COHORT).status_code == 200


def test_reset_forgets_this_pages_filters_and_keeps_its_order(edda_client):
    edda_client.get(COHORT, {"level": "low"})
    assert b"?reset=1" in edda_client.get(COHORT, {"level": "low"}).content
    answer = edda_client.get(COHORT, {"reset": "1", "sort": "name", "level": "low"})
    assert answer["Location"] == f"{COHORT}?sort=name"
    assert edda_client.get(COHORT).status_code == 200


def test_one_persons_memory_is_not_anothers(edda_client, ada_client):
    edda_client.get(COHORT, {"level": "low"})
    assert ada_client.get(COHORT).status_code == 200


def test_an_emptied_form_is_remembered_as_empty(edda_client):
    edda_client.get(COHORT, {"level": "low"})
    assert edda_client.get(COHORT, {"q": "", "level": ""}).status_code == 200
    assert edda_client.get(COHORT).status_code == 200


@pytest.mark.parametrize("case_id", ["a#b", "a?b=c", "100%", "a\nb", "ä/ö;x"])
def test_what_is_remembered_leads_back_to_the_same_page_whatever_its_address_holds(edda_client, case_id):
    Case.objects.create(case_id=case_id, title="Asthma", first_seen=NOW)
    edda_client.get("/patterns?timeRange=90d")
    answer = edda_client.get(reverse("case", args=[case_id]), follow=True)
    assert (answer.status_code, answer.redirect_chain[0][0].partition("?")[2]) == (200, "timeRange=90d")
    assert answer.context["case"].case_id == case_id

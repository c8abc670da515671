"""Finding a learner among those one may see."""

import pytest

from accounts.models import User
from analytics.selectors.search import MOST_FOUND, learners_matching
from medsim_tracking.testing import NOW, enrol, person

TODAY = NOW.date()


def found(words: str, viewer) -> list[str]:
    return [each.learner.public_id for each in learners_matching(words, viewer=viewer, today=TODAY).found]


@pytest.fixture
def milo(cardiology):
    milo = person("m-17", name="Milo Kovač")
    enrol(milo, cardiology)
    return milo


@pytest.mark.parametrize("words", ["milo", "KOVAC", "kovač", "ovač mi", "M-17", " milo  kov "])
def test_a_name_or_an_id_is_found_without_case_and_accents(edda, milo, words):
    assert found(words, edda) == ["m-17"]


@pytest.mark.parametrize("words", ["", "  ", "milo x", "edda", "%", "_", "\0"])
def test_what_is_nobodys_name_finds_nobody(edda, milo, words):
    assert found(words, edda) == []


def test_nobody_finds_whom_he_may_not_see(edda, otto, ada, milo, lena, mia):
    assert found("m", edda) == ["m-17"]
    assert found("m", otto) == ["mia"]
    assert found("m", ada) == ["mia", "m-17"]


def test_the_cohorts_named_are_those_the_viewer_sees(edda, ada, milo, surgery):
    enrol(milo, surgery)
    names = {}
    for viewer in (edda, ada):
        [found] = learners_matching("milo", viewer=viewer, today=TODAY).found
        names[viewer.username] = [cohort.name for cohort in found.cohorts]
    assert names == {"edda": ["Cardiology"], "ada": ["Cardiology", "Surgery"]}


@pytest.mark.parametrize("count", [1, 60])
def test_a_search_costs_three_queries_and_shows_fifty_at_most(ada, count, django_assert_num_queries):
    User.objects.bulk_create(User(username=f"x{n}", public_id=f"x{n}", name=f"Xaver {n}") for n in range(count))
    with django_assert_num_queries(3):
        result = learners_matching("xaver", viewer=ada, today=TODAY)
    assert (result.total, len(result.found)) == (count, min(count, MOST_FOUND))

"""The list of a search, taken out."""

import csv
import io

import pytest

from analytics.models import ExportLog
from analytics.tests.reading import words_of
from medsim_tracking.testing import enrol, person

FOUND = "/search?q=Le&format=csv"


@pytest.fixture
def leo(cardiology, surgery):
    leo = person("leo")
    enrol(leo, cardiology)
    enrol(leo, surgery)
    return leo


def exported(answer) -> list[list[str]]:
    assert answer.status_code == 200, answer.status_code
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_who_was_found_leaves_as_it_stands_on_screen_and_is_logged(edda, edda_client, lena, leo, mia):
    assert 'href="?q=Le&amp;format=csv"' in edda_client.get("/search?q=Le").content.decode()
    # Of Leo's cohorts she teaches one, of Mia she may know nothing.
    assert exported(edda_client.get(FOUND)) == [
        ["Learner", "Id", "Cohort"],
        ["Lena", "lena", "Cardiology"],
        ["Leo", "leo", "Cardiology"],
    ]
    [log] = ExportLog.objects.all()
    assert (log.viewer, log.page, log.table, log.filters, log.rows) == (edda, "search", "found", {"q": "Le"}, 2)


def test_one_alone_is_opened_on_screen_and_leaves_as_a_list_of_one(otto_client, leo):
    assert otto_client.get("/search?q=le").status_code == 302
    assert exported(otto_client.get("/search?q=le&format=csv"))[1:] == [["Leo", "leo", "Surgery"]]


@pytest.mark.parametrize("words", ["nobody", "mia", "", "%00"])
def test_where_nobody_was_found_nothing_leaves(edda_client, lena, mia, words):
    assert edda_client.get(f"/search?q={words}&format=csv").status_code == 404
    assert not ExportLog.objects.exists()


def test_a_learner_takes_out_nobody(lena_client, leo):
    assert lena_client.get(FOUND).status_code == 403
    assert not ExportLog.objects.exists()


def test_who_sees_all_is_not_asked_about_cohorts_of_others(edda_client, ada_client):
    assert "in a cohort that you do not teach?" in words_of(edda_client.get("/search?q=nobody"))
    words = words_of(ada_client.get("/search?q=nobody"))
    assert "No learner is called “nobody”." in words
    assert "you do not teach" not in words

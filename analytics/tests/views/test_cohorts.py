"""The list of cohorts."""

import csv
import io

from analytics.tests.reading import rows_of, words_of
from analytics.tests.work import classmates, work
from medsim_tracking.testing import client_of, person

URL = "/cohorts"


def test_an_educator_reads_his_own_cohorts_and_an_admin_all(edda_client, ada_client, lena, sim):
    work(lena, days_ago=[30, 29], sim=sim)
    answer = edda_client.get(URL)
    assert "1 learner may need you." in words_of(answer)
    assert rows_of(answer, "cohorts") == [
        ["Cohort", "Learners", "May need you", "Active", "Median index"],
        ["Cardiology", "1", "1 may need you", "0 (1)", "0 (16)"],
    ]
    assert [row[0] for row in rows_of(ada_client.get(URL), "cohorts")[1:]] == ["Cardiology", "Surgery"]


def test_the_export_is_the_list(edda_client, lena, sim):
    work(lena, days_ago=[30, 29], sim=sim)
    told = edda_client.get(URL, {"format": "csv"}).content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(told)))[1:] == [["Cardiology", "1", "1", "0", "1", "0", "16"]]


def test_who_teaches_nobody_reads_what_to_do(db):
    answer = client_of(person("nora", "educator")).get(URL)
    assert "You are not entered as the educator of a cohort." in words_of(answer)


def test_the_list_costs_the_same_for_one_learner_and_for_thirty(
    edda_client, cardiology, lena, django_assert_num_queries
):
    edda_client.get(URL)
    for mates in (0, 29):
        classmates(cardiology, mates)
        with django_assert_num_queries(10):
            edda_client.get(URL)

"""The debrief: one sheet about a group, with figures that can be checked and nobody's name."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Enrolment
from analytics.tests.case_work import attempt, judge_and_count
from analytics.tests.crowd_work import crowd
from analytics.tests.reading import rows_of, words_of

SHEET = "/debrief/cardiology"


@pytest.fixture
def learners(cardiology):
    return crowd(cardiology, 12, "named")


@pytest.fixture
def busy(learners, sim):
    attempt(learners[:5], "sepsis", sim, end="abandon", stage="diagnosis")
    attempt(learners[5:], "sepsis", sim)
    attempt(learners, "plain", sim)
    judge_and_count()


def test_the_sheet_says_what_was_missed_and_asks_about_it(edda_client, busy):
    answer = edda_client.get(SHEET)
    words = words_of(answer)
    assert "12 learners started 24 cases, completed 19 and left 5 unfinished." in words
    assert (
        "Left before its end: “Sepsis” "
        "5 of 12 starts left unfinished, 5 of these 5 at “diagnosis”. That is 42%; in the other cases together 0%. "
        "What is hard about “diagnosis”, and what would have kept you going?"
    ) in words
    assert "faster than work takes: in less than 2 min" in words
    assert "13 learners enrolled today · 9 Feb 2026 to 16 Mar 2026, in whole weeks" in words
    assert rows_of(answer, "sheet") == [
        ["Case", "Learners", "Starts", "Left", "Mostly at"],
        ["Sepsis", "12", "12", "5 (42%)", "diagnosis"],
    ]
    assert "Named" not in words
    assert "Lena" not in words


def test_what_is_on_the_sheet_is_exported(edda_client, busy):
    def table(name):
        answer = edda_client.get(SHEET, {"format": "csv", "table": name})
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert table("cases")[1:] == [["Sepsis", "12", "12", "5", "diagnosis"]]
    assert table("specialties")[1:] == [["surgery", "12", "24", "19", "5", "80.0"]]
    assert [row[0] for row in table("points")[1:]] == ["Left before its end: “Sepsis”"]


@pytest.mark.parametrize("number", [0, 9])
def test_a_small_group_is_told_why_there_are_no_figures_and_gets_open_questions(edda_client, cardiology, sim, number):
    attempt(crowd(cardiology, number), "sepsis", sim, end="abandon", stage="diagnosis")
    judge_and_count()
    words = words_of(edda_client.get(SHEET))
    assert "No figures for this group: fewer than 10 of it worked in these weeks." in words
    assert "Questions that need no figures" in words
    assert words.count("?") >= 3
    assert "diagnosis" not in words
    assert edda_client.get(SHEET, {"format": "csv"}).status_code == 404


def test_the_groups_of_an_educator_are_listed_and_no_others(edda_client, ada_client, busy):
    words = words_of(edda_client.get("/debrief"))
    assert "Cardiology 13 learners" in words
    assert "Surgery" not in words
    assert "Surgery 1 learner · too few for figures; open questions only" in words_of(ada_client.get("/debrief"))
    Enrolment.objects.all().delete()
    assert "Cardiology 0 learners · too few" in words_of(edda_client.get("/debrief"))


def test_the_sheet_is_for_educators_of_the_group(otto_client, lena_client, busy):
    assert (otto_client.get(SHEET).status_code, lena_client.get(SHEET).status_code) == (404, 403)
    assert lena_client.get("/debrief").status_code == 403


def test_the_number_of_queries_does_not_depend_on_what_was_done(edda_client, learners, sim):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert edda_client.get(SHEET).status_code == 200
        return len(found)

    attempt(learners, "sepsis", sim)
    judge_and_count()
    few = queries()
    for number in range(4):
        attempt(learners, f"case {number}", sim, days_ago=3 + 5 * number, help_at="history")
    judge_and_count()
    assert queries() == few <= 24

"""The pages about cases: the worst first with its reason, one case in full, nothing about a few."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analytics.models import ExportLog
from analytics.tests.case_work import attempt, judge_and_count
from analytics.tests.crowd_work import crowd
from analytics.tests.reading import rows_of, words_of
from interactions.models import Case
from medsim_tracking.testing import NOW

LIST, ONE, PLAIN = "/cases", "/cases/sepsis%20%2F%202", "/cases/plain"


@pytest.fixture
def learners(cardiology):
    return crowd(cardiology, 14)


@pytest.fixture
def busy(learners, sim):
    """Five of fourteen leave one case, four of them at the fourth step; the other is finished by all."""
    attempt(learners[:4], "sepsis / 2", sim, end="abandon", stage="4")
    attempt(learners[4:5], "sepsis / 2", sim, end="", stage="1")
    attempt(learners[5:], "sepsis / 2", sim, help_at="2")
    attempt(learners, "plain", sim)
    judge_and_count()


def table_of(client, path, **query):
    answer = client.get(path, query | {"format": "csv"})
    assert answer.status_code == 200, answer.content
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_list_begins_with_the_case_that_loses_learners_and_says_where(edda_client, busy):
    words = words_of(edda_client.get(LIST))
    assert "“Sepsis / 2” loses more learners than the other cases." in words
    assert "Of 28 starts in 2 cases with figures, 5 were left unfinished (18%)." in words
    assert (
        "5 of 14 starts left unfinished, 4 of these 5 at step 4. That is 36%; in the other cases together 0%." in words
    )
    assert words.index("Sepsis / 2 surgery · basic") < words.index("Plain surgery · basic")
    assert "Nothing stands out: none of 14 starts was left." in words


def test_where_none_loses_more_the_sentence_counts_those_that_stand_out_otherwise(edda_client, learners, sim):
    attempt(learners, "hasty", sim, minutes=1)
    attempt(learners, "plain", sim)
    judge_and_count()
    words = words_of(edda_client.get(LIST))
    assert "No case loses more learners than the others. 1 case stands out otherwise. Of 28 starts" in words
    assert "were faster than work takes. That is 100%; in the other cases together 0%." in words
    assert "faster than work takes: in less than 2 min" in words


def test_where_nothing_stands_out_the_sentence_counts_none(edda_client, learners, sim):
    attempt(learners, "plain", sim)
    judge_and_count()
    words = words_of(edda_client.get(LIST))
    assert "No case loses more learners than the others. Of 14 starts in 1 case with figures" in words


def test_a_case_is_told_in_full_and_exports_what_it_shows(edda_client, busy):
    words = words_of(edda_client.get(ONE))
    assert "9 of 14 starts completed, 5 left unfinished, 4 of these 5 at step 4." in words
    assert "That is more than in the other cases together: 0%." in words
    assert "Worked through: none of 9 completions with a known time took less than 2 min." in words
    assert table_of(edda_client, ONE)[1:] == [
        ["Started", "14", "100.0"],
        ["Completed", "9", "64.29"],
        ["Given up by the learner's own word", "4", "28.57"],
        ["Left without a word for a day", "1", "7.14"],
        ["Left until a new start", "0", "0.0"],
        ["Still open, or ended after these weeks", "0", "0.0"],
    ]
    assert table_of(edda_client, ONE, table="left") == [
        ["Stage", "Left", "Share"],
        ["step 1", "1", "20.0"],
        ["step 4", "4", "80.0"],
    ]
    assert table_of(edda_client, ONE, table="help")[1:] == [["step 2", "9", "100.0"]]
    assert "Fewer than ten completions told their time, so it is not shown how long they took." in words
    assert "Fewer than ten completions told a score, so none is shown." in words
    assert ExportLog.objects.latest("pk").subject == "sepsis / 2"


def test_ten_completions_are_told_with_their_times_and_scores(edda_client, busy):
    assert sum(int(row[1]) for row in table_of(edda_client, PLAIN, table="time")[1:]) == 14
    scores = table_of(edda_client, PLAIN, table="scores")[1:]
    assert [row[:2] for row in scores if row[1] != "0"] == [["80 to 90", "14"]]


def test_the_list_exports_what_is_on_screen(edda_client, busy):
    heads, *rows = table_of(edda_client, LIST)
    assert heads[:2] == ["Case", "Id"]
    assert [(row[1], *map(int, row[5:12])) for row in rows] == [
        ("sepsis / 2", 14, 14, 9, 4, 1, 0, 0),
        ("plain", 14, 14, 14, 0, 0, 0, 0),
    ]


def test_clicked_through_is_asked_and_the_fastest_tenth_is_marked(edda_client, learners, sim):
    attempt(learners[:5], "sepsis / 2", sim, minutes=1)
    attempt(learners[5:], "sepsis / 2", sim, minutes=25)
    judge_and_count()
    words = words_of(edda_client.get(ONE))
    assert "5 of 14 completions with a known time took less than 2 min: worked, or clicked through?" in words
    assert "Fastest tenth, up to: 1 min" in words


def test_before_and_after_a_change(edda_client, ada_client, learners, sim):
    attempt(learners[:6], "sepsis / 2", sim, end="abandon", days_ago=16)
    attempt(learners[6:], "sepsis / 2", sim, days_ago=16)
    attempt(learners, "sepsis / 2", sim, days_ago=2)
    judge_and_count()
    assert "No change is known." in words_of(edda_client.get(ONE))
    Case.objects.filter(case_id="sepsis / 2").update(changed_on=NOW.date() - timedelta(days=7))
    answer = edda_client.get(ONE, {"timeRange": "90d"})
    assert rows_of(answer, "compare change")[:4] == [
        ["Figure", "Before", "After"],
        ["Learners", "14", "14"],
        ["Starts", "14", "14"],
        ["Left unfinished", "43% (6 of 14)", "0% (0 of 14)"],
    ]
    assert "Enter when it changed" not in words_of(answer)
    assert "Enter when it changed" in words_of(ada_client.get(ONE))


@pytest.mark.parametrize("number", [0, 1, 9])
def test_a_few_and_nobody_read_alike(edda_client, ada_client, cardiology, sim, number):
    Case.objects.create(case_id="sepsis / 2", title="Sepsis / 2", first_seen=NOW)
    attempt(crowd(cardiology, number), "sepsis / 2", sim, difficulty="", end="abandon", stage="4")
    judge_and_count()
    Case.objects.update(specialty="", difficulty="")
    for client in (edda_client, ada_client):
        told = words_of(client.get(ONE))
        few = "No figures: fewer than 10 learners worked on this case in this time, or what fewer did would follow."
        assert few in told
        assert "step 4" not in told
        assert "1 case there are no figures: in no four weeks of this time did ten learners work on it" in words_of(
            client.get(LIST)
        )
        assert client.get(ONE, {"format": "csv"}).status_code == 404


def test_otto_reads_nothing_of_edda_s_learners(otto_client, busy):
    for path in (LIST, ONE):
        words = words_of(otto_client.get(path))
        assert "step 4" not in words
        assert "14" not in words.partition("Skip to the content")[2].replace("14 Mar", "")
    # A cohort that is not his is no choice.
    assert "is no choice of “Cohort”" in words_of(otto_client.get(LIST, {"cohort": "cardiology"}))


@pytest.mark.parametrize("path", [LIST, ONE])
def test_learners_and_services_have_no_business_here(lena_client, sim_client, busy, path):
    assert (lena_client.get(path).status_code, sim_client.get(path).status_code) == (403, 403)


def test_a_case_nobody_named_is_404(edda_client, busy):
    assert edda_client.get("/cases/unheard-of").status_code == 404
    assert edda_client.get("/cases/%00").status_code == 404


def test_the_number_of_queries_does_not_depend_on_what_was_done(edda_client, learners, sim):
    def queries(path):
        with CaptureQueriesContext(connection) as found:
            assert edda_client.get(path).status_code == 200
        return len(found)

    attempt(learners, "sepsis / 2", sim)
    judge_and_count()
    few = [queries(path) for path in (LIST, ONE)]
    for number in range(5):
        attempt(learners, f"case {number}", sim, days_ago=3 + 20 * number, help_at="history")
    judge_and_count()
    assert [queries(path) for path in (LIST, ONE)] == few
    assert max(few) <= 20

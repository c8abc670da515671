"""A cohort's page: what its learners do together, against the weeks before and against the plan."""

import csv
import io

import pytest
from django.core.management import call_command

from accounts.models import PlannedCases
from analytics.selectors.crowds.levels import levels_by_week
from analytics.selectors.crowds.scope import scope_for
from analytics.tests.crowd_work import crowd, work
from analytics.tests.reading import rows_of, words_of
from interactions.windows import read_window
from medsim_tracking.testing import NOW

URL, PATTERNS = "/cohorts/cardiology", "/patterns"
CARDIOLOGY, NEUROLOGY = {"metadata": {"specialty": "cardiology"}}, {"metadata": {"specialty": "neurology"}}


@pytest.fixture
def busy(cardiology, surgery):
    """Twelve learners: ten begin a case of cardiology, seven complete it, two a second one; long ago all searched.

    Three of another cohort complete a case of neurology.
    """
    learners = crowd(cardiology, 12)
    work(learners[:10], kind="case_start", case_id="c1", **CARDIOLOGY)
    work(learners[:7], kind="case_complete", case_id="c1", time_spent_seconds=600, **CARDIOLOGY)
    work(learners[:2], kind="case_complete", case_id="c2", **CARDIOLOGY)
    work(learners[:1], kind="case_complete", case_id="n1", **NEUROLOGY)
    work(learners, kind="search", days_ago=40)
    work(crowd(surgery, 3, "s"), kind="case_complete", case_id="n2", **NEUROLOGY)
    return learners


def table_of(client, name, **query):
    answer = client.get(URL, query | {"format": "csv", "table": name})
    assert answer.status_code == 200, name
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_their_work_is_told_beside_the_weeks_before(edda_client, busy):
    words = words_of(edda_client.get(URL))
    assert "Most work is done on Monday, 11:00 to 12:00" in words
    assert "Of 10 started cases, 10 were completed" in words
    assert "6 weeks, the last one still running, beside the 6 weeks before" in words
    told = {row[0]: row[1:] for row in table_of(edda_client, "comparison")[1:]}
    assert told["Interactions"] == ["20", "12", "67"]
    assert told["Learners at work"] == ["10", "12", "-17"]
    assert "Interactions 20 12 +67%" in words


def test_the_work_is_that_of_the_patterns_page_where_nobody_is_too_few(edda_client, busy):
    query = {"cohort": "cardiology", "format": "csv"}
    for table in ("hours", "funnel"):
        other = edda_client.get(PATTERNS, query | {"table": table}).content.decode("utf-8-sig")
        assert table_of(edda_client, table) == list(csv.reader(io.StringIO(other)))


def test_a_small_cohort_is_told_on_its_own_page_where_each_stands_by_name(otto_client, busy):
    words = words_of(otto_client.get("/cohorts/surgery"))
    assert "3 interactions · 3 learners" in words
    # The curve tells of former learners too, who have no name here.
    assert "No week to show: a week is told once it has been over for a week, and of at least 10 learners." in words
    assert "c1" not in words


def test_without_a_plan_specialties_tell_who_works_in_them(edda_client, busy):
    answer = edda_client.get(URL)
    assert rows_of(answer, "specialties") == [
        ["Specialty", "At work", "Completed"],
        ["cardiology", "10", "9"],
        ["neurology", "1", "1"],
    ]
    assert "Nothing is planned for this cohort yet" in words_of(answer)


def test_the_plan_counts_different_cases_up_to_what_is_planned(edda_client, cardiology, surgery, busy):
    PlannedCases.objects.create(cohort=cardiology, specialty="Cardiology", cases=2)
    PlannedCases.objects.create(cohort=cardiology, specialty="surgery", cases=1)
    PlannedCases.objects.create(cohort=surgery, specialty="neurology", cases=99)
    answer = edda_client.get(URL, {"sort": "name"})
    # 9 of 13 x 2, and nothing of 13 x 1.
    assert "Specialties: 23% of the plan is done" in words_of(answer)
    assert rows_of(answer, "specialties")[1:] == [
        ["Cardiology", "10", "9", "2", "2 of 13", "35%", ""],
        ["surgery", "0", "0", "1", "0 of 13", "0%", ""],
        ["neurology", "1", "1", "", "", "not planned", ""],
    ]
    done = {row[0]: row[5] for row in rows_of(answer, "learners")[1:4]}
    assert done == {"C0": "2 of 3", "C1": "2 of 3", "C10": "0 of 3"}
    exported = {row[0]: row[6:8] for row in table_of(edda_client, "learners")[1:]}
    assert (exported["C0"], exported["C11"]) == (["2", "3"], ["0", "3"])
    call_command("count_progress")
    assert rows_of(edda_client.get(URL), "specialties") == rows_of(answer, "specialties")


def test_a_specialty_filters_learners_work_and_cases_alike(edda_client, cardiology, busy):
    PlannedCases.objects.create(cohort=cardiology, specialty="neurology", cases=2)
    answer = edda_client.get(URL, {"specialty": "neurology"})
    assert [(row[0], row[5]) for row in rows_of(answer, "learners")[1:]] == [("C0", "1 of 2")]
    words = words_of(answer)
    assert "Their work in neurology" in words
    assert "1 of 13 learners" in words
    assert "1 interaction · 1 learner" in words


def test_cases_sort_the_table(edda_client, busy):
    rows = rows_of(edda_client.get(URL, {"sort": "-cases"}), "learners")
    assert [row[5] for row in rows[1:4]] == ["3", "2", "1"]


def test_past_weeks_are_those_that_are_counted(edda, edda_client, cardiology, busy):
    rows = table_of(edda_client, "levels")
    scope = scope_for(edda, cohort=cardiology, names_known=True)
    counted = levels_by_week(scope, read_window({"timeRange": "90d"}, NOW))[:-1]
    assert [row[1:] for row in rows[-4:-1]] == [
        [str(n) for _, n in week.levels] + [str(week.unmeasured)] * (len(rows[0]) == 6) for week in counted[-3:]
    ]
    assert rows[-1][0] == "2026-03-16"


def test_what_is_not_counted_yet_is_said(edda_client, busy, monkeypatch):
    monkeypatch.setattr("engagement.completions.MOST_UNCOUNTED", 3)
    answer = edda_client.get(URL)
    assert {row[5] for row in rows_of(answer, "learners")[1:]} == {"–not counted yet"}
    assert table_of(edda_client, "learners")[1][6] == ""

"""The page of global patterns: what the API answers, to be read."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analytics.tests.crowd_work import crowd, work
from analytics.tests.reading import words_of
from interactions.policies import policy_book
from medsim_tracking.testing import client_of, person

PAGE, API = "/patterns", "/api/interaction-tracking/global-patterns"
CARDIOLOGY = {"metadata": {"specialty": "cardiology"}}


@pytest.fixture
def busy(cardiology, surgery):
    """Twelve of cardiology begin ten cases and complete seven; three of surgery search, too few to be told."""
    learners = crowd(cardiology, 12)
    work(learners[:10], kind="case_start", case_id="c", case_title="C", **CARDIOLOGY)
    work(learners[:7], kind="case_complete", case_id="c", time_spent_seconds=600, **CARDIOLOGY)
    work(learners, kind="search", days_ago=3)
    work(crowd(surgery, 3, "s"), kind="search")
    return learners


def table_of(client, name, **query):
    answer = client.get(PAGE, query | {"format": "csv", "table": name})
    assert answer.status_code == 200, name
    _, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    return rows


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"timeRange": "90d"},
        {"timeRange": "all", "cohort": "cardiology"},
        {"cohort": "cardiology", "specialty": "cardiology"},
    ],
    ids=str,
)
@pytest.mark.parametrize("who", ["edda", "ada"])
def test_page_and_api_agree(request, busy, who, query):
    # Long enough ago for a week of retention.
    work(busy, kind="search", days_ago=21)
    page, api = (request.getfixturevalue(f"{who}_{door}") for door in ("client", "api"))
    told = api.get(API, query).json()
    assert [[int(n) for n in row[1:]] for row in table_of(page, "hours", **query)] == told["activityByWeekdayAndHour"]
    assert [int(n) for _, n, _ in table_of(page, "types", **query)] == list(told["interactionsByType"].values())
    assert [int(n) for _, n, _ in table_of(page, "funnel", **query)] == list(told["caseFunnel"].values())
    levels = told["levels"]["learners"]
    assert [int(n) for _, n in table_of(page, "levels", **query)] == [
        n for name, n in levels.items() if n or name != "unmeasured"
    ]
    points = [
        [curve["name"], point["week"], point["enrolled"], point["active"]]
        for curve in told["retention"]
        for point in curve.get("points", ())
        if point["enrolled"] is not None
    ]
    rows = [row for row in table_of(page, "retention", **query) if row[2]]
    assert points
    assert [[name, int(week), int(enrolled), int(active)] for name, week, enrolled, active, _ in rows] == points


@pytest.mark.parametrize("query", [{}, {"cohort": "cardiology"}], ids=str)
def test_every_chart_says_of_how_many_in_which_zone_and_until_when(edda_client, edda, surgery, busy, query):
    surgery.educators.add(edda)
    work(busy, kind="search", days_ago=21)
    words = words_of(edda_client.get(PAGE, query))
    # Hours, what became of cases, types, levels, who stays.
    assert words.count("· days in UTC · complete through 11:59") == 5
    if query:
        assert "13 learners · week 0 is that of the enrolment" in words


def test_the_first_thing_said_is_the_finding(edda_client, busy):
    words = words_of(edda_client.get(PAGE))
    assert (
        "12 learners worked, most of all on Monday from 11:00 to 12:00. Of 10 started cases, 7 were completed." in words
    )
    assert "All your cohorts · 12 learners · 9 Feb 2026 to 16 Mar 2026, in whole weeks" in words


def test_three_learners_are_told_in_words_alone(otto_client, busy):
    words = words_of(otto_client.get(PAGE))
    assert "Fewer than 10 learners worked in these weeks, and so few are not shown." in words
    assert "Not shown: figures about a group need at least 10 learners." in words
    for table in ("hours", "types", "funnel", "levels"):
        assert otto_client.get(PAGE, {"format": "csv", "table": table}).status_code == 404


def test_nothing_of_another_cohort_is_on_the_page(otto_client, busy):
    answer = otto_client.get(PAGE, {"cohort": "cardiology"})
    words = words_of(answer)
    assert "“cardiology” is no choice of “Cohort”, so it filters nothing." in words
    assert "Cardiology" not in words


@pytest.mark.parametrize("who", ["lena_client", "sim_client"])
def test_it_is_a_page_for_those_who_teach(request, who, busy):
    assert request.getfixturevalue(who).get(PAGE).status_code == 403


def test_an_educator_of_nobody_reads_words(db):
    words = words_of(client_of(person("nora", "educator")).get(PAGE))
    assert "Fewer than 10 learners worked in these weeks" in words


def test_the_page_costs_the_same_for_twelve_learners_and_for_forty(edda_client, cardiology, busy):
    policy_book()
    edda_client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        edda_client.get(PAGE)
    more = crowd(cardiology, 28, "m")
    work(more, kind="case_start", case_id="d", **CARDIOLOGY)
    edda_client.get(PAGE)
    with CaptureQueriesContext(connection) as many:
        edda_client.get(PAGE)
    assert (len(few), len(many)) == (13, 13)

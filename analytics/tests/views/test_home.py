"""The first page, by role."""

import csv
import io
import re
from datetime import timedelta

import pytest

from accounts.models import Cohort, Pause
from analytics.models import ExportLog
from analytics.rollups.kept_standings import keep_standings
from analytics.selectors import today as urgency
from analytics.tests.reading import words_of
from analytics.tests.work import classmates, work
from interactions.policies import policy_book
from medsim_tracking.testing import NOW, enrol, person


def rows_of(answer) -> list[list[str]]:
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_an_educator_reads_who_may_need_him_and_why(edda_client, cardiology, lena, mia, sim):
    ben = person("ben")
    enrol(ben, cardiology)
    work(lena, mia, days_ago=range(1, 60, 2), sim=sim)
    work(ben, days_ago=range(13, 60, 2), sim=sim)
    words = words_of(edda_client.get("/"))
    assert "Monday 16 March 2026" in words
    assert "1 learner may need you. Nothing stands out for 1 of 2 learners." in words
    assert "Ben No work for 13 days; the usual gap is 2 days. Cardiology" in words
    assert "1 of 2 learners active in the last 7 days; four weeks ago 2." in words
    assert "Last interaction 1 day ago · complete through 12:00, UTC" in words
    assert "last seen 3 Mar" in words
    assert "44 points: silence. It clears with one active day, or with a pause entered for leave or exams." in words
    assert "2 learners · index over 28 days, change against 28 days ago · days in UTC" in words
    assert "Surgery" not in words
    assert "Mia" not in words


def test_who_may_need_somebody_leaves_as_it_stands_on_screen(edda_client, cardiology, lena, mia, sim):
    ben = person("ben")
    enrol(ben, cardiology)
    work(lena, mia, days_ago=range(1, 60, 2), sim=sim)
    work(ben, days_ago=range(13, 60, 2), sim=sim)
    page = edda_client.get("/").content.decode()
    assert 'href="?format=csv&amp;table=named"' in page
    assert 'href="?format=csv&amp;table=levels-cardiology"' in page
    head, *rows = rows_of(edda_client.get("/?format=csv"))
    assert head[:5] == ["Learner", "Id", "Cohort", "What stands out", "Points"]
    clears = "It clears with one active day, or with a pause entered for leave or exams."
    last_seen = "2026-03-03T12:00:00+00:00"
    stands_out = "No work for 13 days; the usual gap is 2 days."
    assert rows == [["Ben", "ben", "Cardiology", stands_out, "44", "44 points: silence", clears, "38", "69", last_seen]]
    assert rows_of(edda_client.get("/?format=csv&table=levels-cardiology"))[0][0] == "Level"
    assert [(log.page, log.table, log.rows) for log in ExportLog.objects.order_by("pk")] == [
        ("home", "named", 1),
        ("home", "levels-cardiology", 4),
    ]


def test_where_nobody_stands_out_there_is_nothing_to_take_out(edda_client, lena, sim):
    work(lena, days_ago=range(1, 60, 2), sim=sim)
    assert edda_client.get("/?format=csv&table=named").status_code == 404


def test_without_a_cohort_there_is_nothing_to_take_out(otto_client, surgery):
    surgery.educators.clear()
    assert otto_client.get("/?format=csv").status_code == 404


def test_a_quiet_day_is_an_answer(edda_client, lena, sim):
    work(lena, days_ago=range(1, 60, 2), sim=sim)
    words = words_of(edda_client.get("/"))
    assert "Nobody needs you today. Nothing stands out for the one learner." in words
    assert "Who may need you" not in words


def test_who_changed_against_the_own_past_is_told_by_name(edda_client, cardiology, lena, sim):
    ben, cleo = person("ben"), person("cleo")
    enrol(ben, cardiology)
    leave = enrol(cleo, cardiology)
    Pause.objects.create(enrolment=leave, start=NOW.date() - timedelta(days=30), end=NOW.date() - timedelta(days=3))
    work(lena, days_ago=range(1, 60, 2), sim=sim)
    work(ben, days_ago=range(1, 20), sim=sim)
    work(cleo, days_ago=[2, 35, 37, 39], sim=sim)
    words = words_of(edda_client.get("/"))
    assert "Against four weeks ago: 1 up a level, 0 down, of 3 learners compared." in words
    assert re.search(r"Index up 20 points or more: Ben \+\d\d\. Back from leave: Cleo\.", words)


def test_who_never_came_is_told_so(edda_client, lena):
    words = words_of(edda_client.get("/"))
    assert "never seen" in words
    assert "last seen" not in words


def test_an_admin_reads_all_cohorts_and_counts_each_learner_once(ada_client, cast):
    enrol(cast["lena"], cast["surgery"])
    words = words_of(ada_client.get("/"))
    assert "2 learners may need you." in words
    assert "Lena No work yet, 197 days after the start." not in words
    assert "Cardiology, Surgery" in words


def test_twelve_are_named_and_the_rest_is_a_link(edda_client, cardiology, lena, sim):
    work(lena, days_ago=range(1, 60, 2), sim=sim)
    classmates(cardiology, 14)
    page = edda_client.get("/").content.decode()
    assert page.count('class="name" href=') == 12
    assert '<a href="/cohorts/cardiology?attention=1">And 2 more in Cardiology</a>' in page


def test_a_learner_is_led_to_his_own_page(lena_client):
    assert lena_client.get("/")["Location"] == "/me"


def test_a_service_account_reads_what_it_is_for(sim_client):
    words = words_of(sim_client.get("/"))
    assert "This account belongs to a simulator" in words
    assert "POST /api/interaction-tracking/track" in words


def test_without_a_cohort_an_educator_reads_what_to_do(otto_client, surgery):
    surgery.educators.clear()
    assert "You are not entered as the educator of a cohort." in words_of(otto_client.get("/"))


def test_a_cohort_of_nobody_says_so(otto_client, surgery):
    surgery.enrolments.all().delete()
    words = words_of(otto_client.get("/"))
    assert "Nobody is enrolled today. Learners come in with manage.py import_people" in words


def test_many_cohorts_come_in_pages(ada_client, cast):
    Cohort.objects.bulk_create(Cohort(slug=f"c{n}", name=f"Cohort {n:02}") for n in range(25))
    first, second = (words_of(ada_client.get(f"/?page={page}")) for page in (1, 2))
    assert "1 to 20 of 27" in first
    assert "21 to 27 of 27" in second
    assert ("Cohort 18" in first, "Cohort 18" in second) == (True, False)


def test_urgency_is_of_everybody_and_not_of_the_cohorts_of_one_page(ada_client, cast):
    """Lena and Mia are in Cardiology and Surgery, which stand on the second page."""
    Cohort.objects.bulk_create(Cohort(slug=f"c{n}", name=f"A cohort {n:02}") for n in range(20))
    for page in (1, 2):
        words = words_of(ada_client.get(f"/?page={page}"))
        assert "2 learners may need you." in words
        assert "Lena No work in the last 84 days." in words
        assert "Mia No work in the last 84 days." in words
    assert [row[0] for row in rows_of(ada_client.get("/?format=csv"))[1:]] == ["Lena", "Mia"]


def test_over_several_pages_of_cohorts_the_rest_is_one_link(ada_client, cardiology, lena):
    Cohort.objects.bulk_create(Cohort(slug=f"c{n}", name=f"A cohort {n:02}") for n in range(20))
    classmates(cardiology, 14)
    page = ada_client.get("/").content.decode()
    assert '<a href="/cohorts">And 4 learners more in all cohorts</a>' in page
    assert "?attention=1" not in page


def test_of_very_many_the_page_says_when_they_were_put_in_order(ada_client, cast, sim, monkeypatch):
    monkeypatch.setattr(urgency, "MOST_JUDGED", 1)
    work(cast["lena"], days_ago=range(1, 60, 2), sim=sim)
    keep_standings(now=NOW - timedelta(minutes=7))
    words = words_of(ada_client.get("/"))
    assert "complete through 11:53, UTC" in words
    assert "order of all learners as of 11:53, those named judged anew" in words
    assert "1 learner may need you. Nothing stands out for 1 of 2 learners." in words
    assert "Mia No work in the last 84 days." in words
    assert "1 of 1 learner active in the last 7 days; four weeks ago 1." in words
    assert "complete through 11:53, UTC" in words_of(ada_client.get("/cohorts"))


def test_what_stands_on_a_later_page_leaves_from_there(ada_client, cast, lena):
    Cohort.objects.bulk_create(Cohort(slug=f"c{n}", name=f"A cohort {n:02}") for n in range(20))
    page = ada_client.get("/?page=2").content.decode()
    link = "?page=2&amp;format=csv&amp;table=levels-cardiology"
    assert f'href="{link}"' in page
    assert rows_of(ada_client.get("/" + link.replace("&amp;", "&")))[0][0] == "Level"


@pytest.mark.parametrize("mates", [0, 29])
@pytest.mark.parametrize(("who", "queries"), [("edda_client", 12), ("ada_client", 12)])
def test_the_first_page_costs_the_same_for_one_learner_and_for_thirty(
    request, cardiology, lena, sim, mates, who, queries, django_assert_num_queries
):
    work(lena, *classmates(cardiology, mates), days_ago=[1, 3], sim=sim)
    client = request.getfixturevalue(who)
    policy_book()
    with django_assert_num_queries(queries):
        client.get("/")

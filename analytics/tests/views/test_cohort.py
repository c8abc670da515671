"""A cohort's page: its table, its order, its filters."""

from datetime import timedelta

import pytest

from accounts.models import Pause, User
from analytics.tests.reading import rows_of, without_own_scripts, words_of
from analytics.tests.work import classmates, work
from interactions.policies import policy_book
from medsim_tracking.testing import NOW, enrol, person

URL = "/cohorts/cardiology"


@pytest.fixture(autouse=True)
def nothing_to_count(monkeypatch):
    """The table reads no counts; test_cohort_work.py is about those."""
    monkeypatch.setattr("analytics.views.cohort.catch_up", lambda now: None)


@pytest.fixture
def people(cardiology, lena, mia, sim):
    """Ben fell silent, Lena and Zoe work (Zoe less), Cleo is on leave, Dov is new."""
    ben, cleo, dov, zoe = (person(name) for name in ("ben", "cleo", "dov", "zoe"))
    for learner in (ben, zoe):
        enrol(learner, cardiology)
    today = NOW.date()
    Pause.objects.create(
        enrolment=enrol(cleo, cardiology), start=today - timedelta(days=5), end=today + timedelta(days=5)
    )
    enrol(dov, cardiology, start=today - timedelta(days=2))
    work(lena, mia, days_ago=range(1, 60, 2), sim=sim)
    work(zoe, days_ago=range(2, 60, 4), sim=sim)
    work(ben, days_ago=range(13, 60, 2), sim=sim)
    work(cleo, days_ago=range(6, 60, 2), sim=sim)


def names(answer) -> list[str]:
    return [row[0] for row in rows_of(answer, "learners")[1:]]


def test_the_table_says_how_each_learner_stands(edda_client, people):
    rows = rows_of(edda_client.get(URL), "learners")
    assert rows[0][:5] == ["Learner", "Level", "Index", "Change", "Last seen"]
    assert rows[0][5:] == ["Cases done", "12 weeks", "What stands out ↑"]
    told = {row[0]: (row[4], row[5], row[7]) for row in rows[1:]}
    assert told == {
        "Ben": ("3 Mar", "1", "No work for 13 days; the usual gap is 2 days. 44 points: silence."),
        "Zoe": ("2 days ago", "1", "Nothing stands out."),
        "Cleo": ("6 days ago", "1", "Paused; counts again from 21 Mar."),
        "Lena": ("1 day ago", "1", "Nothing stands out."),
        "Dov": ("never", "0", "Not enough data yet: 3 of 7 days."),
    }
    assert rows[1][6].startswith("Points per week, 12 weeks: first ")
    assert [row[1:4] for row in rows if row[0] == "Dov"] == [["Not enough data", "–no index", "–no comparison"]]


def test_who_needs_attention_comes_first_then_the_lower_index_then_the_unknown(edda_client, people):
    answer = edda_client.get(URL)
    assert names(answer) == ["Ben", "Zoe", "Lena", "Cleo", "Dov"]
    assert (
        "1 learner may need you. Nothing stands out for 2 of 5 learners, 1 is paused, 1 is too new to say."
    ) in words_of(answer)


@pytest.mark.parametrize(
    ("sort", "ordered"),
    [
        ("name", ["Ben", "Cleo", "Dov", "Lena", "Zoe"]),
        ("-name", ["Zoe", "Lena", "Dov", "Cleo", "Ben"]),
        ("index", ["Ben", "Zoe", "Lena", "Cleo", "Dov"]),
        ("-index", ["Cleo", "Lena", "Zoe", "Ben", "Dov"]),
        ("-seen", ["Lena", "Zoe", "Cleo", "Ben", "Dov"]),
        ("-attention", ["Dov", "Cleo", "Lena", "Zoe", "Ben"]),
        ("<script>", ["Ben", "Zoe", "Lena", "Cleo", "Dov"]),
    ],
)
def test_each_column_sorts_by_link_and_the_unknown_stand_last(edda_client, people, sort, ordered):
    assert names(edda_client.get(URL, {"sort": sort})) == ordered


def test_an_order_nobody_knows_is_the_default_and_marked_as_such(edda_client, people):
    answer = edda_client.get(URL, {"sort": "banana"})
    assert rows_of(answer, "learners") == rows_of(edda_client.get(URL), "learners")
    assert rows_of(answer, "learners")[0][-1] == "What stands out ↑"
    assert b'name="sort"' not in answer.content


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "LEN"}, ["Lena"]),
        ({"attention": "1"}, ["Ben"]),
        ({"level": "unmeasured"}, ["Dov"]),
        ({"level": "low", "attention": "1"}, ["Ben"]),
        ({"level": "wrong", "q": "\0"}, ["Ben", "Zoe", "Lena", "Cleo", "Dov"]),
    ],
)
def test_filters_live_in_the_url(edda_client, people, query, found):
    assert names(edda_client.get(URL, query)) == found


def test_links_keep_the_filters_and_the_order(edda_client, people):
    page = edda_client.get(URL, {"q": "e", "attention": "1", "sort": "name"}).content.decode()
    assert 'href="?q=e&amp;attention=1&amp;sort=-name"' in page
    assert 'href="?q=e&amp;attention=1&amp;sort=index"' in page
    assert '<input type="hidden" name="sort" value="name">' in page


def test_a_filter_that_fits_nobody_says_so(edda_client, people):
    words = words_of(edda_client.get(URL, {"q": "nobody"}))
    assert "Of 5 learners, none fits." in words


def test_nobody_of_another_cohort_is_in_the_table(edda_client, people):
    assert "Mia" not in words_of(edda_client.get(URL, {"q": "mia"}))


def test_levels_have_a_table_twin_that_ends_with_the_levels_of_the_table(edda_client, people):
    answer = edda_client.get(URL)
    words = words_of(answer)
    rows = [row[1] for row in rows_of(answer, "learners")[1:]]
    counted = [str(rows.count(level)) for level in ("Low", "Medium", "High", "Very high", "Not enough data")]
    assert f"Day Low Medium High Very high Not enough data 16 Mar {' '.join(counted)}" in words
    assert "5 learners enrolled at the end · each level over 28 days, on the last day of its week" in words


def test_a_cohort_of_nobody_is_a_page_in_words(edda_client, cardiology):
    cardiology.enrolments.all().delete()
    assert "Nobody is enrolled today." in words_of(edda_client.get(URL))


def test_hostile_names_stay_text(edda_client, cardiology, lena):
    hostile = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
    User.objects.filter(pk=lena.pk).update(name=hostile)
    cardiology.name = "</title><script>alert(3)</script>"
    cardiology.save()
    for path in ("/", URL, f"{URL}?q=%3Cscript%3E", f"{URL}?sort=%22%3E%3Cscript%3E"):
        page = without_own_scripts(edda_client.get(path))
        assert b"<script" not in page
        assert b"<img" not in page
    assert hostile in words_of(edda_client.get(URL))


def test_five_hundred_learners_come_forty_five_to_a_page(edda_client, cardiology, lena):
    classmates(cardiology, 499)
    answer = edda_client.get(URL, {"sort": "name", "page": "2"})
    assert len(names(answer)) == 45
    assert "46 to 90 of 500" in words_of(answer)
    assert len(answer.content) < 150_000
    assert b'href="?sort=name&amp;page=3"' in answer.content


def test_times_are_told_in_the_viewers_zone_and_days_in_the_institutions(edda, edda_client, people):
    edda.time_zone = "Asia/Kolkata"
    edda.save()
    answer = edda_client.get(URL)
    assert b'title="Tue 3 Mar 2026, 17:30 IST"' in answer.content
    words = words_of(answer)
    assert "complete through 17:30, Asia/Kolkata" in words
    assert "Days are cut in UTC. Times are told in Asia/Kolkata." in words


def test_the_clock_of_another_day_carries_its_date(edda, edda_client, people):
    edda.time_zone = "Pacific/Kiritimati"
    edda.save()
    assert words_of(edda_client.get(URL)).count("complete through Tue 17 Mar 2026, 02:00") == 4


@pytest.mark.parametrize("mates", [0, 29])
def test_a_cohorts_page_costs_the_same_for_one_learner_and_for_thirty(
    edda_client, cardiology, lena, sim, mates, django_assert_num_queries
):
    work(lena, *classmates(cardiology, mates), days_ago=[1, 3], sim=sim)
    policy_book()
    with django_assert_num_queries(21):
        edda_client.get(URL)

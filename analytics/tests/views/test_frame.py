"""What stands around every page: its links, its search box, its language, its clock."""

import gc
import re
import weakref

import pytest
from django.test import Client

from accounts.models import User
from analytics.tests.reading import without_own_scripts, words_of
from analytics.tests.work import classmates, work
from analytics.views.page import Page
from medsim_tracking.testing import NOW, client_of, enrol, person

COHORT, LEARNER = "/cohorts/cardiology", "/learners/lena"


def links(answer) -> list[str]:
    [nav] = re.findall(r'<nav aria-label="[^"]*">(.*?)</nav>', answer.content.decode(), re.DOTALL)[:1]
    return re.findall(r">([^<]+)</a>", nav)


@pytest.mark.parametrize(
    ("who", "path", "first", "last"),
    [
        ("edda_client", "/", "Today", "Today"),
        ("ada_client", "/", "Today", "Administration"),
        ("lena_client", "/me", "My learning", "My learning"),
    ],
)
def test_the_header_leads_where_a_role_may_go_and_only_to_pages_that_exist(request, who, path, first, last):
    client = request.getfixturevalue(who)
    told = links(client.get(path))
    assert told[0] == first
    assert last in told
    page = client.get(path).content.decode()
    for url in re.findall(r'<li><a href="(/[^"]*)"', page.partition("</nav>")[0]):
        assert client.get(url).status_code in (200, 302), url


def test_the_page_one_is_on_is_marked(edda_client):
    assert '<a href="/" aria-current="page">Today</a>' in edda_client.get("/").content.decode()


def test_the_search_box_opens_the_one_learner_it_finds_and_lists_several(edda_client, cardiology):
    enrol(person("leo"), cardiology)
    assert edda_client.get("/search", {"q": "lena"})["Location"] == LEARNER
    assert "Lena lena · Cardiology Leo leo · Cardiology" in words_of(edda_client.get("/search", {"q": "le"}))
    assert "None of the learners you may see is called “mia”." in words_of(edda_client.get("/search", {"q": "mia"}))
    assert b"<script" not in without_own_scripts(edda_client.get("/search", {"q": "<script>"}))


def test_a_learner_has_no_search_box(lena_client):
    assert b'action="/search"' not in lena_client.get("/me").content
    assert lena_client.get("/search", {"q": "mia"}).status_code == 403


def test_a_chosen_language_stays_with_the_person_and_leads_back(edda, edda_client):
    answer = edda_client.post("/language", {"language": "de"}, headers={"referer": f"http://testserver{COHORT}?q=x"})
    assert (answer.status_code, answer["Location"]) == (302, f"{COHORT}?q=x")
    page = client_of(User.objects.get(pk=edda.pk)).get("/")
    assert page["Content-Language"] == "de"
    assert '<html lang="de">' in page.content.decode()
    assert "Ihre Kohorten" in words_of(page)
    assert words_of(page).endswith("English Deutsch")


def test_before_signing_in_the_cookie_speaks_and_before_it_the_browser(db):
    client = Client()
    assert "Sign in" in words_of(client.get("/sign-in", headers={"accept-language": "fr"}))
    assert "Anmelden" in words_of(client.get("/sign-in", headers={"accept-language": "de-AT,en;q=0.5"}))
    client.post("/language", {"language": "en"})
    assert "Sign in" in words_of(client.get("/sign-in", headers={"accept-language": "de"}))


@pytest.mark.parametrize(
    "referer",
    ["", "https://evil.example/", "//evil.example", "http://testserver//evil.example/x", "javascript:alert(1)"],
)
def test_choosing_a_language_leads_to_this_host_only(edda_client, referer):
    assert edda_client.post("/language", {"language": "de"}, headers={"referer": referer})["Location"] == "/"


@pytest.mark.parametrize("language", ["xx", "", "de" * 50])
def test_a_language_nobody_knows_changes_nothing(edda, edda_client, language):
    answer = edda_client.post("/language", {"language": language})
    assert (answer.status_code, answer.cookies) == (302, {})
    assert User.objects.get(pk=edda.pk).language == ""


def test_the_api_and_the_admin_speak_english_whatever_the_browser_wishes(ada_client, lena_api):
    wish = {"accept-language": "de"}
    assert b'<html lang="en"' in ada_client.get("/admin/", headers=wish).content
    answer = lena_api.get("/api/interaction-tracking/history/lena?limit=x", headers=wish)
    assert answer["Content-Language"] == "en"


def test_a_page_in_german_is_german_from_head_to_foot(edda, lena, edda_client, lena_client, sim):
    work(lena, days_ago=range(1, 60, 2), sim=sim)
    User.objects.update(language="de")
    for client, path in ((edda_client, "/"), (edda_client, COHORT), (edda_client, LEARNER), (lena_client, "/me")):
        words = words_of(client.get(path))
        english = re.findall(r"\b(?:the|and|of|days|learner|weeks|points|what|your|last|complete)\b", words)
        assert english == [], path
    assert "Dein Engagement-Index" in words


def test_a_viewer_without_a_zone_reads_a_cohorts_clock_on_its_page(edda, edda_client, cardiology, lena, sim):
    work(lena, days_ago=[8], sim=sim)
    cardiology.time_zone = "Asia/Kolkata"
    cardiology.save()
    assert "complete through 17:30, Asia/Kolkata" in words_of(edda_client.get(COHORT))
    assert "complete through 12:00, UTC" in words_of(edda_client.get("/"))
    User.objects.filter(pk=edda.pk).update(time_zone="Europe/Berlin")
    words = words_of(edda_client.get(COHORT))
    assert "complete through 13:00, Europe/Berlin" in words
    assert "days in UTC · complete through 13:00, Europe/Berlin" in words


def test_every_moment_says_its_exact_time_and_zone(edda_client, lena, sim):
    work(lena, days_ago=[1, 40], sim=sim)
    page = edda_client.get(LEARNER, {"timeRange": "all"}).content.decode()
    times = re.findall(r"<time ([^>]*)>", page)
    assert len(times) > 5
    assert [each for each in times if not re.search(r'datetime="2026-.*\+00:00" title="[^"]* UTC"', each)] == []


def test_pages_weigh_little(edda_client, lena, cardiology, sim):
    work(lena, *classmates(cardiology, 99), days_ago=[1, 3, 9], sim=sim)
    for path in ("/", COHORT, f"{LEARNER}?timeRange=all"):
        assert len(edda_client.get(path).content) < 150_000, path


class Read:
    """Something a page read."""


def test_what_a_page_read_is_freed_with_it_and_waits_for_no_collector(rf, edda):
    request = rf.get("/")
    request.user = edda
    page = Page()
    page.setup(request)
    page.now, page.zone_name = NOW, "UTC"
    much = {"read": Read()}
    left = weakref.ref(much["read"])
    gc.disable()
    try:
        answer = page.page("pages/service.html", **much)
        much.clear()
        assert left() is None
    finally:
        gc.enable()
    assert b"</html>" in answer.content

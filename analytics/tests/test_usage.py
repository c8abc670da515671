"""How often pages are read, and nothing about who reads them."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection

from analytics import usage
from analytics.models import ExportLog, PageViews
from analytics.selectors.usage import PAGES, page_usage
from analytics.tests.reading import words_of
from analytics.urls import urlpatterns
from analytics.usage import keep_views, note_view
from analytics.usage_figures import PAGE_WORDS
from analytics.views.page import Page
from medsim_tracking.testing import NOW

# NOW is a Monday.
THIS, LAST = NOW.date(), NOW.date() - timedelta(days=7)


def kept() -> dict[tuple[date, str], int]:
    return {(row.week, row.page): row.views for row in PageViews.objects.all()}


def test_views_add_up_by_week_and_page(db):
    for day in (THIS, THIS + timedelta(days=6), LAST + timedelta(days=6)):
        note_view("home", day)
    keep_views()
    note_view("home", THIS)
    note_view("case", THIS)
    keep_views()
    assert kept() == {(THIS, "home"): 3, (LAST, "home"): 1, (THIS, "case"): 1}


def test_they_are_written_once_a_minute_and_with_a_view(db, monkeypatch):
    clock = iter([100.0, 159.0, 160.0])
    monkeypatch.setattr(usage, "monotonic", lambda: next(clock))
    note_view("home", THIS)
    note_view("home", THIS)
    assert kept() == {}
    note_view("home", THIS)
    assert kept() == {(THIS, "home"): 3}


def test_what_the_database_does_not_take_is_kept_and_the_page_comes(edda_client, lena, monkeypatch):
    def down():
        raise DatabaseError("down")

    note_view("home", THIS)
    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", down)
        keep_views()
    assert edda_client.get("/").status_code == 200
    keep_views()
    assert kept() == {(THIS, "home"): 2}


def test_a_page_that_came_is_a_view_and_nothing_else_is(edda_client, lena):
    edda_client.get("/cohorts/cardiology")
    edda_client.head("/cohorts")
    edda_client.get("/cohorts/cardiology?format=csv")
    edda_client.get("/cohorts/surgery")
    edda_client.get("/live", headers={"HX-Request": "true"})
    edda_client.get("/live")
    keep_views()
    assert kept() == {(THIS, "cohort"): 1, (THIS, "live"): 1}


def test_nothing_of_a_reader_is_kept():
    assert {field.name for field in PageViews._meta.get_fields()} == {"id", "week", "page", "views"}


def test_an_admin_reads_which_pages_are_read(ada_client, edda, edda_client, lena):
    for weeks, page, views in ((0, "home", 4), (1, "home", 3), (2, "home", 2), (5, "home", 1), (6, "home", 9)):
        PageViews.objects.create(week=THIS - timedelta(days=7 * weeks), page=page, views=views)
    edda_client.get("/")
    edda_client.get("/?format=csv")
    ExportLog.objects.create(
        viewer=edda, viewer_name="Edda", page="home", table="named", rows=1, at=NOW - timedelta(days=8)
    )
    words = words_of(ada_client.get("/data-quality"))
    assert "Today 5 3 3 1" in words
    assert "Patterns 0 0 0 0" in words
    assert "Counted since Monday 2 February 2026, in weeks that begin on Monday" in words
    told = ada_client.get("/data-quality?format=csv&table=usage").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(told)))
    assert rows[1] == ["Today", "5", "3", "3", "1"]
    assert "Edda" not in told


def test_before_anybody_came_it_says_so(db):
    found = page_usage(now=NOW)
    assert found.since is None
    assert {each.page: each.this_week for each in found.pages} == dict.fromkeys(PAGES, 0)


def test_every_page_that_can_be_read_has_a_name():
    answers = {
        pattern.name
        for pattern in urlpatterns
        if issubclass(pattern.callback.view_class, Page) and "get" in pattern.callback.view_class.http_method_names
    }
    leads_on = {"quarantine-replay", "own-peers", "interactions-csv", "interactions-jsonl", "language"}
    assert answers - leads_on == set(PAGES) == set(PAGE_WORDS)


@pytest.mark.parametrize("who", ["edda_client", "lena_client"])
def test_nobody_but_an_admin_reads_it(request, who):
    assert request.getfixturevalue(who).get("/data-quality?format=csv&table=usage").status_code == 403

"""What leaves as CSV: exactly what is on screen, safe to open, counted and logged."""

import csv
import io
import re

import pytest

from accounts.models import User
from analytics.charts import Figure, Table
from analytics.exports import csv_text, safe_cell
from analytics.models import ExportLog
from analytics.tests.work import work
from medsim_tracking.testing import NOW, enrol, person

COHORT, LEARNER = "/cohorts/cardiology", "/learners/lena"


def rows_of(answer) -> list[list[str]]:
    assert answer.status_code == 200
    text = answer.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.fixture
def lenas_work(lena, mia, sim):
    work(lena, mia, days_ago=range(1, 60, 2), sim=sim, caseTitle="Sepsis")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\0=1",
        "＝1",
        "＋1",
        "－1",
        "＠1",
        "  =1",
        "\u00a0=1",
        "\ufeff=1",
    ],
)
def test_what_a_spreadsheet_would_run_is_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [-5, 0, 1234.5, "Lena", "a=b", "1 − 2", "", "'quoted"])
def test_numbers_and_harmless_texts_are_as_they_are(value):
    assert safe_cell(value) == value


def test_numbers_are_bare_and_texts_are_quoted():
    table = Table(["Day", "=Points"], [["5 Nov", Figure(1234.5, "1.234,5")], ['a "b", c', Figure(None, "–")]], 1)
    assert csv_text(table) == '\ufeff"Day","\'=Points"\r\n"5 Nov",1234.5\r\n"a ""b"", c",""\r\n'


def test_a_cohorts_table_leaves_as_it_stands_on_screen(edda_client, cardiology, lenas_work, sim):
    for name in ("ben", "zoe"):
        enrol(person(name), cardiology)
    answer = edda_client.get(COHORT, {"sort": "-name", "q": "e", "format": "csv"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="cohort-cardiology-learners-2026-03-16.csv"'
    head, *rows = rows_of(answer)
    assert head[:5] == ["Learner", "Id", "Level", "Index", "Change"]
    assert [row[0] for row in rows] == ["Zoe", "Lena", "Ben"]
    assert "Mia" not in answer.content.decode()
    log = ExportLog.objects.get()
    assert (log.viewer.username, log.page, log.subject, log.table, log.filters, log.rows, log.at) == (
        *("edda", "cohort", "cardiology", "learners", {"q": "e"}),
        *(3, NOW),
    )


@pytest.mark.parametrize("table", ["series", "index", "cases"])
def test_each_table_of_a_learners_page_leaves(edda_client, lena_client, lenas_work, table):
    query = {"timeRange": "90d", "format": "csv", "table": table}
    theirs, own = rows_of(edda_client.get(LEARNER, query)), rows_of(lena_client.get("/me", query))
    assert theirs == own
    assert len(theirs) > 1
    assert [log.rows for log in ExportLog.objects.all()] == [len(theirs) - 1] * 2


DATE = r"\d{4}-\d\d-\d\d"
MOMENT = rf"{DATE}T\d\d:\d\d:\d\d[+-]\d\d:\d\d"
# Where days and moments stand in each table: the column's place, and how they are written.
DAYS = {
    (LEARNER, "line"): (0, DATE),
    (LEARNER, "series"): (0, rf"{DATE}(/{DATE})?"),
    (LEARNER, "patterns"): (2, rf"({DATE}/{DATE})?"),
    (LEARNER, "specialties"): (5, MOMENT),
    (LEARNER, "cases"): (4, MOMENT),
    (LEARNER, "timeline"): (0, MOMENT),
    (COHORT, "learners"): (5, MOMENT),
    (COHORT, "levels"): (0, DATE),
    (COHORT, "active"): (0, rf"{DATE}/{DATE}"),
}


@pytest.mark.parametrize(("page", "table"), DAYS)
@pytest.mark.parametrize("language", ["en", "de"])
def test_days_leave_as_iso_8601_whatever_the_readers_language(edda_client, lena, mia, sim, page, table, language):
    case = {"metadata": {"specialty": "surgery", "difficulty": "beginner"}}
    work(lena, mia, days_ago=range(1, 60, 2), sim=sim, **case)
    query = {"timeRange": "90d", "format": "csv", "table": table}
    _, *rows = rows_of(edda_client.get(page, query, headers={"accept-language": language}))
    place, pattern = DAYS[page, table]
    assert rows
    assert [row[place] for row in rows if not re.fullmatch(pattern, row[place])] == []


def test_the_links_to_an_export_lead_to_it(edda_client, lenas_work):
    page = edda_client.get(LEARNER, {"timeRange": "90d"}).content.decode()
    assert 'href="?timeRange=90d&amp;format=csv&amp;table=series"' in page
    shown = edda_client.get(COHORT, {"sort": "name", "timeRange": "30d"})
    assert 'href="?sort=name&amp;format=csv"' in shown.content.decode()


def test_who_may_not_see_a_page_gets_nothing_of_it(otto_client, mia_client, lenas_work):
    query = {"format": "csv"}
    assert otto_client.get(COHORT, query).status_code == 404
    assert otto_client.get(LEARNER, query).status_code == 404
    assert mia_client.get(COHORT, query).status_code == 403
    assert mia_client.get(LEARNER, query).status_code == 404
    assert not ExportLog.objects.exists()


def test_a_table_that_the_page_does_not_have_is_404_and_a_format_nobody_knows_is_the_page(edda_client, lenas_work):
    assert edda_client.get(COHORT, {"format": "csv", "table": "secrets"}).status_code == 404
    assert edda_client.get(COHORT, {"format": "xlsx"})["Content-Type"].startswith("text/html")


def test_asking_for_the_head_alone_takes_nothing_out(edda_client, lenas_work):
    answer = edda_client.head(COHORT + "?format=csv")
    assert (answer.status_code, answer.content) == (200, b"")
    assert not ExportLog.objects.exists()


def test_downloads_are_counted_and_refused_in_words(edda_client, ada_client, lenas_work, settings):
    settings.MEDSIM_RATE_EXPORT = "2/h"
    answers = [edda_client.get(COHORT, {"format": "csv"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "3600"
    assert b"Try again in 60 minutes." in answers[2].content
    assert ExportLog.objects.count() == 2
    assert ada_client.get(COHORT, {"format": "csv"}).status_code == 200


def test_a_hostile_name_is_no_formula(edda_client, lena, lenas_work):
    User.objects.filter(pk=lena.pk).update(name="=HYPERLINK(evil)")
    assert rows_of(edda_client.get(COHORT, {"format": "csv"}))[1][0] == "'=HYPERLINK(evil)"


def test_the_log_of_exports_is_read_and_never_written_by_an_admin(ada_client, edda_client, lenas_work):
    edda_client.get(COHORT, {"format": "csv"})
    listed = ada_client.get("/admin/analytics/exportlog/")
    assert b"Edda (edda)" in listed.content
    assert ada_client.get("/admin/analytics/exportlog/add/").status_code == 403
    log = ExportLog.objects.get()
    assert ada_client.post(f"/admin/analytics/exportlog/{log.pk}/delete/", {"post": "yes"}).status_code == 403
    assert ada_client.post(f"/admin/analytics/exportlog/{log.pk}/change/", {"rows": "0"}).status_code == 403

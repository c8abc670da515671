"""The interaction log as a file: what the admin lists, safe to open, counted, logged, and never without an end."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analytics.models import ExportLog
from analytics.views import interaction_export
from interactions.models import UserInteractionTrackingModel
from interactions.policies import policy_book
from interactions.tests.log_pages import LIST, fill, shown
from medsim_tracking.testing import NOW, track

CSV, LINES = "/export/interactions.csv", "/export/interactions.jsonl"


def body(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer.streaming_content).decode()


def lines_of(client, query: str = "") -> list[dict]:
    return [json.loads(line) for line in body(client.get(LINES + query)).splitlines()]


def rows_of(client, query: str = "") -> list[dict]:
    return list(csv.DictReader(io.StringIO(body(client.get(CSV + query)).removeprefix("\ufeff"))))


@pytest.mark.parametrize("path", [CSV, LINES])
@pytest.mark.parametrize(("who", "status"), [("ada", 200), ("edda", 403), ("lena", 403), ("sim", 403)])
def test_it_is_for_admins(request, lena, path, who, status):
    track(lena, "search")
    assert request.getfixturevalue(f"{who}_client").get(path).status_code == status
    assert ExportLog.objects.count() == (status == 200)


def test_a_line_holds_what_was_sent_and_the_parts_that_add_up_to_the_score(ada_client, lena):
    told = {"case_title": "Sepsis", "time_spent_seconds": 900, "performance_metrics": {"score": 80}}
    row = track(lena, "case_complete", event_id="e1", case_id="c1", metadata={"specialty": "surgery"}, **told)
    [line] = lines_of(ada_client)
    assert (line["id"], line["eventId"], line["userId"], line["userName"]) == (str(row.pk), "e1", "lena", "Lena")
    assert (line["caseTitle"], line["specialty"], line["metadata"]) == ("Sepsis", "surgery", {"specialty": "surgery"})
    assert line["scoreParts"] == row.score_parts(policy_book().on(row.day))
    assert sum(line["scoreParts"].values()) == pytest.approx(line["engagementScore"], abs=0.006)
    [cells] = rows_of(ada_client)
    assert (cells["metadata"], cells["clockFlag"]) == ('{"specialty": "surgery"}', "")
    assert float(cells["scoreParts.type"]) == line["scoreParts"]["type"]
    assert [name for name in line if name != "scoreParts"] == list(cells)[:-4]


@pytest.mark.parametrize(
    "query",
    [
        *("", "?learner=lena", "?case=c1", "?q=mia", "?engagement_level__exact=low&learner=lena"),
        *("?interaction_type__exact=search", "?occurred_at__year=2026&occurred_at__month=2", "?learner=lena&q=mia"),
    ],
)
def test_it_holds_what_the_list_shows_in_its_order(ada_client, lena, mia, query, monkeypatch):
    monkeypatch.setattr(interaction_export, "STRETCH", 7)
    # More than a window without a match between those that match.
    monkeypatch.setattr("interactions.admin.walks.WINDOW", 10)
    fill(lena, 20, case_id="c1")
    fill(mia, 20, first=20, interaction_type="search")
    fill(lena, 5, first=40, engagement_level="high")
    monkeypatch.setattr("interactions.admin.log.InteractionAdmin.list_per_page", 100)
    exported = [line["eventId"] for line in lines_of(ada_client, query)]
    monkeypatch.setattr("interactions.admin.walks.WINDOW", 50_000)
    assert exported == shown(ada_client, query)
    assert ExportLog.objects.get().rows == len(exported)


@pytest.mark.parametrize(
    "query", ["?learner=nobody", "?user__password__startswith=a", "?format=csv", "?cohort=x", "?q=%00"]
)
def test_a_filter_that_the_list_refuses_is_400(ada_client, lena, query):
    assert ada_client.get(CSV + query).status_code == 400
    assert not ExportLog.objects.exists()


def test_it_ends_with_a_clear_word_where_there_is_more(ada_client, lena, monkeypatch):
    monkeypatch.setattr(interaction_export, "MOST_ROWS", 25)
    monkeypatch.setattr(interaction_export, "STRETCH", 10)
    fill(lena, 25)
    assert len(lines_of(ada_client)) == 25
    fill(lena, 1, first=25)
    *lines, notice = lines_of(ada_client)
    assert [line["eventId"] for line in lines] == [str(number) for number in range(25, 0, -1)]
    assert notice == {
        "notice": "Stopped after 25 interactions, at 2026-02-14 12:01:00 UTC: this file does not hold what is older. "
        "Choose a period, a learner or a case for the rest."
    }
    assert body(ada_client.get(CSV)).splitlines()[-1].startswith('"Stopped after 25 interactions')
    assert {log.rows for log in ExportLog.objects.all()} == {25}
    monkeypatch.setattr("interactions.admin.walks.WINDOW", 5)
    monkeypatch.setattr(interaction_export, "MOST_STRETCHES", 2)
    [notice] = lines_of(ada_client, "?engagement_level__exact=high")
    assert notice["notice"].startswith("Stopped after 0 interactions, at 2026-02-14 12:16:00 UTC")


def test_no_text_is_run_by_a_spreadsheet(ada_client, lena):
    track(lena, "search", session_id="=1+1", metadata={"note": "=cmd"}, case_id="@SUM(A1)", resource_name="\u00a0-1")
    type(lena).objects.filter(pk=lena.pk).update(name="=HYPERLINK(evil)")
    [row] = rows_of(ada_client)
    assert (row["userName"], row["sessionId"], row["caseId"]) == ("'=HYPERLINK(evil)", "'=1+1", "'@SUM(A1)")
    assert not any(value.lstrip("\u00a0 ").startswith(("=", "+", "-", "@")) for value in row.values())


def test_a_download_that_was_broken_off_is_logged_as_far_as_it_went(ada_client, ada, lena, monkeypatch):
    monkeypatch.setattr(interaction_export, "STRETCH", 10)
    fill(lena, 30)
    answer = ada_client.get(LINES + "?learner=lena")
    stream = iter(answer.streaming_content)
    assert ExportLog.objects.get().rows == 0
    next(stream), next(stream)
    log = ExportLog.objects.get()
    assert (log.rows, log.viewer, log.page, log.table, log.filters, log.at) == (
        *(10, ada, "interactions", "jsonl", {"learner": "lena"}, NOW),
    )


def test_downloads_are_limited_and_the_head_alone_takes_nothing_out(ada_client, lena, settings):
    track(lena, "search")
    settings.MEDSIM_RATE_EXPORT = "1/h"
    assert (ada_client.head(CSV).status_code, ExportLog.objects.count()) == (200, 0)
    assert [ada_client.get(CSV).status_code for _ in range(2)] == [200, 429]


def test_what_a_policy_scored_that_is_gone_has_no_parts(ada_client, lena):
    track(lena, "search")
    UserInteractionTrackingModel.objects.update(policy_version="es-0")
    assert lines_of(ada_client)[0]["scoreParts"] is None


def test_no_query_of_it_skips_rows_or_grows_with_what_went_before(ada_client, lena, monkeypatch):
    monkeypatch.setattr(interaction_export, "STRETCH", 10)
    fill(lena, 40, step=timedelta(minutes=1))
    with CaptureQueriesContext(connection) as captured:
        body(ada_client.get(LINES))
    told = [query["sql"] for query in captured.captured_queries]
    assert not any("OFFSET" in sql for sql in told)
    # Keys, rows and the count of what left, for each stretch; what is beyond is asked with the last.
    assert len([sql for sql in told if "interactions_userinteraction" in sql and "SELECT" in sql]) == 8


def test_the_list_leads_to_its_export_with_its_filters(ada_client, lena):
    track(lena, "search")
    page = ada_client.get(LIST + "?learner=lena").content.decode()
    assert f'href="{CSV}?learner=lena"' in page
    assert f'href="{LINES}?learner=lena"' in page
    assert f"{interaction_export.MOST_ROWS:,} interactions" in page

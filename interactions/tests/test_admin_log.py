"""The interaction log in the admin: what is shown, what is refused, and that no page reads the whole log."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from interactions.admin import changelist, probes
from interactions.models import DailyActivity, UserInteractionTrackingModel
from interactions.tests.log_pages import LIST, fill, shown, text
from medsim_tracking.testing import NOW, enrol, person, track


def detail(row) -> str:
    return reverse("admin:interactions_userinteractiontrackingmodel_change", args=[row.id])


def test_the_log_shows_learner_type_case_score_and_clocks(ada_client, lena, mia):
    track(
        lena,
        "case_complete",
        event_id="lena-1",
        case_id="c1",
        case_title="Abdominal pain",
        occurred_at=NOW - timedelta(hours=1),
        sent_at=NOW - timedelta(minutes=10),
        performance_metrics={"score": 90},
    )
    track(mia, "search", event_id="mia-1", occurred_at=NOW - timedelta(hours=2))
    answer = ada_client.get(LIST)
    assert shown(ada_client) == ["lena-1", "mia-1"]
    line = text(answer).partition("2026-03-16 11:10:00")[2].partition("2026-03-16 10:00:00")[0]
    assert [
        word for word in ("Lena", "case_complete", "Abdominal pain", "2026-03-16 12:00:00") if word not in line
    ] == []
    assert "Corrected by sentAt" in line
    assert "About" in text(answer) and "(an estimate)" in text(answer)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?q=len",
        "?q=case",
        "?learner=lena",
        "?case=c1",
        "?engagement_level__exact=low",
        "?learner=lena&engagement_level__exact=low&occurred_at__year=2026&occurred_at__month=2",
    ],
)
def test_the_number_of_queries_does_not_grow_with_the_rows(ada_client, lena, query):
    fill(lena, 1, case_id="c1")
    # Two from the start: one learner alone is found with a query less.
    fill(person("helena"), 1)
    track(lena, "case_view", case_id="c1", case_title="A case")
    with CaptureQueriesContext(connection) as few:
        assert len(shown(ada_client, query)) >= 1
    for number in range(30):
        learner = person(f"lena{number}")
        enrol(learner, lena.enrolments.get().cohort)
        fill(learner, 1, case_id="c1")
    fill(lena, 29, first=1, case_id="c1")
    with CaptureQueriesContext(connection) as many:
        assert len(shown(ada_client, query)) >= 30
    reads = [sql for sql in map(statement, many.captured_queries) if sql.startswith("SELECT")]
    assert len(many) == len(few)
    assert len(reads) <= 12


def statement(query: dict) -> str:
    return query["sql"].lstrip("( ").upper()


def test_no_page_counts_rows_or_looks_for_text_in_the_log(ada_client, lena, cardiology):
    row = track(lena, "case_view", case_id="c1", case_title="A case")
    fill(lena, 60)
    queries = ("", "?q=lena", "?q=case", f"?cohort={cardiology.pk}", "?occurred_at__year=2026", "?clock_flag__exact=")
    with CaptureQueriesContext(connection) as captured:
        for query in queries:
            shown(ada_client, query)
        ada_client.get(detail(row))
    table = UserInteractionTrackingModel._meta.db_table.upper()
    of_the_log = [sql for sql in map(statement, captured.captured_queries) if table in sql]
    assert of_the_log
    assert [sql for sql in of_the_log if "COUNT(" in sql or "LIKE" in sql or "DISTINCT" in sql] == []


def test_nobody_changes_the_log_not_even_with_a_forged_request(ada_client, lena):
    row = track(lena, "search", event_id="kept")
    page = detail(row)
    forged = {
        page: {"event_id": "changed", "engagement_score": "100"},
        page.replace("/change/", "/delete/"): {"post": "yes"},
        LIST + "add/": {"event_id": "new"},
        LIST: {"action": "delete_selected", "_selected_action": str(row.id), "post": "yes"},
    }
    before = UserInteractionTrackingModel.objects.values().get()
    assert {path: ada_client.post(path, data).status_code for path, data in forged.items()} == dict.fromkeys(
        forged, 403
    )
    assert UserInteractionTrackingModel.objects.values().get() == before
    assert ada_client.get(LIST + "add/").status_code == 403
    assert "action" not in re.findall(r'name="(\w+)"', ada_client.get(LIST).content.decode())
    assert 'name="_save"' not in ada_client.get(page).content.decode()


@pytest.mark.parametrize("name", ["lena_client", "edda_client", "sim_client"])
def test_only_an_admin_reads_the_log(name, request, lena):
    row = track(lena, "search")
    client = request.getfixturevalue(name)
    for path in (LIST, detail(row)):
        answer = client.get(path)
        assert answer.status_code == 403
        assert "not for your role" in answer.content.decode()


def test_nobody_signed_in_is_sent_to_sign_in_and_back_to_the_log(client, lena):
    for path in (LIST, detail(track(lena, "search"))):
        assert client.get(path)["Location"] == f"/sign-in?next={path}"


def test_an_admin_by_flag_alone_does_not_get_in(edda, edda_client):
    type(edda).objects.filter(pk=edda.pk).update(is_staff=True, is_superuser=True)
    assert edda_client.get(LIST).status_code == 403


def test_the_detail_shows_parts_that_add_up_and_what_was_sent(ada_client, lena):
    row = track(lena, "case_complete", case_id="c1", time_spent_seconds=900, performance_metrics={"score": 80},
                metadata={"stage": "clerkship", "note": "<b>"})  # fmt: skip
    with CaptureQueriesContext(connection) as captured:
        answer = ada_client.get(detail(row))
    assert len(captured) <= 12
    told = text(answer)
    parts = [float(value) for value in re.findall(r"(?:type|time|performance|consistency) (\d+\.\d{4})", told)]
    assert len(parts) == 4
    assert round(sum(parts), 2) == pytest.approx(row.engagement_score, abs=0.01)
    assert f"stored score {row.engagement_score:.2f} The parts add up to the score." in told
    assert "&quot;stage&quot;: &quot;clerkship&quot;" in told
    assert "<b>" not in told
    daily = DailyActivity.objects.get()
    assert reverse("admin:interactions_dailyactivity_change", args=[daily.pk]) in answer.content.decode()


def test_the_detail_writes_scores_with_two_decimals_and_times_with_their_zone(ada_client, lena):
    told = text(ada_client.get(detail(track(lena, "case_complete", performance_metrics={"score": 5}))))
    assert "Performance: 5.00 performanceMetrics.score" in told
    assert "Occurred at: 2026-03-16 12:00:00 UTC" in told


def test_the_detail_says_so_when_parts_or_sums_do_not_agree(ada_client, lena):
    row = track(lena, "search")
    UserInteractionTrackingModel.objects.update(engagement_score=99)
    DailyActivity.objects.all().delete()
    told = text(ada_client.get(detail(row)))
    assert "THE PARTS DO NOT ADD UP TO THE STORED SCORE." in told
    assert "NO DAILY SUM HOLDS IT." in told
    UserInteractionTrackingModel.objects.update(policy_version="gone")
    assert "99.00, without its parts: policy gone is not in force" in text(ada_client.get(detail(row)))


@pytest.mark.parametrize("key", ["nonsense", "0190b5a0-0000-7000-8000-000000000000"])
def test_a_detail_that_does_not_exist_leads_home(ada_client, key):
    assert ada_client.get(f"{LIST}{key}/change/").headers["Location"] == "/admin/"


def test_the_estimate_comes_near_without_counting(lena):
    fill(lena, 500)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    assert probes.estimated_total(UserInteractionTrackingModel) == 500


@pytest.mark.postgresql
def test_a_page_that_takes_too_long_says_how_to_ask_better(ada_client, lena, monkeypatch):
    def sleep(*args, **kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")

    fill(lena, 1)
    monkeypatch.setattr(probes, "PATIENCE", "30ms")
    monkeypatch.setattr(changelist, "look_for_page", sleep)
    answer = ada_client.get(LIST)
    assert answer.status_code == 200
    assert "Choose a period, a learner or a case." in text(answer)

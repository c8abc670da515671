"""The page of data quality: what came in and when, what was refused, what names do not agree, what was counted."""

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.management import CommandError, call_command

from analytics.models import Count, CountedDay, ExportLog, ScheduledJob
from analytics.tests.reading import rows_of, words_of
from interactions.models import Case, RejectedInteraction, ScoringPolicy, ScoringRule, UserInteractionTrackingModel
from interactions.policies import policy_book
from interactions.services import track_bulk_interactions
from interactions.tests.quarantine.kept import BULK, TRACK, send, send_bulk
from medsim_tracking.testing import NOW, track

PAGE, REPLAY = "/data-quality", "/data-quality/replay"


@pytest.fixture
def refused(sim_api):
    """Two bodies of one reason, one of which came twice, and one of another."""
    send_bulk(sim_api, b'{"interactionType":"swim","userId":"lena"}', b'{"interactionType":"swim","userId":"mia"}')
    send(sim_api, BULK, b'[{"interactionType":"swim","userId":"lena"}]')
    send(sim_api, TRACK, b"{")


def compared(answer) -> dict[str, list[str]]:
    """The cells beside each measure."""
    return {row[0]: row[1:] for row in rows_of(answer, "compare quality")}


def exported(client, table: str, **query) -> list[list[str]]:
    answer = client.get(PAGE, {"format": "csv", "table": table} | query)
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize(("who", "status"), [("ada", 200), ("edda", 403), ("lena", 403), ("sim", 403)])
def test_it_is_for_admins(request, refused, who, status):
    client = request.getfixturevalue(f"{who}_client")
    assert client.get(PAGE).status_code == status
    # Whoever may not look may not replay.
    assert client.post(REPLAY, {"code": "unknown_type"}).status_code == (302 if status == 200 else 403)
    assert (b"Data quality" in client.get("/", follow=True).content) == (who == "ada")


def test_nothing_at_all_is_an_answer(ada_client):
    words = words_of(ada_client.get(PAGE))
    assert "Nothing has come in during this period, and nothing was refused." in words
    assert "Nothing waits in the quarantine." in words
    assert "infer_abandonments never ran" in words


def test_a_clean_period_says_so(ada_client, lena):
    track(lena, "case_start", case_id="c1", occurred_at=NOW - timedelta(hours=3))
    assert "Nothing was refused, every clock was right, and no job failed." in words_of(ada_client.get(PAGE))


def test_late_clocks_and_times_are_counted_by_the_day_they_happened(ada_client, lena, sim):
    def ago(**step):
        return NOW - timedelta(**step)

    track(lena, "case_view", case_id="c1", occurred_at=ago(hours=2), time_spent_seconds=600, active_seconds=300)
    track(lena, "case_view", case_id="c1", occurred_at=ago(hours=23), time_spent_seconds=100)
    track(lena, "case_view", case_id="c1", occurred_at=ago(days=1))
    track(lena, "case_view", case_id="c1", occurred_at=ago(days=8))
    track(lena, "case_view", case_id="c1", occurred_at=ago(days=40))
    # One clock lies ten minutes behind and says so, one lies an hour ahead and does not.
    track(lena, "case_view", case_id="c1", occurred_at=ago(minutes=15), sent_at=ago(minutes=10))
    track(lena, "case_view", case_id="c1", occurred_at=ago(hours=-1))
    answer = ada_client.get(PAGE, {"timeRange": "30d"})
    assert compared(answer) == {
        "": ["This period", "As many days before"],
        "Interactions": ["6", "1"],
        "Received a day or more after they happened": ["2 (33%)", "1 (100%)"],
        "of these, thirty days or more, as imports are": ["0", "1 (100%)"],
        "Clock put right by what the client said when it sent": ["1 (17%)", "0"],
        "Clock ahead of ours: set to the time of receipt": ["1 (17%)", "0"],
        "Brought no time at all": ["4 (67%)", "1 (100%)"],
        "Time of which nobody knows whether anybody was there": ["2 min of 7 min (25%)", "–"],
    }
    assert "2 interactions (33%) came from a clock that was wrong." in words_of(answer)
    days = {row[0]: row[1:] for row in exported(ada_client, "days", timeRange="30d")[1:]}
    assert len(days) == 30
    assert days["2026-03-16"] == ["3", "0", "0", "0", "1", "1", "2", "300", "0"]
    assert (days["2026-03-15"][:4], days["2026-03-08"][:4]) == (["2", "1", "0", "0"], ["1", "0", "1", "0"])
    # Long periods are told by whole weeks, and none is lost.
    assert compared(ada_client.get(PAGE, {"timeRange": "all"}))["Interactions"] == ["7"]
    assert compared(ada_client.get(PAGE, {"timeRange": "365d"}))["Interactions"] == ["7", "0"]
    assert sum(int(row[3]) + int(row[4]) for row in exported(ada_client, "days", timeRange="all")[1:]) == 2


def test_what_was_refused_stands_there_by_reason_and_sender(ada_client, refused):
    words = words_of(ada_client.get(PAGE))
    assert "3 refused bodies can still be taken in: “unknown_type” 2, “invalid_json” 1." in words
    assert "unknown_type · 2 refused bodies, sent 3 times" in words
    assert "Sim (track-bulk) 2" in words
    assert [row[:5] for row in exported(ada_client, "refused")[1:]] == [
        ["unknown_type", "2", "3", "Sim", "track-bulk"],
        ["invalid_json", "1", "1", "Sim", "track"],
    ]
    assert ExportLog.objects.get().page == "data-quality"


def test_replay_from_the_page_says_what_became_of_it(ada_client, ada, refused):
    ScoringRule.objects.create(policy=ScoringPolicy.objects.get(), interaction_type="swim", weight=0.5)
    page = ada_client.get(PAGE).content.decode()
    assert page.count(f'action="{REPLAY}"') == page.count("csrfmiddlewaretoken") - 2 == 2
    words = words_of(ada_client.post(REPLAY, {"code": "unknown_type"}, follow=True))
    assert "2 interactions went in, 0 were there already." in words
    assert UserInteractionTrackingModel.objects.filter(interaction_type="swim").count() == 2
    assert [*RejectedInteraction.objects.values_list("code", flat=True)] == ["invalid_json"]
    assert {entry.user for entry in LogEntry.objects.all()} == {ada}
    words = words_of(ada_client.post(REPLAY, {"code": "invalid_json"}, follow=True))
    assert "Still refused: invalid_json 1." in words


@pytest.mark.parametrize("code", ["unknown_type", "\0", "x" * 10_000, "<script>"])
def test_a_replay_of_nothing_says_so(ada_client, code):
    assert "Nothing waits there" in words_of(ada_client.post(REPLAY, {"code": code}, follow=True))


def test_a_replay_takes_no_more_than_one_request_can(ada_client, refused, monkeypatch):
    monkeypatch.setattr("analytics.views.data_quality.MOST_AT_ONCE", 1)
    words = words_of(ada_client.post(REPLAY, {"code": "unknown_type"}, follow=True))
    assert "More than 1 waited: try again for the rest" in words


def test_a_replay_from_elsewhere_is_refused(ada, refused):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    assert client.post(REPLAY, {"code": "unknown_type"}).status_code == 403
    assert client.get(REPLAY)["Location"] == PAGE


def test_what_is_called_otherwise_than_in_the_catalogue_is_named(ada_client, lena, ada):
    track(lena, "case_view", case_id="c1", case_title="Sepsis I")
    case = Case.objects.get()
    Case.objects.update(title="Sepsis, by hand", by_hand=True, specialty="emergency")
    LogEntry.objects.log_actions(ada.pk, [case], CHANGE, change_message="Put right", single_object=True)
    track(lena, "case_view", case_id="c1", case_title="Sepsis I", metadata={"specialty": "surgery"})
    track(lena, "case_view", case_id="c1")
    answer = ada_client.get(PAGE)
    assert exported(ada_client, "words")[1:] == [
        ["c1", "2", "case, title", "Sepsis, by hand", "Sepsis I"],
        ["c1", "1", "case, specialty", "emergency", "surgery"],
    ]
    assert rows_of(answer, "otherwise")[1] == ["c1", "2", "case, title", "Sepsis, by hand (by hand)", "Sepsis I"]
    assert "Of 1 case in the catalogue, 1 lack a specialty or a difficulty, and 0 are known" in words_of(answer)
    assert "Ada · Sepsis I · Put right" in words_of(answer)


def test_jobs_that_failed_or_are_overdue_come_first(ada_client, clock):
    ScheduledJob.objects.create(
        name="purge_quarantine",
        outcome="failed",
        message="OSError: no\nmore",
        started_at=NOW - timedelta(seconds=90),
        finished_at=NOW,
    )
    ScheduledJob.objects.create(name="count_days", outcome="done", next_at=NOW - timedelta(hours=1))
    words = words_of(ada_client.get(PAGE))
    assert "1 scheduled job failed in the last run: purge_quarantine." in words
    assert "1 scheduled job should have run: count_days. Is “manage.py run_jobs” running?" in words
    assert ["purge_quarantine", "failed", NOW.isoformat(), "90.0", "", "OSError: no"] in exported(ada_client, "jobs")


def test_all_refused_for_one_reason_are_told_with_that_reason(ada_client, sim_api):
    send_bulk(sim_api, b'{"interactionType":"swim","userId":"lena"}')
    words = words_of(ada_client.get(PAGE))
    assert "1 refused body can still be taken in; the reason was “unknown_type”." in words


def test_a_moment_that_a_job_told_reads_as_all_others_do(ada_client):
    told = "1 interactions counted; complete through 2026-03-16 12:00:00 UTC."
    ScheduledJob.objects.create(name="count_progress", outcome="done", message=told)
    words = words_of(ada_client.get(PAGE))
    assert "1 interactions counted; complete through Mon 16 Mar 2026, 12:00 UTC." in words


def test_the_last_verification_is_told(ada_client, lena):
    track(lena, "case_view", case_id="c1")
    call_command("count_days", verbosity=0)
    call_command("verify_counts")
    assert "verify_counts done" in words_of(ada_client.get(PAGE))
    Count.objects.filter(span="day", by="all").update(values={})
    with pytest.raises(CommandError):
        call_command("verify_counts")
    assert "1 scheduled job failed in the last run: verify_counts." in words_of(ada_client.get(PAGE))


def test_days_that_wait_are_told_and_left_to_the_worker_where_they_are_many(ada_client, lena, monkeypatch):
    track(lena, "case_view", case_id="c1")
    ada_client.get(PAGE)
    CountedDay.objects.update(due=True, interactions=1_000_000)
    track(lena, "case_view", case_id="c1")
    assert "1 day wait to be counted anew" in words_of(ada_client.get(PAGE))


def test_the_page_costs_the_same_for_little_and_for_much(ada_client, cast, sim_api, django_assert_num_queries):
    def visited():
        ada_client.get(PAGE)
        with django_assert_num_queries(QUERIES):
            ada_client.get(PAGE)

    track(cast["lena"], "case_view", case_id="c1", resource_id="r1")
    policy_book()
    visited()
    told = [
        {
            "interactionType": "case_view",
            "userId": who.public_id,
            "caseId": f"c{number}",
            "caseTitle": f"Case {number}",
            "resourceId": f"r{number}",
            "occurredAt": (NOW - timedelta(days=number)).isoformat(),
        }
        for who in (cast["lena"], cast["mia"])
        for number in range(40)
    ]
    track_bulk_interactions(sender=cast["sim"], interactions=told, now=NOW)
    Case.objects.update(title="Another")
    send_bulk(sim_api, *(b'{"interactionType":"swim%d"}' % number for number in range(30)))
    visited()


QUERIES = 20

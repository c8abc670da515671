"""POST track: one interaction, its score and every refusal."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import User
from interactions.models import DailyActivity, UserInteractionTrackingModel
from medsim_tracking.testing import NOW, track

URL = "/api/interaction-tracking/track"
COMPLETED = {
    "interactionType": "case_complete",
    "eventId": "e-1",
    "timeSpentSeconds": 1800,
    "caseId": "case-123",
    "performanceMetrics": {"score": 85},
}


def stored():
    return UserInteractionTrackingModel.objects.count()


@pytest.mark.parametrize("url", [URL, URL + "/"])
def test_an_interaction_is_answered_with_its_score_and_parts(lena_api, lena, url):
    answer = lena_api.post(url, COMPLETED)
    row = UserInteractionTrackingModel.objects.get(user=lena)
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "id": str(row.pk),
            "eventId": "e-1",
            "status": "created",
            "occurredAt": "2026-03-16T12:00:00Z",
            "engagementScore": 82.95,
            "engagementLevel": "very_high",
            "scoreParts": {"type": 36.0, "time": 24.0, "performance": 22.95, "consistency": 0.0},
            "policy": "es-1",
        },
    )


def test_a_repetition_returns_the_first_record_and_counts_once(lena_api):
    first = lena_api.post(URL, COMPLETED)
    again = lena_api.post(URL, {**COMPLETED, "sentAt": "2026-03-16T12:00:10Z"})
    assert again.status_code == 200
    assert again.json() == {**first.json(), "status": "duplicate"}
    assert stored() == 1
    assert DailyActivity.objects.get().interactions == 1


def test_the_same_event_id_with_other_content_is_a_conflict_and_changes_nothing(lena_api):
    lena_api.post(URL, COMPLETED)
    before = list(UserInteractionTrackingModel.objects.values()), list(DailyActivity.objects.values())
    answer = lena_api.post(URL, {**COMPLETED, "caseId": "another"})
    assert (answer.status_code, answer.json()["code"]) == (409, "id_conflict")
    assert (list(UserInteractionTrackingModel.objects.values()), list(DailyActivity.objects.values())) == before


def test_event_ids_of_two_learners_never_collide(lena_api, mia_api):
    assert lena_api.post(URL, COMPLETED).status_code == 201
    assert mia_api.post(URL, {**COMPLETED, "caseId": "another"}).status_code == 201


def test_without_an_event_id_every_request_is_a_new_interaction(lena_api):
    told = {"interactionType": "search"}
    assert lena_api.post(URL, told).json()["eventId"] != lena_api.post(URL, told).json()["eventId"]
    assert stored() == 2


@pytest.mark.parametrize("owner", ["lena", "me"])
def test_a_learner_may_name_himself(lena_api, lena, owner):
    assert lena_api.post(URL, {"interactionType": "search", "userId": owner}).status_code == 201
    assert UserInteractionTrackingModel.objects.get().user == lena


@pytest.mark.parametrize("sender", ["lena_api", "edda_api"])
@pytest.mark.parametrize("owner", ["mia", "nobody-at-all"])
def test_only_a_simulator_or_an_admin_records_for_others(request, sender, owner):
    answer = request.getfixturevalue(sender).post(URL, {"interactionType": "search", "userId": owner})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_user")
    assert stored() == 0


@pytest.mark.parametrize("sender", ["sim_api", "ada_api"])
def test_a_simulator_and_an_admin_record_for_a_learner(request, mia, sender):
    answer = request.getfixturevalue(sender).post(URL, {"interactionType": "search", "userId": "mia"})
    assert answer.status_code == 201
    assert UserInteractionTrackingModel.objects.get().user == mia


def test_a_learner_whom_the_simulator_names_first_is_created_without_a_login(sim_api):
    assert sim_api.post(URL, {"interactionType": "search", "userId": "student 4711/B"}).status_code == 201
    newcomer = User.objects.get(public_id="student 4711/B")
    assert (newcomer.role, newcomer.has_usable_password(), newcomer.is_staff) == ("student", False, False)


def test_a_public_id_that_cannot_be_one_is_named(sim_api):
    answer = sim_api.post(URL, {"interactionType": "search", "userId": " blank at the start"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/userId")


def test_an_event_older_than_retention_is_refused(lena_api, settings):
    limit = NOW - timedelta(days=settings.MEDSIM_RETENTION_DAYS)
    just_kept = {"interactionType": "search", "occurredAt": limit.isoformat()}
    too_old = {"interactionType": "search", "occurredAt": (limit - timedelta(seconds=1)).isoformat()}
    assert lena_api.post(URL, just_kept).status_code == 201
    answer = lena_api.post(URL, too_old)
    assert (answer.status_code, answer.json()["code"], stored()) == (422, "too_old", 1)


def test_a_wrong_clock_is_corrected_and_the_clients_word_is_kept(lena_api):
    told = {"interactionType": "search", "occurredAt": "2026-03-16T13:59:00Z", "sentAt": "2026-03-16T14:00:00Z"}
    assert lena_api.post(URL, told).json()["occurredAt"] == "2026-03-16T11:59:00Z"
    row = UserInteractionTrackingModel.objects.get()
    assert (row.clock_flag, row.told_at.hour) == ("corrected", 13)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "invalid"),
        (b"{", 400, "invalid_json"),
        (b"\xff", 400, "invalid_unicode"),
        (b"[" * 5000, 400, "too_deep"),
        (b'{"interactionType":NaN}', 400, "invalid_json"),
        (b"[]", 400, "invalid"),
        (b'{"interactionType":"search","interactionType":"search"}', 400, "invalid"),
        (b" " * (1024 * 1024 + 1), 413, "too_large"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_with_its_reason(lena_api, body, status, code):
    answer = lena_api.generic("POST", URL, body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"], answer["Content-Type"]) == (
        status,
        code,
        "application/problem+json",
    )
    assert stored() == 0


@pytest.mark.parametrize("content_type", ["text/plain", "application/json; charset=utf-16", "multipart/form-data"])
def test_only_json_in_utf_8_is_read(lena_api, content_type):
    assert lena_api.generic("POST", URL, b"{}", content_type=content_type).status_code == 415


def test_a_refusal_names_the_field_and_the_request(lena_api):
    answer = lena_api.post(URL, {"interactionType": "search", "is_staff": True})
    problem = answer.json()
    assert (problem["status"], problem["code"], problem["requestId"]) == (400, "invalid", answer["X-Request-ID"])
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [("/is_staff", "unknown_field")]


def test_nobody_tracks_without_a_token(anonymous_api):
    answer = anonymous_api.post(URL, COMPLETED)
    assert (answer.status_code, answer["WWW-Authenticate"][:6]) == (401, "Bearer")


def test_a_session_cookie_does_not_open_the_api(lena_client):
    assert lena_client.post(URL, COMPLETED, content_type="application/json").status_code == 401


def test_the_number_of_queries_does_not_depend_on_how_much_a_learner_has_done(
    lena_api, lena, django_assert_num_queries
):
    for days in range(20):
        track(lena, "case_complete", occurred_at=NOW - timedelta(days=days), time_spent_seconds=900)
    lena_api.post(URL, {**COMPLETED, "eventId": "warm"})
    # PostgreSQL is asked three questions in one message.
    with django_assert_num_queries(6 if connection.vendor == "postgresql" else 8):
        assert lena_api.post(URL, {**COMPLETED, "eventId": "counted"}).status_code == 201

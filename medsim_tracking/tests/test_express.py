"""The express lane answers what the views would answer, and leaves to them what is not plain."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.test.utils import override_settings

from accounts.models import User
from interactions.models import DailyActivity, RejectedInteraction, UserInteractionTrackingModel
from interactions.recount import learner_blocks, recount
from medsim_tracking import express
from medsim_tracking.testing import ApiClient, api_of, person

TRACK, BULK = express.TRACK, express.TRACK_BULK
LANE = "medsim_tracking.express.ExpressLaneMiddleware"


def search(event_id="e", **more):
    return {"interactionType": "search", "eventId": event_id, "timeSpentSeconds": 60, **more}


@pytest.fixture
def lane(monkeypatch):
    """What the express lane answered, as (path, status)."""
    answered = []
    answer = express._answer

    def watched(request, which):
        response = answer(request, which)
        if response is not None:
            answered.append((request.path_info, response.status_code))
        return response

    monkeypatch.setattr(express, "_answer", watched)
    return answered


@pytest.fixture
def without_lane(settings):
    """A way to ask the views alone."""
    names = [name for name in settings.MIDDLEWARE if name != LANE]
    assert len(names) == len(settings.MIDDLEWARE) - 1

    def ask(user, path, body):
        with override_settings(MIDDLEWARE=names):
            return api_of(user).post(path, body)

    return ask


# What depends on the request alone, or helps only those who ask the views.
OF_NO_MATTER = ("X-Request-ID", "Allow", "Vary", "Content-Language")


def as_told(answer):
    """Status, headers and body, without what differs from request to request."""
    headers = {name: value for name, value in answer.headers.items() if name not in OF_NO_MATTER}
    headers["Content-Length"] = headers["Content-Length"] == str(len(answer.content))
    body = answer.json()
    for part in (body, *body.get("results", ())):
        part.pop("id", None)
        part.pop("requestId", None)
    return answer.status_code, headers, body


BODIES = [
    (TRACK, search()),
    (TRACK, search(caseId="c", caseTitle="Sepsis", performanceMetrics={"score": 85}, metadata={"specialty": "x"})),
    (TRACK, search(occurredAt="2020-01-01T00:00:00Z")),
    (TRACK, search(userId="mia")),
    (TRACK, search(timeSpentSeconds=-1)),
    (BULK, [search("a"), search("b"), search("a")]),
    (BULK, {"sentAt": "2026-03-16T12:00:00Z", "interactions": [search("a")]}),
    (BULK, [search("a"), search("a", timeSpentSeconds=1)]),
    (BULK, [search("a"), search("b", userId="mia")]),
    (BULK, [search("a"), {}]),
    (BULK, []),
]


@pytest.mark.parametrize(("path", "body"), BODIES)
@pytest.mark.parametrize("times", [1, 2])
def test_it_answers_to_the_letter_what_the_views_answer(lena, mia, without_lane, clock, path, body, times):
    """`times`: as often as it is sent by each."""
    twin = person("twin", public_id="twin")
    quick = [as_told(api_of(lena).post(path, body)) for _ in range(times)][-1]
    clock.forward(minutes=2)
    slow = [as_told(without_lane(twin, path, body)) for _ in range(times)][-1]
    moved = json.loads(json.dumps(slow).replace("2026-03-16T12:02:00Z", "2026-03-16T12:00:00Z"))
    assert json.loads(json.dumps(quick)) == moved


def test_what_is_plain_takes_it(lena_api, lane):
    lena_api.post(TRACK, search())
    lena_api.post(TRACK + "/", search())
    lena_api.post(BULK, [search("a"), search("b")])
    assert lane == [(TRACK, 201), (TRACK + "/", 200), (BULK, 201)]


def test_what_is_not_plain_does_not(lena_api, anonymous_api, lane):
    lena_api.post(TRACK, search(timeSpentSeconds=-1))
    lena_api.post(TRACK, search(userId="mia"))
    lena_api.post(BULK + "?atomic=true", [search()])
    lena_api.post(BULK, [search("b"), {}])
    lena_api.get(TRACK)
    anonymous_api.post(TRACK, search())
    assert lane == []


def test_a_token_is_asked_about_its_person_every_time(lena, lena_api, lane):
    assert lena_api.post(TRACK, search("a")).status_code == 201
    lena.set_password("another calm heron wades")
    lena.save()
    assert lena_api.post(TRACK, search("b")).status_code == 401
    User.objects.filter(pk=lena.pk).update(is_active=False)
    assert lena_api.post(BULK, [search("c")]).status_code == 401
    assert (len(lane), UserInteractionTrackingModel.objects.count()) == (1, 1)


def test_a_token_that_expired_is_refused_though_it_was_good(lena_api, lane, monkeypatch):
    assert lena_api.post(TRACK, search("a")).status_code == 201
    later = express.claims_of.__globals__["time"]() + timedelta(hours=1).total_seconds()
    monkeypatch.setattr("accounts.api.tokens.time", lambda: later)
    lena_api.post(TRACK, search("b"))
    assert lane == [(TRACK, 201)]


def test_a_foreign_host_is_refused_as_everywhere(lena_api):
    assert lena_api.post(TRACK, search(), headers={"Host": "evil.example"}).status_code == 400
    assert not UserInteractionTrackingModel.objects.exists()


def test_a_conflict_is_kept_for_the_admins_and_charged_once(lena_api, settings):
    lena_api.post(TRACK, search())
    answer = lena_api.post(TRACK, search(timeSpentSeconds=61))
    assert (answer.status_code, answer["RateLimit-Remaining"]) == (409, "598")
    assert RejectedInteraction.objects.get().code == "id_conflict"


def test_the_limit_holds_and_says_so(lena_api, settings):
    settings.MEDSIM_RATE_LEARNER = "3/m"
    answers = [lena_api.post(TRACK, search(f"e-{number}")) for number in range(4)]
    assert [(answer.status_code, answer["RateLimit-Remaining"]) for answer in answers] == [
        (201, "2"),
        (201, "1"),
        (201, "0"),
        (429, "0"),
    ]
    assert lena_api.post(BULK, [search("b")]).status_code == 429
    assert lena_api.post(BULK, [search(str(number)) for number in range(4)]).status_code == 413
    assert UserInteractionTrackingModel.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_single_ones_of_many_learners_that_come_together_are_stored_once_each(cast, lane, monkeypatch):
    """Three learners send the same forty ids at once, from twelve threads; each is answered for itself."""
    learners = [person(f"together-{number}") for number in range(3)]
    tokens = [api_of(learner).defaults["HTTP_AUTHORIZATION"] for learner in learners]
    store, sizes, start = express._together._serve, [], threading.Barrier(12)

    def watched(singles):
        sizes.append(len(singles))
        return store(singles)

    monkeypatch.setattr(express._together, "_serve", watched)

    def send(number):
        start.wait()
        try:
            api = ApiClient(headers={"Authorization": tokens[number % 3]})
            return number % 3, [api.post(TRACK, search(f"e-{each}", caseId="c")).json() for each in range(40)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(send, range(12)))
    by_id = {}
    for owner, told in answers:
        for answer in told:
            by_id.setdefault((owner, answer["eventId"]), []).append((answer["status"], answer["id"]))
    assert len(by_id) == 120
    for told in by_id.values():
        assert sorted(status for status, _ in told) == ["created", "duplicate", "duplicate", "duplicate"]
        assert len({key for _, key in told}) == 1
    assert UserInteractionTrackingModel.objects.count() == 120
    assert sum(DailyActivity.objects.values_list("interactions", flat=True)) == 120
    assert not [drift for block in learner_blocks() for drift in recount(block)]
    assert max(sizes) > 1, "nothing was ever stored together"


def test_storage_trouble_is_told_as_such(lena_api, monkeypatch):
    from django.db import OperationalError

    def fail(*args):
        raise OperationalError("planted")

    monkeypatch.setattr("interactions.services.insert_interactions", fail)
    for path, body in ((TRACK, search()), (BULK, [search()])):
        answer = lena_api.post(path, body)
        assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
        assert (answer["Content-Type"], int(answer["Retry-After"]) > 0) == ("application/problem+json", True)
        assert int(answer["RateLimit-Remaining"]) < int(answer["RateLimit-Limit"])

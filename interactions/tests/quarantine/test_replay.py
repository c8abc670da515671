"""After a fix what was refused goes in, as its sender sent it then; what is still refused stays with its reason."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from interactions.domain.parsing import Unreadable
from interactions.models import (
    DailyActivity,
    RejectedInteraction,
    ScoringPolicy,
    ScoringRule,
    UserInteractionTrackingModel,
)
from interactions.quarantine import replay as module
from interactions.quarantine.replay import replay
from interactions.tests.quarantine.kept import BULK, TRACK, kept, send, send_bulk
from medsim_tracking.testing import NOW

SWIM = b'{"interactionType":"swim","eventId":"swim-1","userId":"lena","occurredAt":"2026-03-15T09:30:00Z"}'
BAD = b'{"interactionType":"search","eventId":"bad","timeSpentSeconds":-1}'


@pytest.fixture
def add_swim(db):
    """A policy in force over all days of these tests that knows the type; the doors knew it not."""

    def add():
        policy = ScoringPolicy.objects.get()
        ScoringRule.objects.create(policy=policy, interaction_type="swim", weight=0.5)

    return add


def run(*options):
    out = StringIO()
    call_command("replay_quarantine", *options, stdout=out)
    return out.getvalue()


def test_a_type_that_a_policy_adds_goes_in_as_it_was_sent(sim_api, clock, add_swim):
    send(
        sim_api,
        BULK,
        b'{"sentAt":"2026-03-16T13:00:00Z","interactions":['
        b'{"interactionType":"swim","eventId":"s-1","userId":"lena","occurredAt":"2026-03-16T12:30:00Z"},'
        + BAD
        + b"]}",
    )
    clock.forward(days=9)
    add_swim()
    assert run() == "1 interactions went in, 0 were there already.\n1 bodies are still refused.\n  out_of_range: 1\n"
    row = UserInteractionTrackingModel.objects.get()
    # The clock of the client was an hour ahead on the day it sent; that is corrected by the receipt of then.
    assert (row.user.public_id, row.event_id, row.received_at, row.occurred_at, row.clock_flag) == (
        "lena",
        "s-1",
        NOW,
        NOW - timedelta(minutes=30),
        "corrected",
    )
    assert DailyActivity.objects.get().interactions == 1
    assert kept() == [("out_of_range", BAD)]


def test_a_dry_run_says_it_and_changes_nothing(sim_api, add_swim):
    send(sim_api, TRACK, SWIM)
    send(sim_api, TRACK, BAD)
    add_swim()
    before = kept()
    assert run("--dry-run").startswith("A dry run: nothing was changed.\n1 interactions went in")
    assert (kept(), UserInteractionTrackingModel.objects.exists(), DailyActivity.objects.exists()) == (
        before,
        False,
        False,
    )


def test_only_those_of_a_code_are_tried(sim_api, add_swim):
    send(sim_api, TRACK, SWIM)
    send(sim_api, TRACK, BAD)
    add_swim()
    assert run("--code", "out_of_range").startswith("0 interactions went in")
    assert run("--code", "unknown_type").startswith("1 interactions went in")
    assert run("--code", "unknown_type").startswith("0 interactions went in, 0 were there already.\n0 bodies")


def test_what_the_client_sent_again_by_itself_is_there_already(sim_api, add_swim):
    send(sim_api, TRACK, SWIM)
    add_swim()
    send(sim_api, TRACK, SWIM)
    assert run().startswith("0 interactions went in, 1 were there already.")
    assert (kept(), UserInteractionTrackingModel.objects.count()) == ([], 1)


def test_what_is_still_refused_has_its_new_reason(sim_api, sim, add_swim, lena):
    send(sim_api, TRACK, SWIM)
    send(sim_api, TRACK, SWIM.replace(b"swim-1", b"swim-2"))
    add_swim()
    sim.role = sim.Role.STUDENT
    sim.save()
    assert "not_your_user: 2" in run()
    assert [*RejectedInteraction.objects.values_list("status", "code", "errors")] == [
        ("refused", "not_your_user", [])
    ] * 2
    assert not UserInteractionTrackingModel.objects.exists()


def test_a_conflict_stays_a_conflict(sim_api):
    for case in (b"a", b"b"):
        send(sim_api, TRACK, b'{"interactionType":"search","eventId":"e","caseId":"%s"}' % case)
    assert "id_conflict: 1" in run()
    assert UserInteractionTrackingModel.objects.get().case_id == "a"


def test_a_bulk_refused_as_a_whole_goes_in_item_by_item(sim_api, monkeypatch):
    good = b'{"interactionType":"search","eventId":"g","userId":"lena"}'
    whole = b'{"batch":7,"interactions":[' + good + b"," + BAD + b"]}"
    send(sim_api, BULK, whole)
    assert run() == "0 interactions went in, 0 were there already.\n1 bodies are still refused.\n  unknown_field: 1\n"
    monkeypatch.setattr("interactions.quarantine.replay.read_envelope", lambda body: (body["interactions"], None))
    assert run().startswith("1 interactions went in")
    assert kept() == [("out_of_range", BAD)]
    assert not RejectedInteraction.objects.get().is_whole_bulk


def test_a_body_that_a_stricter_reader_refused_goes_in(lena_api, monkeypatch):
    def refuse(raw):
        raise Unreadable("invalid_json", "Planted.")

    with monkeypatch.context() as stricter:
        stricter.setattr("interactions.api.parsers.parse", refuse)
        stricter.setattr("interactions.api.views.read_bulk", lambda *told: None)
        send(lena_api, TRACK, b'{"interactionType":"search","eventId":"e"}')
    assert [code for code, _ in kept()] == ["invalid_json"]
    assert run().startswith("1 interactions went in")


def test_what_cannot_be_read_stays_and_says_so(lena_api, settings):
    send(lena_api, TRACK, b"{")
    send(lena_api, BULK, b"[")
    send(lena_api, BULK, b"[" * 100_000)
    assert run() == (
        "0 interactions went in, 0 were there already.\n2 bodies are still refused.\n  invalid_json: 2\n"
        "1 bodies were too long to be kept whole.\n"
    )
    settings.DATA_KEYS = [b"another-key-of-thirty-two-bytes!"]
    assert run().endswith("3 bodies are unavailable: their key is missing, or they were changed.\n")
    assert RejectedInteraction.objects.count() == 3


def test_two_replays_at_once_take_a_body_in_once(sim_api, add_swim, monkeypatch):
    without_id = b'{"interactionType":"swim"}'
    send(sim_api, TRACK, without_id)
    add_swim()
    keys = [RejectedInteraction.objects.get().pk]
    write = module.track_bulk_interactions

    def overtaken(**told):
        monkeypatch.setattr(module, "track_bulk_interactions", write)
        # The other replay ends while this one waits for the learner.
        assert replay(keys).outcomes == {"created": 1}
        return write(**told)

    monkeypatch.setattr(module, "track_bulk_interactions", overtaken)
    assert replay(keys).taken == 1


def test_expired_bodies_are_not_replayed(sim_api, clock, add_swim):
    send(sim_api, TRACK, SWIM)
    add_swim()
    clock.forward(days=30)
    assert run().startswith("0 interactions went in")
    clock.forward(microseconds=-1)
    assert run().startswith("1 interactions went in")


def test_items_of_many_bulks_are_replayed_in_a_number_of_queries_that_does_not_grow(
    sim_api, add_swim, django_assert_max_num_queries
):
    send_bulk(sim_api, *(SWIM.replace(b"swim-1", b"swim-%d" % number) for number in range(300)))
    add_swim()
    keys = list(RejectedInteraction.objects.values_list("pk", flat=True))
    with django_assert_max_num_queries(30):
        assert replay(keys).outcomes == {"created": 300}


@pytest.mark.parametrize(("early", "left"), [(timedelta(microseconds=1), 3), (timedelta(0), 1)])
def test_a_purge_deletes_what_has_expired_to_the_microsecond(sim_api, clock, monkeypatch, early, left):
    monkeypatch.setattr("interactions.quarantine.expiry.BATCH", 1)
    send_bulk(sim_api, SWIM, BAD)
    clock.forward(days=1)
    send(sim_api, TRACK, b"1")
    clock.now = NOW + timedelta(days=30) - early
    out = StringIO()
    call_command("purge_quarantine", stdout=out)
    assert out.getvalue() == f"{3 - left} refused bodies have expired and are deleted.\n"
    assert RejectedInteraction.objects.count() == left

"""The quarantine in the admin: to look at and to replay, by admins only, and nothing in it is ever run."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from interactions.models import RejectedInteraction, ScoringPolicy, ScoringRule, UserInteractionTrackingModel
from interactions.tests.quarantine.kept import TRACK, send
from medsim_tracking.testing import client_of

LIST = reverse("admin:interactions_rejectedinteraction_changelist")
XSS = b'{"interactionType":"swim","userId":"<i>lena","metadata":{"x":"<script>alert(1)</script>&lt;\\u0000"}}'


def page_of(row):
    return reverse("admin:interactions_rejectedinteraction_change", args=[row.pk])


@pytest.fixture
def rejected(sim_api):
    send(sim_api, TRACK, XSS)
    return RejectedInteraction.objects.get()


def test_the_list_says_who_what_why_and_until_when(ada_client, rejected):
    page = ada_client.get(LIST).content.decode()
    row = re.search(r"<tbody>(.*?)</tbody>", page, re.DOTALL)[1]
    cells = [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
    assert cells[1:] == [
        "2026-03-16 12:00:00 UTC",
        "Sim",
        "&lt;i&gt;lena",
        "nul_character",
        "/metadata/x",
        "track",
        "1",
        "2026-04-15 12:00:00 UTC",
    ]


def test_the_body_is_shown_as_text_in_which_nothing_runs_or_hides(ada_client, rejected):
    page = ada_client.get(page_of(rejected)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;lt;\\u0000" in page


def test_bytes_that_are_no_text_are_shown_as_escapes(ada_client, sim_api):
    send(sim_api, TRACK, b"\xff\x00\x1b[31m\xe2\x80\xae{")
    page = ada_client.get(page_of(RejectedInteraction.objects.get())).content.decode()
    assert "\\xff\\x00\\x1b[31m\\u202e{" in page


@pytest.mark.parametrize("trouble", ["key", "ciphertext"])
def test_a_body_that_cannot_be_opened_is_unavailable(ada_client, rejected, settings, trouble):
    if trouble == "key":
        settings.DATA_KEYS = [b"another-key-of-thirty-two-bytes!"]
    else:
        changed = bytes(rejected.body)[:-1] + bytes([bytes(rejected.body)[-1] ^ 1])
        RejectedInteraction.objects.update(body=changed)
    answer = ada_client.get(page_of(rejected))
    assert (answer.status_code, "Unavailable." in answer.content.decode()) == (200, True)
    assert ada_client.get(LIST).status_code == 200
    assert _replay(ada_client, rejected).status_code == 200
    assert RejectedInteraction.objects.exists()


def _replay(client, *rows):
    told = {"action": "replay", "_selected_action": [str(row.pk) for row in rows]}
    return client.post(LIST, told, follow=True)


def test_replay_takes_in_what_goes_in_now_and_notes_who_did_it(ada_client, ada, sim_api):
    send(sim_api, TRACK, b'{"interactionType":"swim","userId":"lena"}')
    send(sim_api, TRACK, b'{"interactionType":"dive","userId":"lena"}')
    ScoringRule.objects.create(policy=ScoringPolicy.objects.get(), interaction_type="swim", weight=0.5)
    answer = _replay(ada_client, *RejectedInteraction.objects.all())
    assert "Replayed: 1 went in or were there already, 1 stay" in answer.content.decode()
    assert UserInteractionTrackingModel.objects.get().interaction_type == "swim"
    assert (RejectedInteraction.objects.count(), LogEntry.objects.get().user) == (1, ada)


def test_more_than_one_request_can_take_is_left_to_the_command(ada_client, rejected, monkeypatch):
    monkeypatch.setattr("interactions.admin.quarantine.MOST_AT_ONCE", 0)
    assert "are for the command" in _replay(ada_client, rejected).content.decode()


def test_nobody_adds_changes_or_deletes(ada_client, rejected):
    assert ada_client.get(reverse("admin:interactions_rejectedinteraction_add")).status_code == 403
    assert ada_client.post(page_of(rejected), {"code": "other"}).status_code == 403
    delete = reverse("admin:interactions_rejectedinteraction_delete", args=[rejected.pk])
    assert ada_client.post(delete, {"post": "yes"}).status_code == 403
    told = {"action": "delete_selected", "_selected_action": [str(rejected.pk)], "post": "yes"}
    ada_client.post(LIST, told)
    assert RejectedInteraction.objects.get().code == rejected.code


@pytest.mark.parametrize("who", ["lena", "edda", "sim"])
def test_nobody_but_an_admin_sees_it(cast, rejected, who):
    client = client_of(cast[who])
    assert [client.get(url).status_code for url in (LIST, page_of(rejected))] == [403, 403]
    _replay(client, rejected)
    assert RejectedInteraction.objects.exists()


def test_the_list_costs_as_many_queries_for_twenty_as_for_one(ada_client, sim_api):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            ada_client.get(LIST)
        return len(captured)

    send(sim_api, TRACK, b"0")
    one = queries()
    for number in range(1, 20):
        send(sim_api, TRACK, b"%d" % number)
    assert queries() == one

"""Scoring policies in the admin: what is in force is looked at and copied, drafts are edited."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from interactions.models import ScoringPolicy, ScoringRule
from interactions.policy_versions import copy_as_draft
from medsim_tracking.testing import NOW, client_of

LIST = "/admin/interactions/scoringpolicy/"
TOMORROW = NOW.date() + timedelta(days=1)


@pytest.fixture
def es_1(db) -> ScoringPolicy:
    return ScoringPolicy.objects.get(version="es-1")


@pytest.fixture
def draft(es_1) -> ScoringPolicy:
    return copy_as_draft(es_1)


def page(policy: ScoringPolicy) -> str:
    return reverse("admin:interactions_scoringpolicy_change", args=[policy.pk])


def form_of(client, policy: ScoringPolicy) -> dict:
    """What the page would send if nothing were changed."""
    context = client.get(page(policy)).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    sent = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                sent[field.html_name] = value
    return sent


def rule_number(sent: dict, interaction_type: str, resource_type: str = "") -> int:
    return next(
        int(name.split("-")[1])
        for name, value in sent.items()
        if name.endswith("-interaction_type")
        and value == interaction_type
        and sent.get(name.replace("interaction_type", "resource_type"), "") == resource_type
    )


def told(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def act(client, action: str, *policies: ScoringPolicy):
    return client.post(LIST, {"action": action, "_selected_action": [policy.pk for policy in policies]})


def test_the_list_says_what_is_in_force(ada, es_1, draft, clock):
    ScoringPolicy.objects.filter(pk=draft.pk).update(effective_from=TOMORROW)
    copy_as_draft(es_1)

    def states():
        # Signed in anew: a session does not last until tomorrow.
        rows = client_of(ada).get(LIST).context["cl"]
        return {row.version: rows.model_admin.state(row) for row in rows.result_list}

    assert states() == {"es-1": "in force", "es-2": "will be in force", "es-3": "draft"}
    clock.forward(days=1)
    assert states() == {"es-1": "followed by another", "es-2": "in force", "es-3": "draft"}


def test_a_policy_in_force_is_read_only_with_its_rules(ada_client, es_1):
    answer = ada_client.get(page(es_1))
    content = answer.content.decode()
    assert (answer.status_code, "case_complete" in content) == (200, True)
    assert [
        word for word in ('name="_save"', 'name="version"', 'name="rules-0-weight"', "deletelink") if word in content
    ] == []
    rules = list(ScoringRule.objects.order_by("pk").values())
    forged = {"version": "es-1", "note": "changed", "rules-TOTAL_FORMS": "0", "rules-INITIAL_FORMS": "0"}
    assert ada_client.post(page(es_1), forged).status_code == 403
    assert ada_client.post(page(es_1).replace("change", "delete"), {"post": "yes"}).status_code == 403
    act(ada_client, "delete_selected", es_1)
    es_1.refresh_from_db()
    assert es_1.note != "changed"
    assert list(ScoringRule.objects.order_by("pk").values()) == rules


def test_an_action_copies_a_policy_as_a_new_draft(ada_client, es_1):
    answer = act(ada_client, "copy_as_new_draft", es_1)
    assert told(answer) == ["Policy es-2 is a draft of es-1."]
    assert ScoringPolicy.objects.get(version="es-2").rules.count() == 14


def test_a_policy_without_plain_rules_is_not_copied(ada_client, draft):
    draft.rules.filter(interaction_type="resource_access", resource_type="").delete()
    answer = act(ada_client, "copy_as_new_draft", draft)
    assert "Policy es-2 was not copied" in told(answer)[0]
    assert ScoringPolicy.objects.count() == 2


def test_a_draft_is_edited_with_its_rules(ada_client, draft):
    sent = form_of(ada_client, draft)
    sent["note"] = "Searching is worth more."
    sent[f"rules-{rule_number(sent, 'search')}-weight"] = "0.9"
    assert ada_client.post(page(draft), sent).status_code == 302
    draft.refresh_from_db()
    assert (draft.note, draft.effective_from) == ("Searching is worth more.", None)
    assert draft.rules.get(interaction_type="search").weight == 0.9
    assert ScoringRule.objects.get(policy__version="es-1", interaction_type="search").weight == 0.4


def test_a_draft_is_put_into_force_from_tomorrow_and_then_read_only(ada_client, draft):
    sent = form_of(ada_client, draft) | {"effective_from": TOMORROW.isoformat()}
    answer = ada_client.post(page(draft), sent)
    assert (answer.status_code, any("refused" in message for message in told(answer))) == (302, False)
    draft.refresh_from_db()
    assert draft.effective_from == TOMORROW
    assert ada_client.post(page(draft), sent | {"note": "too late"}).status_code == 403


def test_an_action_withdraws_it_before_its_first_day(ada_client, es_1, draft):
    ScoringPolicy.objects.filter(pk=draft.pk).update(effective_from=TOMORROW)
    answer = act(ada_client, "withdraw_before_first_day", es_1, draft)
    assert told(answer) == [
        "Policy es-1 may have scored interactions already: it stays in force.",
        "Policy es-2 is a draft again.",
    ]
    draft.refresh_from_db()
    assert draft.effective_from is None


def test_types_that_end_are_told(ada_client, draft):
    sent = form_of(ada_client, draft) | {"effective_from": TOMORROW.isoformat()}
    sent[f"rules-{rule_number(sent, 'search')}-DELETE"] = "on"
    assert f"From {TOMORROW} on these types are refused: search." in told(ada_client.post(page(draft), sent))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"effective_from": NOW.date().isoformat()}, "The first day must lie after"),
        ({"version": "es-1"}, "already exists"),
        ({"rules-{case_view}-cap": ""}, "A half life and a cap come together"),
        ({"rules-{case_view}-half_life": "1e9"}, "The half life lies beyond the cap"),
        ({"rules-{search}-weight": "1.2"}, "less than or equal to 1"),
        ({"rules-{search}-interaction_type": "case_view"}, "duplicate"),
        ({"rules-{resource_access}-DELETE": "on", "effective_from": TOMORROW.isoformat()}, "Without a plain rule"),
    ],
)
def test_what_would_not_score_is_refused(ada_client, draft, change, sentence):
    sent = form_of(ada_client, draft)
    numbers = {kind: rule_number(sent, kind) for kind in ("case_view", "search", "resource_access")}
    before = list(ScoringRule.objects.order_by("pk").values())
    answer = ada_client.post(page(draft), sent | {name.format(**numbers): value for name, value in change.items()})
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert list(ScoringRule.objects.order_by("pk").values()) == before
    assert ScoringPolicy.objects.get(pk=draft.pk).effective_from is None


def test_an_unfinished_draft_may_be_kept(ada_client, draft):
    sent = form_of(ada_client, draft)
    sent[f"rules-{rule_number(sent, 'resource_access')}-DELETE"] = "on"
    assert ada_client.post(page(draft), sent).status_code == 302
    assert draft.rules.count() == 13


def test_a_draft_is_deleted_from_its_own_page(ada_client, es_1, draft):
    assert ada_client.post(page(draft).replace("change", "delete"), {"post": "yes"}).status_code == 302
    assert list(ScoringPolicy.objects.all()) == [es_1]

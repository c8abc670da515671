"""How a policy changes: as a new version, from a day that has not begun, and never afterwards."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from interactions.models import ScoringPolicy, ScoringRule
from interactions.policies import policy_book
from interactions.policy_versions import check_rules, copy_as_draft, next_version, put_into_force, withdraw
from interactions.services import track_bulk_interactions, track_interaction
from medsim_tracking.testing import NOW, track

pytestmark = pytest.mark.django_db
TOMORROW = NOW.date() + timedelta(days=1)
RULE = ("interaction_type", "resource_type", "weight", "half_life", "cap", "minimum_time", "scored")


@pytest.fixture
def es_1() -> ScoringPolicy:
    return ScoringPolicy.objects.get()


@pytest.fixture
def draft(es_1) -> ScoringPolicy:
    return copy_as_draft(es_1)


def code_of(refusal) -> str:
    return refusal.value.error_list[0].code


def test_a_copy_is_a_draft_with_the_same_rules_and_the_next_name(es_1, draft):
    assert (draft.version, draft.effective_from) == ("es-2", None)
    assert sorted(draft.rules.values_list(*RULE)) == sorted(es_1.rules.values_list(*RULE))
    assert es_1.rules.count() == 14
    assert [policy.version for policy in policy_book().policies] == ["es-1"]


@pytest.mark.parametrize(
    ("taken", "version", "following"),
    [
        ([], "es-1", "es-2"),
        (["es-2", "es-9"], "es-1", "es-10"),
        (["es-2", "other-5"], "es-2", "es-3"),
        (["es-b-7"], "es-1", "es-2"),
        ([], "pilot", "pilot-2"),
        (["pilot-2"], "pilot", "pilot-3"),
    ],
)
def test_a_copy_takes_the_next_free_name(taken, version, following):
    ScoringPolicy.objects.bulk_create(ScoringPolicy(version=name) for name in taken)
    assert next_version(version) == following


def test_a_copy_whose_name_would_be_too_long_is_refused():
    with pytest.raises(ValidationError) as refusal:
        next_version("a-very-long-name-999")
    assert code_of(refusal) == "too_long"


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        ([], "no_rules"),
        ([("search", "video")], "no_plain_rule"),
        ([("search", ""), ("case_view", "video")], "no_plain_rule"),
        ([("search", ""), ("search", "video")], None),
    ],
)
def test_every_type_needs_a_plain_rule(kinds, code):
    if code is None:
        check_rules(kinds)
        return
    with pytest.raises(ValidationError) as refusal:
        check_rules(kinds)
    assert code_of(refusal) == code


def test_what_lacks_a_plain_rule_is_neither_copied_nor_put_into_force(draft):
    draft.rules.filter(interaction_type="resource_access", resource_type="").delete()
    for change in (lambda: copy_as_draft(draft), lambda: put_into_force(draft, TOMORROW, now=NOW)):
        with pytest.raises(ValidationError) as refusal:
            change()
        assert "resource_access" in refusal.value.messages[0]
    assert list(ScoringPolicy.objects.order_by("pk").values_list("version", "effective_from")) == [
        ("es-1", date(1970, 1, 1)),
        ("es-2", None),
    ]


def test_a_policy_scores_from_its_first_day_on(cast, draft):
    draft.rules.filter(interaction_type="search").update(weight=1.0)
    put_into_force(draft, TOMORROW, now=NOW)
    before = track(cast["lena"], "search", now=NOW)
    after = track(cast["lena"], "search", now=NOW + timedelta(days=1))
    assert [(row.policy_version, row.base_units) for row in (before, after)] == [("es-1", 400_000), ("es-2", 1_000_000)]


@pytest.mark.parametrize(
    ("now", "first_day", "allowed"),
    [
        (NOW, NOW.date(), False),
        (NOW, NOW.date() - timedelta(days=1), False),
        (NOW, TOMORROW, True),
        # A client's clock may be five minutes ahead, so tomorrow's first interactions may be here.
        (datetime(2026, 3, 16, 23, 56, tzinfo=UTC), TOMORROW, False),
        (datetime(2026, 3, 16, 23, 56, tzinfo=UTC), TOMORROW + timedelta(days=1), True),
    ],
)
def test_the_first_day_has_not_begun(draft, now, first_day, allowed):
    if allowed:
        put_into_force(draft, first_day, now=now)
        draft.refresh_from_db()
        assert draft.effective_from == first_day
        return
    with pytest.raises(ValidationError) as refusal:
        put_into_force(draft, first_day, now=now)
    assert code_of(refusal) == "too_early"


def test_tomorrow_is_the_institutions(draft, settings):
    settings.MEDSIM_TIME_ZONE = "Asia/Tokyo"
    # 23:30 in London is the next morning in Tokyo.
    with pytest.raises(ValidationError):
        put_into_force(draft, TOMORROW, now=datetime(2026, 3, 16, 23, 30, tzinfo=UTC))


def test_a_day_that_an_import_has_reached_keeps_its_policy(cast, draft):
    later = NOW + timedelta(days=3)
    told = {"userId": "lena", "interactionType": "search", "occurredAt": later.isoformat()}
    track_bulk_interactions(sender=cast["sim"], interactions=[told], now=NOW, historical=True)
    with pytest.raises(ValidationError) as refusal:
        put_into_force(draft, later.date(), now=NOW)
    assert code_of(refusal) == "already_scored"
    put_into_force(draft, later.date() + timedelta(days=1), now=NOW)


def test_a_first_day_is_taken_once(es_1, draft):
    put_into_force(draft, TOMORROW, now=NOW)
    with pytest.raises(ValidationError):
        put_into_force(copy_as_draft(es_1), TOMORROW, now=NOW)
    with pytest.raises(ValidationError) as refusal:
        put_into_force(draft, TOMORROW + timedelta(days=1), now=NOW)
    assert code_of(refusal) == "in_force"


def test_a_policy_is_withdrawn_until_its_first_day_begins(es_1, draft):
    put_into_force(draft, TOMORROW, now=NOW)
    withdraw(draft, now=NOW + timedelta(hours=11))
    draft.refresh_from_db()
    assert draft.effective_from is None
    put_into_force(draft, TOMORROW, now=NOW)
    for policy, now, code in ((draft, NOW + timedelta(days=1), "used"), (es_1, NOW, "used")):
        with pytest.raises(ValidationError) as refusal:
            withdraw(policy, now=now)
        assert code_of(refusal) == code


def test_a_draft_has_nothing_to_withdraw(draft):
    with pytest.raises(ValidationError) as refusal:
        withdraw(draft, now=NOW)
    assert code_of(refusal) == "draft"


@pytest.mark.parametrize(
    ("half_life", "cap", "code"),
    [
        (60, None, "half_timed"),
        (None, 600, "half_timed"),
        (700, 600, "half_life_beyond_cap"),
        (600, 600, None),
        (None, None, None),
    ],
)
def test_half_life_and_cap_come_together(half_life, cap, code):
    rule = ScoringRule(interaction_type="search", weight=0.5, half_life=half_life, cap=cap)
    if code is None:
        rule.clean()
        return
    with pytest.raises(ValidationError) as refusal:
        rule.clean()
    assert code_of(refusal) == code


def test_a_new_type_is_a_rule_and_no_code(cast, draft):
    ScoringRule.objects.create(policy=draft, interaction_type="ward_round", weight=0.7)
    put_into_force(draft, TOMORROW, now=NOW)
    told = {"interactionType": "ward_round"}
    today = track_interaction(sender=cast["lena"], interaction=told, now=NOW)
    tomorrow = track_interaction(sender=cast["lena"], interaction=told, now=NOW + timedelta(days=1))
    assert (today.status, tomorrow.status, tomorrow.row.policy_version) == ("invalid", "created", "es-2")

"""How a scoring policy changes: never in place. A copy as a draft, edited, then put into force from a day on.

Once a policy has a first day its rules are fixed, because the scores it gave must stay explainable. Every
rule here holds for whoever changes policies, the admin included; refusals are ValidationErrors in sentences.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.calendar import day_start, local_day
from interactions.domain.clock import FUTURE_ALLOWED
from interactions.domain.policy import PLAIN
from interactions.models import VERSION_LENGTH, ScoringPolicy, ScoringRule, UserInteractionTrackingModel

_NUMBERED = re.compile(r"(?P<name>.*?)-(?P<number>[0-9]{1,9})")
_COPIED = ("interaction_type", "resource_type", "weight", "half_life", "cap", "minimum_time", "scored")


def check_rules(kinds: Iterable[tuple[str, str]]) -> None:
    """Refuse a set of (interaction type, resource type) in which a type has no plain rule, or nothing is."""
    kinds = set(kinds)
    if not kinds:
        raise ValidationError("The policy has no rules: it would score nothing.", code="no_rules")
    bare = sorted({kind for kind, _ in kinds} - {kind for kind, resource in kinds if resource == PLAIN})
    if bare:
        raise ValidationError(
            f"Without a plain rule (an empty resource type): {', '.join(bare)}. Every type needs one.",
            code="no_plain_rule",
        )


def check_first_day(first_day: date, *, now: datetime) -> None:
    """Refuse a first day of which something may have been scored already: no day mixes versions."""
    # A client's clock may run ahead by this much, so tomorrow begins a little early for us.
    latest = local_day(now + FUTURE_ALLOWED)
    if first_day <= latest:
        raise ValidationError(
            f"The first day must lie after {latest}: a day is scored by one policy from its start.", code="too_early"
        )
    if UserInteractionTrackingModel.objects.within(day_start(first_day), None).exists():
        raise ValidationError(
            f"Interactions dated {first_day} or later are stored already (an import), scored by another policy.",
            code="already_scored",
        )


def next_version(version: str) -> str:
    """The name that follows: es-1 -> es-2, and the first free number above it where that is taken."""
    matched = _NUMBERED.fullmatch(version)
    name, number = (matched["name"], int(matched["number"])) if matched else (version, 1)
    taken = {
        int(found["number"])
        for other in ScoringPolicy.objects.filter(version__startswith=f"{name}-").values_list("version", flat=True)
        if (found := _NUMBERED.fullmatch(other)) and found["name"] == name
    }
    following = f"{name}-{max(taken | {number}) + 1}"
    if len(following) > VERSION_LENGTH:
        raise ValidationError(
            f"The version name {following} has more than {VERSION_LENGTH} characters.", code="too_long"
        )
    return following


@transaction.atomic
def copy_as_draft(policy: ScoringPolicy) -> ScoringPolicy:
    """A new draft with the same rules under the next version name. Refused where the rules are not whole."""
    rules = list(policy.rules.order_by("pk"))
    check_rules((rule.interaction_type, rule.resource_type) for rule in rules)
    draft = ScoringPolicy.objects.create(version=next_version(policy.version), note=f"Drafted from {policy.version}.")
    ScoringRule.objects.bulk_create(
        ScoringRule(policy=draft, **{name: getattr(rule, name) for name in _COPIED}) for rule in rules
    )
    return draft


@transaction.atomic
def put_into_force(policy: ScoringPolicy, first_day: date, *, now: datetime) -> None:
    """Let a draft score from the start of `first_day` on, a day that has not begun."""
    policy = ScoringPolicy.objects.select_for_update().get(pk=policy.pk)
    if policy.effective_from is not None:
        detail = f"Policy {policy.version} is in force from {policy.effective_from} already."
        raise ValidationError(detail, code="in_force")
    check_first_day(first_day, now=now)
    check_rules(policy.rules.values_list("interaction_type", "resource_type"))
    for rule in policy.rules.all():
        rule.clean()
    policy.effective_from = first_day
    policy.full_clean()
    policy.save(update_fields=["effective_from"])


@transaction.atomic
def withdraw(policy: ScoringPolicy, *, now: datetime) -> None:
    """Make a policy a draft again, as long as its first day has not begun and nothing was scored by it."""
    policy = ScoringPolicy.objects.select_for_update().get(pk=policy.pk)
    if policy.effective_from is None:
        raise ValidationError(f"Policy {policy.version} is a draft.", code="draft")
    try:
        check_first_day(policy.effective_from, now=now)
    except ValidationError:
        raise ValidationError(
            f"Policy {policy.version} may have scored interactions already: it stays in force.", code="used"
        ) from None
    policy.effective_from = None
    policy.save(update_fields=["effective_from"])

"""The one writer: interactions come in here from every door, and leave facts and daily sums behind.

The story of a batch: everything that can be judged without the database is (`intake`), then one transaction:
lock learners -> repeated? -> score -> rows -> daily sums -> catalogue.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from uuid_utils import uuid4

from accounts.models import User
from interactions.assessment import facts_of
from interactions.catalogue import learn_from
from interactions.daily import daily_deltas
from interactions.intake import CONFLICT, CREATED, DUPLICATE, INVALID, REFUSED, Draft, Intake, Outcome
from interactions.models import UserInteractionTrackingModel
from interactions.policies import policy_book
from interactions.retry import retried
from interactions.storage import EventKey, Known, add_to_daily_activity, insert_interactions, known_events

__all__ = [
    "CONFLICT",
    "CREATED",
    "DUPLICATE",
    "INVALID",
    "REFUSED",
    "Outcome",
    "track_bulk_interactions",
    "track_interaction",
]


class _NotWritten(Exception):
    """Rolls an atomic batch back when one of its items fails."""


def track_interaction(
    *, sender: User, interaction: Any, now: datetime, before_commit: Callable[[list[Outcome]], None] | None = None
) -> Outcome:
    """Record one interaction; a repeated event id returns the first record."""
    return track_bulk_interactions(sender=sender, interactions=[interaction], now=now, before_commit=before_commit)[0]


def track_bulk_interactions(
    *,
    sender: User,
    interactions: Sequence[Any],
    now: datetime,
    sent_at: datetime | None = None,
    all_or_nothing: bool = False,
    historical: bool = False,
    before_commit: Callable[[list[Outcome]], None] | None = None,
) -> list[Outcome]:
    """Record many interactions in one transaction; one outcome each, in their order.

    interactions    JSON values as `parsing.parse` gives them
    now             the time of receipt
    sent_at         when the batch was sent by the client's clock; an item's own `sentAt` goes first
    all_or_nothing  nothing is stored unless all can be
    historical      an import: no retention limit, and times are the log's own
    before_commit   told the outcomes within the transaction; where nothing is stored, outside of any
    """
    intake = Intake(sender, policy_book(), now, sent_at, historical)
    outcomes = [Outcome(index) for index in range(len(interactions))]
    drafts = [
        draft
        for outcome, told in zip(outcomes, interactions, strict=True)
        if (draft := intake.draft(outcome, told)) is not None
    ]
    if drafts and not (all_or_nothing and len(drafts) < len(outcomes)):
        with suppress(_NotWritten):
            keep = partial(before_commit, outcomes) if before_commit else None
            retried(lambda: _write(drafts, intake, all_or_nothing, keep))
            return outcomes
    if before_commit:
        before_commit(outcomes)
    return outcomes


@transaction.atomic
def _write(drafts: list[Draft], intake: Intake, all_or_nothing: bool, before_commit: Callable[[], None] | None) -> None:
    users = _lock_learners({draft.owner for draft in drafts}, intake.sender)
    for draft in drafts:
        draft.user_id = users[draft.owner]
    try:
        # Most batches hold nothing known: storing them is the quickest way to find out.
        with transaction.atomic():
            repeats = _store(drafts, {}, intake, all_or_nothing)
    except IntegrityError:
        # An id made here cannot be known.
        told = {EventKey(draft.user_id, draft.event_id) for draft in drafts if draft.event.event_id}
        repeats = _store(drafts, known_events(told), intake, all_or_nothing)
    _point_to_first_records(repeats)
    if before_commit:
        before_commit()


def _store(
    drafts: list[Draft], stored: dict[EventKey, Known], intake: Intake, all_or_nothing: bool
) -> list[tuple[Draft, Known | Draft]]:
    """Write what is new beside what is `stored`; the duplicates with what came before them."""
    new, repeats = _set_repeats_aside(drafts, stored)
    if all_or_nothing and any(draft.outcome.status == CONFLICT for draft in drafts):
        raise _NotWritten
    if new:
        facts = facts_of(new, intake.book, intake.now)
        insert_interactions(facts)
        add_to_daily_activity(daily_deltas(facts))
        learn_from(facts, trusted=intake.historical or intake.sender.may_record_for_others)
        for draft, fact in zip(new, facts, strict=True):
            draft.outcome.row = fact
    return repeats


def _lock_learners(public_ids: set[str], sender: User) -> dict[str, int]:
    """Primary keys by public id, created where a simulator names somebody new, locked until the commit.

    The lock makes writes of one learner wait for each other, so that repetition and consistency are judged
    on what is really stored. Newcomers are entered before anybody is locked, and both in a fixed order, so
    that two batches never wait for each other in a circle.
    """
    users = User.objects.filter(public_id__in=public_ids).values_list("public_id", "pk")
    if public_ids != {sender.public_id} and (missing := sorted(public_ids - {name for name, _ in users})):
        # A user name of no meaning: a public id may hold what a user name may not.
        newcomers = [User(public_id=name, username=f"learner-{uuid4().hex}", password="!") for name in missing]
        User.objects.bulk_create(newcomers, ignore_conflicts=True)
    return dict(users.select_for_update(no_key=True).order_by("pk"))


def _set_repeats_aside(
    drafts: list[Draft], stored: dict[EventKey, Known]
) -> tuple[list[Draft], list[tuple[Draft, Known | Draft]]]:
    """The drafts whose event id is new, and the others with what came before them under that id."""
    first: dict[EventKey, Draft] = {}
    repeats: list[tuple[Draft, Known | Draft]] = []
    for draft in drafts:
        outcome = draft.outcome
        # A second look may judge otherwise than the first, optimistic one, and a retry than what was undone.
        outcome.status, outcome.code, outcome.detail, outcome.row = CREATED, None, None, None
        key = EventKey(draft.user_id, draft.event_id)
        earlier = stored.get(key) or first.setdefault(key, draft)
        if earlier is draft:
            continue
        if earlier.fingerprint == draft.fingerprint:
            outcome.status = DUPLICATE
            repeats.append((draft, earlier))
        else:
            outcome.status, outcome.code = CONFLICT, "id_conflict"
            outcome.detail = "Another interaction is stored under this event id; nothing was changed."
    return list(first.values()), repeats


def _point_to_first_records(repeats: list[tuple[Draft, Known | Draft]]) -> None:
    if not repeats:
        return
    stored = UserInteractionTrackingModel.objects.in_bulk(
        [earlier.id for _, earlier in repeats if isinstance(earlier, Known)]
    )
    for draft, earlier in repeats:
        draft.outcome.row = stored[earlier.id] if isinstance(earlier, Known) else earlier.outcome.row

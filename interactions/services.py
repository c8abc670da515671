"""The one writer: interactions come in here from every door, and leave facts and daily sums behind.

The story of a batch: everything that can be judged without the database is (`intake`), then one transaction:
lock learners -> repeated? -> score -> rows -> daily sums -> catalogue. A batch is a few columns, not many rows:
what is the same for all its interactions is done once.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from itertools import repeat
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from uuid_utils import uuid4

from accounts.models import User
from interactions.assessment import facts_of
from interactions.catalogue import catalogue_asked, learn_from
from interactions.consistency import two_weeks_before_asked
from interactions.daily import daily_deltas
from interactions.domain.telling import Telling
from interactions.intake import CONFLICT, CREATED, DUPLICATE, INVALID, REFUSED, Drafts, Intake, Outcome
from interactions.models import UserInteractionTrackingModel
from interactions.policies import PolicyBook, policy_book
from interactions.retry import retried
from interactions.storage import (
    EventKey,
    Known,
    add_to_daily_activity,
    answers_to,
    insert_interactions,
    known_events,
    learners_asked,
    turn_to_write,
)
from interactions.turns import turn_to_work_out

__all__ = [
    "CONFLICT",
    "CREATED",
    "DUPLICATE",
    "INVALID",
    "REFUSED",
    "Outcome",
    "track_bulk_interactions",
    "track_interaction",
    "track_together",
]

_summed = (
    *("user_id", "day", "interaction_type", "policy_version"),
    *("base_units", "time_spent_seconds", "active_seconds", "occurred_at"),
)


class _NotWritten(Exception):
    """Rolls an atomic batch back when one of its items fails."""


# How often newcomers are entered for one batch.
_MOST_ENTERED = 3


class _Newcomers(OperationalError):
    """Somebody is named whom nobody knows yet: they are entered before anybody is locked.

    Where that does not help, people are deleted as fast as they are entered: trouble of the storage, so 503.
    """


def track_interaction(
    *,
    sender: User,
    interaction: Any,
    now: datetime,
    before_commit: Callable[[list[Outcome]], None] | None = None,
) -> Outcome:
    """Record one interaction; a repeated event id returns the first record."""
    interactions = interaction if type(interaction) is Telling else [interaction]
    return track_bulk_interactions(sender=sender, interactions=interactions, now=now, before_commit=before_commit)[0]


def track_bulk_interactions(
    *,
    sender: User,
    interactions: Sequence[Any] | Telling,
    now: datetime,
    sent_at: datetime | None = None,
    all_or_nothing: bool = False,
    historical: bool = False,
    before_commit: Callable[[list[Outcome]], None] | None = None,
) -> list[Outcome]:
    """Record many interactions in one transaction; one outcome each, in their order.

    interactions    JSON values as `parsing.parse` gives them, or what the bulk reader made of all of them
    now             the time of receipt
    sent_at         when the batch was sent by the client's clock; an item's own `sentAt` goes first
    all_or_nothing  nothing is stored unless all can be
    historical      an import: no retention limit, and times are the log's own
    before_commit   told the outcomes within the transaction; where nothing is stored, outside of any
    """
    intake = Intake(sender, policy_book(), now, sent_at, historical)
    if type(interactions) is Telling:
        with turn_to_work_out(len(interactions)):
            outcomes, drafts = intake.take(interactions)
    else:
        outcomes, drafts = intake.read(interactions)
    if drafts and not (all_or_nothing and len(drafts) < len(outcomes)):
        with suppress(_NotWritten):
            keep = partial(before_commit, outcomes) if before_commit else None
            retried(lambda: _write_what_is_new(drafts, intake.book, now, all_or_nothing, keep))
            return outcomes
    if before_commit:
        before_commit(outcomes)
    return outcomes


def track_together(*, tellings: Sequence[tuple[User, Telling]], now: datetime) -> list[list[Outcome]]:
    """Record what several senders told at the same time, in one transaction; the outcomes of each.

    What was refused for its content is not kept for later here: whose outcome is not `created` or
    `duplicate` is to be told again by itself. Nothing of such an outcome was stored.
    """
    book = policy_book()
    taken = [Intake(sender, book, now, None, False).take(telling) for sender, telling in tellings]
    if batches := [drafts for _, drafts in taken if drafts]:
        drafts = Drafts.together(batches)
        retried(lambda: _write_what_is_new(drafts, book, now))
    return [outcomes for outcomes, _ in taken]


def _write_what_is_new(
    drafts: Drafts,
    book: PolicyBook,
    now: datetime,
    all_or_nothing: bool = False,
    before_commit: Callable[[], None] | None = None,
) -> None:
    """Most batches hold nothing known and nobody new: to write them is the quickest way to find out.

    The lock on its learners makes writes of one learner wait for each other, so that repetition and consistency
    are judged on what is really stored.
    """
    write = partial(_write, drafts, book, now, all_or_nothing, before_commit)
    looking_up, entered = False, 0
    while True:
        try:
            with turn_to_write():
                return write(looking_up, entered > 0)
        except _Newcomers:
            # Who is being deleted is still there when newcomers are entered, and gone when he is to be locked.
            if entered == _MOST_ENTERED:
                raise
            entered += 1
        except IntegrityError:
            if looking_up:
                raise
            looking_up = True


@transaction.atomic
def _write(
    drafts: Drafts,
    book: PolicyBook,
    now: datetime,
    all_or_nothing: bool,
    before_commit: Callable[[], None] | None,
    looking_up: bool,
    enter_newcomers: bool,
) -> None:
    owners = set(drafts.owner)
    if enter_newcomers:
        # Before anybody is locked, so that two batches never wait for each other in a circle.
        _enter_newcomers(owners)
    learners, *two_weeks_before, cases, resources = answers_to(
        learners_asked(owners),
        *two_weeks_before_asked(owners, set(drafts.day), book),
        *catalogue_asked(drafts.telling),
    )
    users = dict(learners)
    if len(users) < len(owners):
        raise _Newcomers
    drafts.user_id = [users[owner] for owner in drafts.owner]
    known = {}
    if looking_up:
        # An id made here cannot be known.
        told = zip(drafts.user_id, drafts.event_id, drafts.telling.event_id, strict=True)
        known = known_events({EventKey(user, event_id) for user, event_id, said in told if said})
    new, repeats = _set_repeats_aside(drafts, known)
    if all_or_nothing and any(outcome.status == CONFLICT for outcome in drafts.outcomes):
        raise _NotWritten
    if new:
        with turn_to_work_out(len(new)):
            facts = facts_of(new, two_weeks_before, book, now)
            deltas = daily_deltas(**{name: getattr(facts, name) for name in _summed})
        insert_interactions(facts)
        add_to_daily_activity(deltas)
        learn_from(facts, new.trusted, (cases, resources))
        for outcome, stored_as in zip(new.outcomes, zip(repeat(facts), range(len(facts)), strict=False), strict=True):
            outcome.stored_as = stored_as
    _point_to_first_records(repeats)
    if before_commit:
        before_commit()


def _enter_newcomers(public_ids: set[str]) -> None:
    there = set(User.objects.filter(public_id__in=public_ids).values_list("public_id", flat=True))
    # A user name of no meaning: a public id may hold what a user name may not.
    newcomers = [
        User(public_id=name, username=f"learner-{uuid4().hex}", password="!") for name in sorted(public_ids - there)
    ]
    User.objects.bulk_create(newcomers, ignore_conflicts=True)


def _set_repeats_aside(
    drafts: Drafts, stored: dict[EventKey, Known]
) -> tuple[Drafts | None, list[tuple[Outcome, Known | Outcome]]]:
    """The drafts whose event id is new, and the outcomes of the others with what came before them under that id."""
    if {outcome.status for outcome in drafts.outcomes} != {CREATED}:
        # A second look may judge otherwise than the first, optimistic one, and a retry than what was undone.
        for outcome in drafts.outcomes:
            outcome.status, outcome.code, outcome.detail, outcome.stored_as = CREATED, None, None, None
    if not stored and len(set(zip(drafts.user_id, drafts.event_id, strict=True))) == len(drafts):
        return drafts, []
    keys = map(EventKey, drafts.user_id, drafts.event_id)
    first: dict[EventKey, int] = {}
    repeats: list[tuple[Outcome, Known | Outcome]] = []
    for place, (key, outcome) in enumerate(zip(keys, drafts.outcomes, strict=True)):
        known = stored.get(key)
        at = place if known else first.setdefault(key, place)
        if known is None and at == place:
            continue
        if (known.fingerprint if known else drafts.fingerprint[at]) == drafts.fingerprint[place]:
            outcome.status = DUPLICATE
            repeats.append((outcome, known or drafts.outcomes[at]))
        else:
            outcome.status, outcome.code = CONFLICT, "id_conflict"
            outcome.detail = "Another interaction is stored under this event id; nothing was changed."
    return drafts.take(list(first.values())) if first else None, repeats


def _point_to_first_records(repeats: list[tuple[Outcome, Known | Outcome]]) -> None:
    if not repeats:
        return
    stored = UserInteractionTrackingModel.objects.in_bulk(
        [earlier.id for _, earlier in repeats if isinstance(earlier, Known)]
    )
    for outcome, earlier in repeats:
        outcome.stored_as = stored[earlier.id] if isinstance(earlier, Known) else earlier.stored_as

"""The one writer: interactions come in here from every door, and leave facts and daily sums behind.

The story of a batch, one transaction after everything that can be checked without the database:
gate -> whose is it -> clock -> [lock learners -> repeated? -> score -> rows -> daily sums -> catalogue].
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from uuid_utils import uuid4
from uuid_utils.compat import uuid7

from accounts.calendar import local_day
from accounts.models import User
from accounts.selectors import ME
from accounts.validators import validate_public_id
from interactions.catalogue import learn_from
from interactions.consistency import consistency_values
from interactions.daily import daily_deltas
from interactions.domain.clock import read_clock
from interactions.domain.event import Event, FieldError, read_interaction
from interactions.domain.fingerprint import fingerprint
from interactions.domain.policy import Policy
from interactions.domain.scoring import BaseScores, base_scores, level_of
from interactions.models import UserInteractionTrackingModel
from interactions.policies import PolicyBook, policy_book
from interactions.storage import EventKey, Known, add_to_daily_activity, insert_interactions, known_events

CREATED, DUPLICATE, CONFLICT, INVALID, REFUSED = "created", "duplicate", "conflict", "invalid", "refused"


@dataclass(slots=True)
class Outcome:
    """What became of one interaction of a batch.

    status    created, duplicate, conflict, invalid or refused
    code      a stable word where the status alone does not say it: id_conflict, too_old, …
    errors    where fields are at fault
    row       what is stored under its event id (created, duplicate)
    """

    index: int
    status: str = CREATED
    event_id: str | None = None
    code: str | None = None
    detail: str | None = None
    errors: list[FieldError] = field(default_factory=list)
    row: UserInteractionTrackingModel | None = None


class _NotWritten(Exception):
    """Rolls an atomic batch back when one of its items fails."""


@dataclass(slots=True)
class _Draft:
    """A valid interaction on its way to a row."""

    outcome: Outcome
    event: Event
    owner: str
    event_id: str
    fingerprint: bytes
    sent_at: datetime | None
    occurred_at: datetime
    clock_flag: str
    day: date
    user_id: int = 0


def track_interaction(*, sender: User, interaction: Any, now: datetime) -> Outcome:
    """Record one interaction; a repeated event id returns the first record."""
    return track_bulk_interactions(sender=sender, interactions=[interaction], now=now)[0]


def track_bulk_interactions(
    *,
    sender: User,
    interactions: Sequence[Any],
    now: datetime,
    sent_at: datetime | None = None,
    all_or_nothing: bool = False,
    historical: bool = False,
) -> list[Outcome]:
    """Record many interactions in one transaction; one outcome each, in their order.

    interactions    JSON values as `parsing.parse` gives them
    now             the time of receipt
    sent_at         when the batch was sent by the client's clock; an item's own `sentAt` goes first
    all_or_nothing  nothing is stored unless all can be
    historical      an import: no retention limit, and times are the log's own
    """
    book = policy_book()
    outcomes = [Outcome(index) for index in range(len(interactions))]
    drafts = []
    for outcome, told in zip(outcomes, interactions, strict=True):
        draft = _draft(outcome, told, sender=sender, book=book, now=now, sent_at=sent_at, historical=historical)
        if draft is not None:
            drafts.append(draft)
    if drafts and not (all_or_nothing and len(drafts) < len(outcomes)):
        with suppress(_NotWritten):
            _write(drafts, sender, book, now, all_or_nothing, historical)
    return outcomes


def _draft(
    outcome: Outcome,
    told: Any,
    *,
    sender: User,
    book: PolicyBook,
    now: datetime,
    sent_at: datetime | None,
    historical: bool,
) -> _Draft | None:
    """A draft, or None with the refusal written into the outcome. No database."""
    if type(told) is dict and type(event_id := told.get("eventId")) is str:
        outcome.event_id = event_id  # echoed even when the rest cannot be read
    event = read_interaction(told, book.interaction_types)
    if isinstance(event, list):
        return _invalid(outcome, event)
    owner = sender.public_id if event.user_id in ("", ME) else event.user_id
    if owner != sender.public_id:
        if not sender.may_record_for_others:
            return _refuse(outcome, "not_your_user", "Only a simulator's account may record for somebody else.")
        try:
            validate_public_id(owner)
        except ValidationError as error:
            return _invalid(outcome, [FieldError("/userId", error.code, error.messages[0])])

    told_at = event.occurred_at or event.start_time or event.end_time
    if historical:
        occurred_at, flag = told_at or now, ""
    else:
        occurred_at, flag = read_clock(told_at, event.sent_at or sent_at, now)
        if occurred_at < now - timedelta(days=settings.MEDSIM_RETENTION_DAYS):
            return _refuse(outcome, "too_old", f"It is older than {settings.MEDSIM_RETENTION_DAYS} days.")
    try:
        day = local_day(occurred_at)
    except OverflowError:
        return _invalid(outcome, [FieldError("/occurredAt", "out_of_range", "This lies outside the calendar.")])
    if event.interaction_type not in book.on(day).interaction_types:
        detail = f"This type was not active on {day}."
        return _invalid(outcome, [FieldError("/interactionType", "unknown_type", detail)])

    outcome.event_id = event.event_id or str(uuid4())
    return _Draft(
        outcome=outcome,
        event=event,
        owner=owner,
        event_id=outcome.event_id,
        fingerprint=fingerprint(event, settings.EVENT_KEY),
        sent_at=event.sent_at or sent_at,
        occurred_at=occurred_at,
        clock_flag=flag,
        day=day,
    )


def _invalid(outcome: Outcome, errors: list[FieldError]) -> None:
    outcome.status, outcome.code, outcome.errors = INVALID, "invalid", errors
    outcome.detail = "The interaction cannot be read: see errors."


def _refuse(outcome: Outcome, code: str, detail: str) -> None:
    outcome.status, outcome.code, outcome.detail = REFUSED, code, detail


@transaction.atomic
def _write(
    drafts: list[_Draft], sender: User, book: PolicyBook, now: datetime, all_or_nothing: bool, historical: bool
) -> None:
    users = _lock_learners({draft.owner for draft in drafts}, sender)
    for draft in drafts:
        draft.user_id = users[draft.owner]

    new, repeats = _set_repeats_aside(drafts)
    if all_or_nothing and any(draft.outcome.status == CONFLICT for draft in drafts):
        raise _NotWritten
    if new:
        rows = _rows(new, book, now)
        insert_interactions(rows)
        add_to_daily_activity(daily_deltas(rows))
        learn_from(rows, trusted=historical or sender.may_record_for_others)
    _point_to_first_records(repeats)


def _lock_learners(public_ids: set[str], sender: User) -> dict[str, int]:
    """Primary keys by public id, created where a simulator names somebody new, locked until the commit.

    The lock makes writes of one learner wait for each other, so that repetition and consistency are
    judged on what is really stored; in the order of keys, so that two batches never deadlock.
    """
    locked = User.objects.select_for_update(no_key=True).order_by("pk").values_list("public_id", "pk")
    users = dict(locked.filter(public_id__in=public_ids))
    if missing := sorted(public_ids - users.keys()):
        newcomers = [User(public_id=name, username=f"learner:{name}", password="!") for name in missing]
        User.objects.bulk_create(newcomers, ignore_conflicts=True)
        users |= dict(locked.filter(public_id__in=missing))
    return users


def _set_repeats_aside(drafts: list[_Draft]) -> tuple[list[_Draft], list[tuple[_Draft, Known | _Draft]]]:
    """The drafts whose event id is new, and the others with what came before them under that id."""
    # An id made here cannot be known.
    stored = known_events({EventKey(draft.user_id, draft.event_id) for draft in drafts if draft.event.event_id})
    first: dict[EventKey, _Draft] = {}
    repeats: list[tuple[_Draft, Known | _Draft]] = []
    for draft in drafts:
        key = EventKey(draft.user_id, draft.event_id)
        earlier = stored.get(key) or first.setdefault(key, draft)
        if earlier is draft:
            continue
        outcome = draft.outcome
        if earlier.fingerprint == draft.fingerprint:
            outcome.status = DUPLICATE
            repeats.append((draft, earlier))
        else:
            outcome.status, outcome.code = CONFLICT, "id_conflict"
            outcome.detail = "Another interaction is stored under this event id; nothing was changed."
    return list(first.values()), repeats


def _point_to_first_records(repeats: list[tuple[_Draft, Known | _Draft]]) -> None:
    stored = UserInteractionTrackingModel.objects.in_bulk(
        [earlier.id for _, earlier in repeats if isinstance(earlier, Known)]
    )
    for draft, earlier in repeats:
        draft.outcome.row = stored[earlier.id] if isinstance(earlier, Known) else earlier.outcome.row


def _rows(drafts: list[_Draft], book: PolicyBook, now: datetime) -> list[UserInteractionTrackingModel]:
    """Scored rows of new interactions, noted in their outcomes too."""
    policies = [book.on(draft.day) for draft in drafts]
    bases = _base_scores(drafts, policies)
    units = bases.base_units
    consistency = consistency_values(
        [(draft.user_id, draft.day) for draft in drafts],
        [draft.event.interaction_type for draft in drafts],
        units,
        book,
    )
    totals = bases.with_consistency(consistency).total
    for position, (draft, policy) in enumerate(zip(drafts, policies, strict=True)):
        score = float(totals[position])
        draft.outcome.row = _row(
            draft,
            now,
            engagement_score=score,
            engagement_level=level_of(score),
            consistency=float(consistency[position]),
            base_units=int(units[position]),
            policy_version=policy.version,
        )
    return [draft.outcome.row for draft in drafts]


def _base_scores(drafts: list[_Draft], policies: list[Policy]) -> BaseScores:
    """What the drafts are worth by themselves, each under the policy of its day."""
    by_version: dict[str, list[int]] = {}
    for position, policy in enumerate(policies):
        by_version.setdefault(policy.version, []).append(position)
    merged = BaseScores(*(np.empty(len(drafts)) for _ in range(4)))
    for positions in by_version.values():
        events = [drafts[position].event for position in positions]
        scored = base_scores(
            policies[positions[0]],
            [(event.interaction_type, event.resource_type) for event in events],
            np.array([np.nan if event.scored_seconds is None else event.scored_seconds for event in events], float),
            np.array([np.nan if event.performance is None else event.performance for event in events], float),
        )
        for part in ("type", "time", "performance", "base"):
            getattr(merged, part)[positions] = getattr(scored, part)
    return merged


def _row(draft: _Draft, now: datetime, **score: Any) -> UserInteractionTrackingModel:
    event = draft.event
    told_at = event.occurred_at or event.start_time or event.end_time
    return UserInteractionTrackingModel(
        id=uuid7(),
        user_id=draft.user_id,
        event_id=draft.event_id,
        fingerprint=draft.fingerprint,
        interaction_type=event.interaction_type,
        resource_type=event.resource_type,
        resource_id=event.resource_id,
        resource_name=event.resource_name,
        case_id=event.case_id,
        case_title=event.case_title,
        help_request_type=event.help_request_type,
        session_id=event.session_id,
        specialty=event.specialty,
        difficulty=event.difficulty,
        metadata=event.metadata,
        performance_metrics=event.performance_metrics,
        performance=event.performance,
        start_time=event.start_time,
        end_time=event.end_time,
        time_spent_seconds=event.seconds,
        active_seconds=event.active_seconds,
        occurred_at=draft.occurred_at,
        told_at=told_at if draft.clock_flag else None,
        sent_at=draft.sent_at,
        received_at=now,
        clock_flag=draft.clock_flag,
        day=draft.day,
        **score,
    )

"""Before the database: from what a client told to a draft, or to the reason why not."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from uuid_utils import uuid4

from accounts.calendar import local_day
from accounts.models import User
from accounts.selectors import ME
from accounts.validators import validate_public_id
from interactions.domain.clock import read_clock
from interactions.domain.event import Event, read_interaction
from interactions.domain.fact import Fact
from interactions.domain.fields import FieldError, can_be_id
from interactions.domain.fingerprint import fingerprint
from interactions.domain.policy import Policy
from interactions.models import UserInteractionTrackingModel
from interactions.policies import PolicyBook

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
    row: Fact | UserInteractionTrackingModel | None = None


@dataclass(slots=True)
class Draft:
    """A valid interaction on its way to a row. `owner` is a public id; `user_id` its key, once known."""

    outcome: Outcome
    event: Event
    owner: str
    event_id: str
    fingerprint: bytes
    sent_at: datetime | None
    occurred_at: datetime
    clock_flag: str
    day: date
    policy: Policy
    user_id: int = 0

    @property
    def told_at(self) -> datetime | None:
        """The client's own word, where it was not taken as it stands."""
        return _told_at(self.event) if self.clock_flag else None


@dataclass(frozen=True, slots=True)
class Intake:
    """What holds for all interactions of one batch.

    now         the time of receipt
    sent_at     when the batch was sent by the client's clock; an item's own `sentAt` goes first
    historical  an import: no retention limit, and times are the log's own
    """

    sender: User
    book: PolicyBook
    now: datetime
    sent_at: datetime | None
    historical: bool

    def draft(self, outcome: Outcome, told: Any) -> Draft | None:
        """A draft, or None with the refusal written into the outcome."""
        if type(told) is dict and type(event_id := told.get("eventId")) is str and can_be_id(event_id):
            outcome.event_id = event_id  # echoed even when the rest cannot be read
        event = read_interaction(told, self.book.interaction_types)
        if type(event) is list:
            return _invalid(outcome, event)
        owner = event.user_id
        if owner == "" or owner == ME:
            owner = self.sender.public_id
        elif owner != self.sender.public_id:
            if not self.sender.may_record_for_others:
                return _refuse(outcome, "not_your_user", "Only a simulator's account may record for somebody else.")
            if (fault := _public_id_fault(owner)) is not None:
                return _invalid(outcome, [fault])

        if self.historical:
            occurred_at, flag = _told_at(event) or self.now, ""
        else:
            occurred_at, flag = read_clock(_told_at(event), event.sent_at or self.sent_at, self.now)
            if self.now - occurred_at > timedelta(days=settings.MEDSIM_RETENTION_DAYS):
                return _refuse(outcome, "too_old", f"It is older than {settings.MEDSIM_RETENTION_DAYS} days.")
        try:
            day = local_day(occurred_at)
        except OverflowError:
            return _invalid(outcome, [FieldError("/occurredAt", "out_of_range", "This lies outside the calendar.")])
        policy = self.book.on(day)
        if event.interaction_type not in policy.interaction_types:
            detail = f"This type was not active on {day}."
            return _invalid(outcome, [FieldError("/interactionType", "unknown_type", detail)])

        outcome.event_id = event.event_id or str(uuid4())
        return Draft(
            outcome,
            event,
            owner,
            outcome.event_id,
            fingerprint(event, settings.EVENT_KEY),
            event.sent_at or self.sent_at,
            occurred_at,
            flag,
            day,
            policy,
        )


def _told_at(event: Event) -> datetime | None:
    return event.occurred_at or event.start_time or event.end_time


@lru_cache(maxsize=10_000)
def _public_id_fault(public_id: str) -> FieldError | None:
    """Why this cannot be a public id. The same few learners come again and again."""
    try:
        validate_public_id(public_id)
    except ValidationError as error:
        return FieldError("/userId", error.code, error.messages[0])
    return None


def _invalid(outcome: Outcome, errors: list[FieldError]) -> None:
    outcome.status, outcome.code, outcome.errors = INVALID, "invalid", errors
    outcome.detail = "The interaction cannot be read: see errors."


def _refuse(outcome: Outcome, code: str, detail: str) -> None:
    outcome.status, outcome.code, outcome.detail = REFUSED, code, detail

"""Before the database: from what a client told to drafts of rows, or to the reason why not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from typing import Any

import msgspec
import numpy as np
from django.conf import settings
from django.core.exceptions import ValidationError
from uuid_utils import uuid4

from accounts.calendar import local_days
from accounts.models import User
from accounts.selectors import ME
from accounts.validators import validate_public_id
from interactions.domain.clock import ClockReadings, read_clocks
from interactions.domain.event import Event, read_interaction
from interactions.domain.fact import Fact, Facts
from interactions.domain.fields import FieldError, can_be_id
from interactions.domain.fingerprint import fingerprints
from interactions.domain.moments import DAY, NOT_TOLD, micros, micros_of
from interactions.domain.policy import Policy
from interactions.domain.telling import Telling
from interactions.models import UserInteractionTrackingModel
from interactions.policies import PolicyBook

CREATED, DUPLICATE, CONFLICT, INVALID, REFUSED = "created", "duplicate", "conflict", "invalid", "refused"


class Outcome(msgspec.Struct, gc=False):
    """What became of one interaction of a batch.

    status     created, duplicate, conflict, invalid or refused
    code       a stable word where the status alone does not say it: id_conflict, too_old, …
    errors     where fields are at fault
    stored_as  what is stored under its event id (created, duplicate): a row, or its facts and place in them
    """

    index: int
    status: str = CREATED
    event_id: str | None = None
    code: str | None = None
    detail: str | None = None
    errors: Sequence[FieldError] = ()
    stored_as: UserInteractionTrackingModel | tuple[Facts, int] | None = None

    @property
    def row(self) -> Fact | UserInteractionTrackingModel | None:
        if type(self.stored_as) is tuple:
            facts, place = self.stored_as
            return facts.row(place)
        return self.stored_as


@dataclass(slots=True)
class Drafts:
    """n valid interactions on their way to rows, column by column.

    outcomes              theirs, among those of the batch
    trusted               whether what each says about a case replaces what stands
    owner                 a public id; `user_id` its key, once known
    occurred_at, sent_at  int64 microseconds, (n,)
    told_at               the client's own word, where it was not taken as it stands; else NOT_TOLD
    """

    outcomes: list[Outcome]
    telling: Telling
    owner: list[str]
    event_id: list[str]
    fingerprint: list[bytes]
    occurred_at: np.ndarray
    told_at: np.ndarray
    sent_at: np.ndarray
    clock_flag: list[str]
    day: list[date]
    policy: list[Policy]
    trusted: list[bool]
    user_id: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.outcomes)

    def take(self, positions: list[int]) -> "Drafts":
        """Some of them, in this order."""
        return Drafts(*(_some(getattr(self, name), positions) for name in _DRAFTED))

    @classmethod
    def together(cls, batches: Sequence["Drafts"]) -> "Drafts":
        """Those of several batches as one, in their order."""
        if len(batches) == 1:
            return batches[0]
        return cls(*(_joined([getattr(each, name) for each in batches]) for name in _DRAFTED))


_DRAFTED = tuple(each.name for each in fields(Drafts))


def _some(column: Any, positions: list[int]) -> Any:
    if type(column) is np.ndarray:
        return column[positions]
    return column.take(positions) if type(column) is Telling else [column[at] for at in positions if column]


def _joined(columns: list[Any]) -> Any:
    if type(columns[0]) is np.ndarray:
        return np.concatenate(columns)
    return Telling.together(columns) if type(columns[0]) is Telling else [*chain.from_iterable(columns)]


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

    def read(self, interactions: Sequence[Any]) -> tuple[list[Outcome], Drafts | None]:
        """An outcome of each JSON value, and drafts of those that can be stored; None without any."""
        outcomes = list(map(Outcome, range(len(interactions))))
        events, theirs = [], []
        for outcome, told in zip(outcomes, interactions, strict=True):
            event = _read(outcome, told, self.book.interaction_types)
            if event is not None:
                events.append(event)
                theirs.append(outcome)
        return outcomes, self.drafts(Telling.of(events), theirs) if events else None

    def take(self, telling: Telling) -> tuple[list[Outcome], Drafts | None]:
        """The same of interactions that are all read already."""
        outcomes = list(map(Outcome, range(len(telling))))
        return outcomes, self.drafts(telling, outcomes)

    def drafts(self, telling: Telling, outcomes: list[Outcome]) -> Drafts | None:
        """Drafts of valid interactions; the reasons why not are written into the outcomes of the others."""
        for outcome, event_id in zip(outcomes, telling.event_id, strict=True):
            outcome.event_id = event_id or None
        owner = self._owners(telling, outcomes)
        told = micros_of(telling.told_at)
        sent = self._sent_at(telling)
        clocks = self._clocks(told, sent, outcomes)
        if any(outcome.status != CREATED for outcome in outcomes):
            left = [at for at, outcome in enumerate(outcomes) if outcome.status == CREATED]
            if not left:
                return None
            telling, owner, told, sent = telling.take(left), [owner[at] for at in left], told[left], sent[left]
            clocks = ClockReadings(clocks.occurred_at[left], [clocks.flags[at] for at in left])
            outcomes = [outcomes[at] for at in left]
        days = local_days(clocks.occurred_at)
        policies = {day: self.book.on(day) for day in set(days)}
        drafts = Drafts(
            outcomes,
            telling,
            owner,
            _event_ids(telling, outcomes),
            fingerprints(telling, settings.EVENT_KEY),
            clocks.occurred_at,
            np.where([flag != "" for flag in clocks.flags], told, NOT_TOLD),
            sent,
            clocks.flags,
            days,
            [policies[day] for day in days],
            [self.historical or self.sender.may_record_for_others] * len(days),
        )
        return _without_inactive_types(drafts)

    def _owners(self, telling: Telling, outcomes: list[Outcome]) -> list[str]:
        """Whose each is, by public id; refuses what the sender may not tell."""
        own = self.sender.public_id
        names = dict.fromkeys(telling.user_id)
        names |= dict.fromkeys(names.keys() & {"", ME}, own)
        for name, owner in names.items():
            if owner is None:
                names[name] = name
                if name != own and (refusal := self._refusal_of(name)) is not None:
                    for outcome, told in zip(outcomes, telling.user_id, strict=True):
                        if told == name:
                            refusal(outcome)
        return [names[name] for name in telling.user_id]

    def _refusal_of(self, owner: str) -> Callable[[Outcome], None] | None:
        """How to refuse what is told of somebody else; None where the sender may."""
        if not self.sender.may_record_for_others:
            detail = "Only a simulator's account may record for somebody else."
            return lambda outcome: _refuse(outcome, "not_your_user", detail)
        if (fault := _public_id_fault(owner)) is not None:
            return lambda outcome: _invalid(outcome, [fault])
        return None

    def _sent_at(self, telling: Telling) -> np.ndarray:
        sent = micros_of(telling.sent_at)
        return sent if self.sent_at is None else np.where(sent == NOT_TOLD, micros(self.sent_at), sent)

    def _clocks(self, told: np.ndarray, sent: np.ndarray, outcomes: list[Outcome]) -> ClockReadings:
        """When each happened; refuses what is past retention."""
        now = micros(self.now)
        if self.historical:
            return ClockReadings(np.where(told == NOT_TOLD, now, told), [""] * len(told))
        clocks = read_clocks(told, sent, now)
        days = settings.MEDSIM_RETENTION_DAYS
        for at in np.flatnonzero(now - clocks.occurred_at > days * DAY).tolist():
            if outcomes[at].status == CREATED:
                _refuse(outcomes[at], "too_old", f"It is older than {days} days.")
        return clocks


def _read(outcome: Outcome, told: Any, types: frozenset[str]) -> Event | None:
    """The event that a JSON value tells, or None with the refusal written into the outcome."""
    if type(told) is dict and type(event_id := told.get("eventId")) is str and can_be_id(event_id):
        outcome.event_id = event_id  # echoed even when the rest cannot be read
    event = read_interaction(told, types)
    if type(event) is list:
        return _invalid(outcome, event)
    return event


def _event_ids(telling: Telling, outcomes: list[Outcome]) -> list[str]:
    """The clients' own ids; where there is none it is made here."""
    if "" not in telling.event_id:
        return list(telling.event_id)
    made = [event_id or str(uuid4()) for event_id in telling.event_id]
    for outcome, event_id in zip(outcomes, made, strict=True):
        outcome.event_id = event_id
    return made


def _without_inactive_types(drafts: Drafts) -> Drafts | None:
    """Types come and go with the policies: each must be one of its own day."""
    of_day = dict(zip(drafts.day, drafts.policy, strict=True))
    told = drafts.telling.interaction_type
    if all(kind in of_day[day].interaction_types for kind, day in set(zip(told, drafts.day, strict=True))):
        return drafts
    left = []
    for at, (kind, day) in enumerate(zip(told, drafts.day, strict=True)):
        if kind in of_day[day].interaction_types:
            left.append(at)
            continue
        detail = f"This type was not active on {day}."
        _invalid(drafts.outcomes[at], [FieldError("/interactionType", "unknown_type", detail)])
    return drafts.take(left) if left else None


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

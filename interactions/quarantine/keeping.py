"""Into the quarantine: from what a door received and what became of it to encrypted rows.

Kept is what was refused for its content: invalid, in conflict, or unreadable as a whole. Never kept is what
was refused for another reason (REFUSED: not the sender's to tell, past retention): we must not hold it.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Sum
from uuid_utils.compat import uuid7

from accounts.models import User
from interactions.domain.fields import ID_LENGTH, FieldError
from interactions.domain.fingerprint import SIZE as DIGEST_SIZE
from interactions.domain.parsing import Unreadable, parse, string_flaw
from interactions.domain.slicing import item_bytes
from interactions.intake import CONFLICT, INVALID, Outcome
from interactions.models import RejectedInteraction
from interactions.quarantine.opening import place_of
from interactions.sealing import seal

logger = logging.getLogger(__name__)

KEPT = (INVALID, CONFLICT)
# What is no interaction at all is kept as far as this, enough to see what it was.
MAX_WHOLE_BYTES = 64 * 1024
MAX_SENDER_BYTES = 64 * 1024 * 1024
MAX_ERRORS, MAX_POINTER = 20, 500
_TABLE = RejectedInteraction._meta.db_table
# What the last arrival says anew; the rest stays as the first one said it.
_RENEWED = ("last_received_at", "expires_at", "status", "code", "errors")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A body at a door.

    now       the time of receipt
    sent_at   when the bulk was sent by the client's clock
    """

    sender: User
    door: str
    raw: bytes
    now: datetime
    sent_at: datetime | None = None

    def keep_refused(self, outcomes: list[Outcome]) -> None:
        """Keep the items that were refused for their content; without any it costs no query.

        Belongs into the transaction that stores the others. What goes wrong here takes that back too, so
        that nobody is told of a refusal whose body was lost.
        """
        refused = [outcome for outcome in outcomes if outcome.status in KEPT]
        if not refused or not self.raw:
            return
        if self.door == RejectedInteraction.Door.TRACK:
            _keep([self._row(self.raw, refused[0], None)])
        else:
            bodies = item_bytes(self.raw, [outcome.index for outcome in refused])
            _keep([self._row(bodies[outcome.index], outcome, outcome.index) for outcome in refused])

    def keep_whole(self, code: str, errors: Iterable[FieldError] = ()) -> None:
        """Keep a body that was refused as such: no JSON, or no bulk."""
        if not self.raw:
            return
        row = self._row(self.raw[:MAX_WHOLE_BYTES], Outcome(0, INVALID, code=code, errors=[*errors]), None)
        row.complete = len(self.raw) <= MAX_WHOLE_BYTES
        _keep([row])

    def _row(self, body: bytes, outcome: Outcome, place: int | None) -> RejectedInteraction:
        owner, event_id = _ids(body)
        code, errors = reasons(outcome)
        row = RejectedInteraction(
            id=uuid7(),
            sender=self.sender,
            door=self.door,
            place=place,
            owner=owner,
            event_id=event_id,
            status=outcome.status,
            code=code,
            errors=errors,
            received_at=self.now,
            last_received_at=self.now,
            sent_at=self.sent_at,
            expires_at=self.now + timedelta(days=settings.MEDSIM_QUARANTINE_DAYS),
            size=len(body),
        )
        row.digest = _digest(body, row.is_whole_bulk)
        row.body = seal(body, place_of(row.id, row.sender_id))
        return row


def reasons(outcome: Outcome) -> tuple[str, list[dict[str, str]]]:
    """The first code, and the first errors as JSON that every database can hold."""
    errors = [{"pointer": _storable(error.pointer), "code": error.code} for error in outcome.errors[:MAX_ERRORS]]
    return errors[0]["code"] if errors else outcome.code, errors


def _keep(rows: list[RejectedInteraction]) -> None:
    """Write rows of one sender in a constant number of queries; a body that is kept already counts once more."""
    by_digest: dict[bytes, RejectedInteraction] = {}
    for row in rows:
        if by_digest.setdefault(row.digest, row) is not row:
            by_digest[row.digest].times += 1
    # In the order of the key, so that two bulks with the same bodies never wait for each other in a circle.
    rows = [by_digest[digest] for digest in sorted(by_digest)]
    with transaction.atomic():
        if rows := _within_limits(rows):
            _insert_or_count(rows)


def _within_limits(rows: list[RejectedInteraction]) -> list[RejectedInteraction]:
    """Those that the sender has room for: a client gone wild does not fill the disk."""
    of_sender = RejectedInteraction.objects.filter(sender=rows[0].sender)
    kept = of_sender.aggregate(rows=Count("pk"), size=Sum("size", default=0))
    room, bytes_left = settings.MEDSIM_QUARANTINE_ROWS - kept["rows"], MAX_SENDER_BYTES - kept["size"]
    if len(rows) <= room and sum(row.size for row in rows) <= bytes_left:
        return rows
    known = {
        bytes(one) for one in of_sender.filter(digest__in=[row.digest for row in rows]).values_list("digest", flat=True)
    }
    fitting = []
    for row in rows:
        if row.digest not in known:
            if room <= 0 or row.size > bytes_left:
                continue
            room, bytes_left = room - 1, bytes_left - row.size
        fitting.append(row)
    if lost := len(rows) - len(fitting):
        logger.warning("The quarantine of account %s is full: %s refused bodies are not kept.", rows[0].sender_id, lost)
    return fitting


def _insert_or_count(rows: list[RejectedInteraction]) -> None:
    fields = RejectedInteraction._meta.concrete_fields
    columns = ", ".join(field.column for field in fields)
    line = f"({', '.join(['%s'] * len(fields))})"
    renewed = ", ".join(f"{name} = EXCLUDED.{name}" for name in _RENEWED)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_TABLE} ({columns}) VALUES {', '.join([line] * len(rows))} "
            f"ON CONFLICT (sender_id, digest) DO UPDATE SET times = {_TABLE}.times + EXCLUDED.times, {renewed}",
            [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in fields],
        )


def _digest(body: bytes, is_whole_bulk: bool) -> bytes:
    """Keyed, because the plain hash of a short body could be guessed."""
    person = b"whole bulk" if is_whole_bulk else b"interaction"
    return blake2b(body, digest_size=DIGEST_SIZE, key=settings.EVENT_KEY, person=person).digest()


def _ids(body: bytes) -> tuple[str, str]:
    """userId and eventId as told, "" where they cannot be read or stored."""
    try:
        told = parse(body)
    except Unreadable:
        return "", ""
    if type(told) is not dict:
        return "", ""
    return _id(told.get("userId")), _id(told.get("eventId"))


def _id(told: Any) -> str:
    return told if type(told) is str and len(told) <= ID_LENGTH and string_flaw(told) is None else ""


def _storable(text: str) -> str:
    # A pointer names the client's own keys, and PostgreSQL holds neither NUL nor half a surrogate pair.
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()[:MAX_POINTER]

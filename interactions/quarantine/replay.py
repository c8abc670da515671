"""Again through the gate and the writer, as the same sender at the same time of receipt, after a fix."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby, islice
from typing import Any
from uuid import UUID

from django.contrib.admin.models import DELETION, LogEntry
from django.db import transaction

from accounts.models import User
from interactions.domain.parsing import Unreadable, parse
from interactions.envelope import EnvelopeFault, read_envelope
from interactions.intake import CREATED, DUPLICATE, INVALID, Outcome
from interactions.models import RejectedInteraction
from interactions.quarantine.keeping import Arrival, reasons
from interactions.quarantine.opening import body_of
from interactions.sealing import Unavailable
from interactions.services import track_bulk_interactions

BATCH = 500
# So many are tried within one request; for more there is the command.
MOST_AT_ONCE = 1000
_REASON = ("status", "code", "errors")
_Item = tuple[RejectedInteraction, bytes]


@dataclass
class ReplayReport:
    """What became of the rows that were tried.

    outcomes      interactions by their outcome; a bulk that was refused as a whole brings several
    refused       rows that stay, by their new code
    unavailable   rows that stay because their bytes cannot be opened
    cut           rows that stay because their body was kept in part
    taken         requests of which another replay took rows meanwhile
    gone          keys of the rows that went in and were removed
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    unavailable: int = 0
    cut: int = 0
    taken: int = 0
    gone: list[UUID] = field(default_factory=list)


class _TakenMeanwhile(Exception):
    """Rolls a replay back whose rows are not there any more."""


def replay(
    keys: Iterable[UUID], *, dry_run: bool = False, after_batch: Callable[[int], None] = lambda rows: None
) -> ReplayReport:
    """Try kept rows again, oldest first if `keys` are; what goes in is removed, what does not has its new reason.

    dry_run       everything is taken back, so that the report says what would be
    after_batch   called with the number of rows that were tried
    """
    replaying = _Replay(dry_run)
    keys = iter(keys)
    while batch := list(islice(keys, BATCH)):
        rows = RejectedInteraction.objects.filter(pk__in=batch).select_related("sender")
        replaying.batch(rows.order_by("received_at", "sender", "pk"))
        after_batch(len(batch))
    return replaying.report


def replay_as(viewer: User, rows: Sequence[RejectedInteraction]) -> ReplayReport:
    """Replay rows, oldest first, on somebody's word: the admin's log says whose it was."""
    report = replay([row.pk for row in rows])
    gone = {*report.gone}
    if taken := [row for row in rows if row.pk in gone]:
        LogEntry.objects.log_actions(user_id=viewer.pk, queryset=taken, action_flag=DELETION)
    return report


class _Replay:
    def __init__(self, dry_run: bool):
        self._dry_run = dry_run
        self.report = ReplayReport()

    def batch(self, rows: Iterable[RejectedInteraction]) -> None:
        items: list[_Item] = []
        for row in rows:
            try:
                body = body_of(row)
            except Unavailable:
                self.report.unavailable += 1
                continue
            if not row.complete:
                self.report.cut += 1
            elif row.is_whole_bulk:
                self._settle(partial(_whole_bulk, row, body))
            else:
                items.append((row, body))
        # Items of one bulk share these, and go in as they would have: in one transaction.
        for _, group in groupby(items, key=lambda item: (item[0].received_at, item[0].sender_id, item[0].sent_at)):
            self._settle(partial(_items, list(group)))

    def _settle(self, attempt: Callable[[], ReplayReport]) -> None:
        try:
            with transaction.atomic():
                done = attempt()
                RejectedInteraction.objects.filter(pk__in=done.gone).delete()
                transaction.set_rollback(self._dry_run)
        except _TakenMeanwhile:
            self.report.taken += 1
            return
        self.report.outcomes += done.outcomes
        self.report.refused += done.refused
        self.report.gone += done.gone


def _items(items: list[_Item]) -> ReplayReport:
    rows = [row for row, _ in items]
    values, faults = zip(*(_value(body) for _, body in items), strict=True)
    first = rows[0]
    outcomes = track_bulk_interactions(
        sender=first.sender, interactions=values, now=first.received_at, sent_at=first.sent_at
    )
    _claim(rows)
    done, still_refused = ReplayReport(), []
    for row, fault, outcome in zip(rows, faults, outcomes, strict=True):
        if fault is not None:
            outcome.code, outcome.errors = fault.code, []
        done.outcomes[outcome.status] += 1
        if outcome.status in (CREATED, DUPLICATE):
            done.gone.append(row.pk)
        else:
            _tell_reason(row, outcome)
            done.refused[row.code] += 1
            still_refused.append(row)
    RejectedInteraction.objects.bulk_update(still_refused, _REASON)
    return done


def _whole_bulk(row: RejectedInteraction, body: bytes) -> ReplayReport:
    done = ReplayReport()
    try:
        interactions, sent_at = read_envelope(parse(body))
    except (Unreadable, EnvelopeFault) as fault:
        _claim([row])
        _tell_reason(row, Outcome(0, INVALID, code=fault.code, errors=[*getattr(fault, "errors", ())]))
        row.save(update_fields=_REASON)
        done.refused[row.code] += 1
        return done
    outcomes = track_bulk_interactions(
        sender=row.sender,
        interactions=interactions,
        now=row.received_at,
        sent_at=sent_at,
        before_commit=Arrival(row.sender, row.door, body, row.received_at, sent_at).keep_refused,
    )
    _claim([row])
    done.outcomes.update(outcome.status for outcome in outcomes)
    done.gone.append(row.pk)
    return done


def _value(body: bytes) -> tuple[Any, Unreadable | None]:
    try:
        return parse(body), None
    except Unreadable as fault:
        return None, fault


def _tell_reason(row: RejectedInteraction, outcome: Outcome) -> None:
    row.status = outcome.status
    row.code, row.errors = reasons(outcome)


def _claim(rows: list[RejectedInteraction]) -> None:
    """Lock the rows until the commit. Raises _TakenMeanwhile.

    After the learners and in the order of digests, as the doors lock them, so that the two never wait for
    each other in a circle; and late enough to see what another replay did while we waited for the learners.
    """
    locked = RejectedInteraction.objects.select_for_update(no_key=True).order_by("digest")
    if len(locked.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True)) < len(rows):
        raise _TakenMeanwhile

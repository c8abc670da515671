"""Taking over a historical log through the one writer, in batches, so that a killed import can go on.

Lines without an event id get one made of their content and of how often the same content stood before in
the file, so that importing a log again, or going on with it, doubles nothing.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

import msgspec
from django.db import transaction

from accounts.models import User
from accounts.selectors import ME
from interactions.domain.clock import FUTURE_ALLOWED
from interactions.domain.fields import FieldError
from interactions.formats import InteractionLog, Record
from interactions.import_progress import ImportFiles, Progress
from interactions.services import CONFLICT, CREATED, DUPLICATE, INVALID, REFUSED, Outcome, track_bulk_interactions

IMPORTER = "importer"
# Refused lines that a report names one by one.
NAMED = 20
OUTCOMES = (CREATED, DUPLICATE, CONFLICT, INVALID, REFUSED)
STORED = (CREATED, DUPLICATE)
_TIMES = ("occurredAt", "startTime", "endTime", "sentAt")
_WHEN = _TIMES[:3]
# Fixed for ever: another value would give every line without an event id another one.
_EVENT_IDS = UUID("6d6b1e0a-0c5e-5b0f-9d53-3f0f4ad1c1c7")


class NoSuchSender(ValueError):
    """There is no account to import as; its text is a sentence."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a log, all runs of it together; `lines` counts interactions, not blank lines.

    first_refused   what this run refused first, at most `NAMED`, as the file of refused lines tells it
    """

    lines: int
    counts: dict[str, int]
    codes: dict[str, int]
    seconds: float
    first_refused: list[dict[str, Any]]

    @property
    def refused(self) -> int:
        return sum(count for status, count in self.counts.items() if status not in STORED)


def importing_sender(username: str | None, *, dry_run: bool = False) -> User:
    """The account that an import records as; by default a service account without a login, made on demand.

    Raises NoSuchSender. In a dry run the default account may be one that is not stored.
    """
    if username is not None:
        try:
            return User.objects.get(username=username)
        except User.DoesNotExist:
            raise NoSuchSender(f"There is no user {username!r}.") from None
    sender = User.objects.filter(username=IMPORTER).first()
    if sender is None:
        sender = User(username=IMPORTER, name="Historical import", role=User.Role.SERVICE)
        sender.set_unusable_password()
        if not dry_run:
            sender.save()
    if not sender.is_service:
        raise NoSuchSender(f"The user {IMPORTER!r} is no service account: name another with --sender.")
    return sender


def import_log(
    *,
    log: InteractionLog,
    sender: User,
    now: datetime,
    files: ImportFiles | None,
    shift_days: int = 0,
    batch_size: int = 1000,
    after_batch: Callable[[int, int], None] = lambda position, lines: None,
) -> ImportReport:
    """Record what the log tells; the report says what became of each line.

    now          the time of receipt of all of it; lines that lie later are refused
    files        where progress and refused lines are kept; None: a dry run, every batch is rolled back
    shift_days   added to every time of the log, after the event ids are made
    after_batch  called with the bytes and the lines read so far
    """
    progress = files.load() if files else Progress()
    lines = sum(progress.counts.values())
    counts, codes = Counter(progress.counts), Counter(progress.codes)
    started = time.monotonic() - progress.seconds
    reading = _Reading(shift_days, now, sender)
    seen: dict[tuple[str, str], bytes] = {}
    first_refused: list[dict[str, Any]] = []
    if files:
        files.start(progress)
    try:
        for batch in _batches(reading.items(log, after_line=progress.line), batch_size):
            if files:
                _record(batch, sender, now)
            else:
                _try_out(batch, sender, now, seen)
            lines += len(batch)
            counts.update(item.outcome.status for item in batch)
            refused = [item for item in batch if item.outcome.status not in STORED]
            codes.update(item.outcome.code for item in refused)
            first_refused += [item.report() for item in refused[: NAMED - len(first_refused)]]
            if files:
                files.refuse([item.report() for item in refused])
                seconds = time.monotonic() - started
                files.save(Progress(batch[-1].record.line, dict(counts), dict(codes), seconds))
            after_batch(log.position, lines)
        if files:
            files.finish()
    finally:
        if files:
            files.close()
    seconds = time.monotonic() - started
    return ImportReport(lines, {name: counts[name] for name in OUTCOMES}, dict(codes), seconds, first_refused)


@dataclass(slots=True)
class _Item:
    """A record on its way: the value the writer gets, unless the import itself refuses it."""

    record: Record
    value: Any
    outcome: Outcome | None = None

    def report(self) -> dict[str, Any]:
        outcome = self.outcome
        return {
            "line": self.record.line,
            "code": outcome.code,
            # The gate's own sentence only points to the errors; whoever reads this one alone learns what is wrong.
            "detail": " ".join(f"{error.pointer}: {error.detail}" for error in outcome.errors) or outcome.detail,
            "errors": [msgspec.to_builtins(error) for error in outcome.errors],
            "interaction": self.record.shown,
        }


class _Reading:
    """From records to items: event ids made, times shifted, and what only a log can get wrong refused."""

    def __init__(self, shift_days: int, now: datetime, sender: User):
        self._shift = timedelta(days=shift_days)
        self._latest = now + FUTURE_ALLOWED
        self._needs_owner = sender.is_service
        self._repetitions: Counter[bytes] = Counter()

    def items(self, log: InteractionLog, *, after_line: int) -> Iterator[_Item]:
        for record in log.records():
            # Also for lines that are skipped: their repetitions count for the ids of those to come.
            made = self._event_id(record.value) if record.fault is None else None
            if record.line <= after_line:
                continue
            if record.fault is not None:
                yield _Item(record, None, _invalid(record.fault.code, record.fault.detail))
            elif type(record.value) is not dict:
                yield _Item(record, record.value)  # the writer says what is wrong with it
            else:
                yield self._item(record, made)

    def _event_id(self, value: Any) -> str | None:
        """An id for a value that brings none: the same for the same content at the same repetition."""
        if type(value) is not dict or value.get("eventId") is not None:
            return None
        try:
            content = msgspec.json.encode(value, order="sorted")
        except (UnicodeEncodeError, RecursionError):
            return None  # what cannot be written cannot be stored either: the gate refuses it
        # Eight bytes: a log of 100 million lines meets an equal hash once in four thousand logs, and then
        # merely counts a repetition that is none. About 100 bytes of memory a line.
        mark = blake2b(content, digest_size=8).digest()
        repetition = self._repetitions[mark]
        self._repetitions[mark] += 1
        return str(uuid5(_EVENT_IDS, f"{repetition}:{content.decode()}"))

    def _item(self, record: Record, event_id: str | None) -> _Item:
        value = dict(record.value)
        if event_id is not None:
            value["eventId"] = event_id
        if self._needs_owner and value.get("userId") in (None, ME):
            fault = FieldError("/userId", "required", "A log names the learner of each interaction.")
            return _Item(record, value, _invalid("invalid", "The interaction cannot be read: see errors.", fault))
        if all(value.get(name) is None for name in _WHEN):
            fault = FieldError("/occurredAt", "required", "A log names the time of each interaction.")
            return _Item(record, value, _invalid("invalid", "The interaction cannot be read: see errors.", fault))
        moment = None
        for name in _TIMES:
            if (told := _time(value.get(name))) is not None:
                if self._shift:
                    try:
                        told += self._shift
                    except OverflowError:
                        fault = FieldError(f"/{name}", "out_of_range", "The shifted time lies outside the calendar.")
                        return _Item(record, value, _invalid("invalid", "The interaction cannot be read.", fault))
                    value[name] = told.isoformat()
                if moment is None and name in _WHEN:
                    moment = told
        if moment is not None and moment > self._latest:
            outcome = Outcome(0, REFUSED, value.get("eventId"), "in_the_future", "It lies in the future.")
            return _Item(record, value, outcome)
        return _Item(record, value)


def _time(told: Any) -> datetime | None:
    """An aware time, or None for what the gate will refuse."""
    if type(told) is not str:
        return None
    try:
        moment = datetime.fromisoformat(told.upper())
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _invalid(code: str, detail: str, *errors: FieldError) -> Outcome:
    return Outcome(0, INVALID, None, code, detail, list(errors))


def _batches(items: Iterator[_Item], size: int) -> Iterator[list[_Item]]:
    while batch := list(islice(items, size)):
        yield batch


def _record(batch: list[_Item], sender: User, now: datetime) -> None:
    told = [item for item in batch if item.outcome is None]
    outcomes = track_bulk_interactions(
        sender=sender, interactions=[item.value for item in told], now=now, historical=True
    )
    for item, outcome in zip(told, outcomes, strict=True):
        item.outcome = outcome


def _try_out(batch: list[_Item], sender: User, now: datetime, seen: dict[tuple[str, str], bytes]) -> None:
    """Record a batch and take it back. `seen` stands in for the batches that were taken back before."""
    with transaction.atomic():
        _record(batch, sender, now)
        transaction.set_rollback(True)
    for item in batch:
        outcome = item.outcome
        if outcome.status != CREATED:
            continue
        key, mark = (item.value.get("userId") or "", outcome.event_id), outcome.row.fingerprint
        earlier = seen.setdefault(key, mark)
        if earlier is not mark:
            _repeat(outcome, same=earlier == mark)


def _repeat(outcome: Outcome, *, same: bool) -> None:
    if same:
        outcome.status = DUPLICATE
    else:
        outcome.status, outcome.code = CONFLICT, "id_conflict"
        outcome.detail = "Another interaction of the file has this event id."

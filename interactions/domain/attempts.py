"""Attempts at a case: what became of each start, told from what one learner did on one case."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

START, COMPLETE, ABANDON = "case_start", "case_complete", "case_abandon"

OPEN = "open"
COMPLETED, ABANDONED, RESTARTED = "completed", "abandoned", "restarted"
INFERRED = "inferred"

# The longest time that an interaction may say it took.
LONGEST = timedelta(days=1)


class Seen(NamedTuple):
    """One interaction with a case: when it counts in the order of time, and until when the learner was there.

    stage   where in the case, "" where the client did not say
    """

    moment: datetime
    id: UUID
    kind: str
    until: datetime
    stage: str = ""


@dataclass(slots=True)
class Attempt:
    """A start and what followed it.

    last_seen_at  until when the learner was on the case, as far as is known; not beyond the attempt's end
    outcome       open; completed or abandoned by the learner's own word; restarted: by the next start
    ended_at      the moment of what ended it, and its id
    stage         where in the case the learner was last, "" where nothing said so, and the interaction that did
    seen          (moment, id) of everything that followed the start, in order of time
    """

    start: UUID
    started_at: datetime
    last_seen_at: datetime
    outcome: str = OPEN
    ended_at: datetime | None = None
    ended_by: UUID | None = None
    stage: str = ""
    stage_by: UUID | None = None
    seen: list[tuple[datetime, UUID]] = field(default_factory=list)

    def end(self, outcome: str, by: Seen) -> None:
        self.outcome, self.ended_at, self.ended_by = outcome, by.moment, by.id

    def pass_stage(self, one: Seen) -> None:
        if one.stage:
            self.stage, self.stage_by = one.stage, one.id

    def return_after(self, silent_since: datetime) -> UUID:
        """The first interaction that shows that the learner had not left for good at `silent_since`."""
        later = (id for moment, id in self.seen if moment > silent_since)
        return next(later, self.ended_by or self.start)


def seen(
    id: UUID,
    kind: str,
    occurred_at: datetime,
    told_at: datetime | None,
    start_time: datetime | None,
    end_time: datetime | None,
    seconds: int | None,
    received_at: datetime,
    stage: object = "",
) -> Seen:
    """What one stored interaction says of its learner's presence; the arguments are its columns.

    `occurred_at` is the start of a span where the client told nothing else, so a completion of half an hour
    may bear the very time of its case's start. It counts at the end of its span; a start at its beginning.
    """
    told = told_at or occurred_at
    ends = [told]
    if end_time is not None:
        ends.append(end_time)
    if seconds is not None and start_time == told:
        ends.append(told + timedelta(seconds=seconds))
    # The times of a span are as told; occurred_at is corrected. No one was seen later than we heard of it.
    until = occurred_at + min(max(ends) - told, LONGEST)
    until = max(occurred_at, min(until, received_at))
    return Seen(occurred_at if kind == START else until, id, kind, until, stage if isinstance(stage, str) else "")


def attempts_of(interactions: Iterable[Seen]) -> list[Attempt]:
    """The attempts in one learner's interactions with one case, given in any order.

    A start opens an attempt. The first completion ends it, or else the first declared abandonment: who
    abandons and then completes without a new start has completed. The next start makes an attempt that was
    left open a restarted one. What comes before the first start belongs to no attempt; what comes at the
    same moment counts in the order in which it arrived (ids are ordered so).
    """
    attempts: list[Attempt] = []
    for one in sorted(interactions):
        current = attempts[-1] if attempts else None
        if one.kind == START:
            if current is not None and current.outcome == OPEN:
                current.end(RESTARTED, one)
            attempts.append(Attempt(one.id, one.moment, one.until))
            attempts[-1].pass_stage(one)
        elif current is not None and (current.outcome == OPEN or (current.outcome, one.kind) == (ABANDONED, COMPLETE)):
            current.seen.append((one.moment, one.id))
            current.last_seen_at = max(current.last_seen_at, one.until)
            current.pass_stage(one)
            if one.kind in (COMPLETE, ABANDON):
                current.end(COMPLETED if one.kind == COMPLETE else ABANDONED, one)
    return attempts

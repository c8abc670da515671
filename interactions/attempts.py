"""Inferring who left a case without a word: the log read in order of arrival, learner by learner.

Two ways through the log, one judgement. What has arrived since the last run is read along the primary key,
and the cases it touches are judged anew from the start they belong to. At first, after a flood such as an
import, or when asked to, all learners are judged from all they did, in one pass over the log. Every step is
computed before its transaction, which begins by moving the walk on: who finds it moved already drops the
step. So runs may be killed, and may overlap, and nobody waits for them.
"""

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.fields.json import KT

from accounts.models import User
from interactions.domain.attempts import INFERRED, LONGEST, OPEN, START, Attempt, Seen, attempts_of, seen
from interactions.models import AttemptWalk, CaseAttempt, UserInteractionTrackingModel

# A transaction that is slower than this, or a server whose clock is slower, may be overlooked.
LAG = timedelta(minutes=5)
ROWS_A_STEP = 10_000
LEARNERS_A_BLOCK = 50
INFERRED_AT_ONCE = 500
# More arrivals than this are judged faster by reading everything once.
FLOOD = 1_000_000

_WALK = 1
_NOTHING = UUID(int=0)
_READ = ("id", "interaction_type", "occurred_at", "told_at", "start_time", "end_time", "time_spent_seconds")
_FOUND = ("last_seen_at", "outcome", "ended_at", "ended_by", "stage", "stage_by")
_JUDGED = (*_FOUND, "undone_at", "undone_by")


@dataclass(frozen=True, slots=True)
class Step:
    """What one step did: interactions read along the log, learners judged, inferences made and taken back."""

    arrivals: int = 0
    learners: int = 0
    inferred: int = 0
    undone: int = 0


@dataclass(slots=True)
class _Judgement:
    """The attempts that are new or have changed."""

    new: list[CaseAttempt] = field(default_factory=list)
    changed: list[CaseAttempt] = field(default_factory=list)
    undone: int = 0


def infer_abandonments(*, now: datetime, lag: timedelta = LAG, afresh: bool = False) -> Iterator[Step]:
    """Bring the attempts up to date with the log and infer which open ones are abandoned at `now`; yields each step.

    lag     how old an arrival must be to be read, so that none is still on its way in another transaction
    afresh  judge all learners from all they did; a pass that was cut off goes on where it stopped
    """
    border = _border(lag)
    walk, _ = AttemptWalk.objects.get_or_create(pk=_WALK, defaults={"through": _NOTHING})
    if walk.learner is None and (afresh or _is_flood(walk.through, border)):
        _advance(walk, until=border, learner=0)
    while True:
        walk = AttemptWalk.objects.get(pk=_WALK)
        step = _judge_arrivals(walk, border, now) if walk.learner is None else _judge_block(walk, now)
        if step is None:
            break
        yield step
    yield from _infer_silent(now)


def _border(lag: timedelta) -> UUID:
    """The least id of what arrives `lag` before this moment. Ids bear the machine's time, and no other clock's."""
    milliseconds = int((time.time() - lag.total_seconds()) * 1000)
    return UUID(int=milliseconds << 80)


def _is_flood(through: UUID, border: UUID) -> bool:
    if through == _NOTHING:
        return True
    arrived = UserInteractionTrackingModel.objects.filter(id__gt=through, id__lt=border).order_by("id")
    return arrived.values_list("id")[FLOOD : FLOOD + 1].exists()


def _advance(walk: AttemptWalk, **to) -> bool:
    """Move the walk on, unless another run has meanwhile."""
    same = AttemptWalk.objects.filter(pk=_WALK, through=walk.through, until=walk.until, learner=walk.learner)
    return same.update(**to) == 1


def _judge_arrivals(walk: AttemptWalk, border: UUID, now: datetime) -> Step | None:
    rows = list(
        UserInteractionTrackingModel.objects.filter(id__gt=walk.through, id__lt=border)
        .order_by("id")
        .values_list("id", "user_id", "case_id", "occurred_at")[:ROWS_A_STEP]
    )
    if not rows:
        return None
    touched: dict[int, dict[str, datetime]] = defaultdict(dict)
    for _, learner, case, occurred_at in rows:
        if case:
            touched[learner][case] = min(occurred_at, touched[learner].get(case, occurred_at))
    judgement = _Judgement()
    for learner in sorted(touched):
        _judge(learner, touched[learner], judgement, now)
    return _keep(walk, judgement, len(rows), len(touched), through=rows[-1][0])


def _judge_block(walk: AttemptWalk, now: datetime) -> Step | None:
    keys = User.objects.filter(pk__gt=walk.learner).order_by("pk").values_list("pk", flat=True)
    learners = list(keys[:LEARNERS_A_BLOCK])
    judgement = _Judgement()
    if not learners:
        # Not further back than where it stood: what lay between is judged twice at worst.
        through = max(walk.through, walk.until)
        return _keep(walk, judgement, 0, 0, through=through, until=None, learner=None)
    for learner in learners:
        _judge(learner, None, judgement, now)
    return _keep(walk, judgement, 0, len(learners), learner=learners[-1])


def _keep(walk: AttemptWalk, judgement: _Judgement, arrivals: int, learners: int, **to) -> Step:
    with transaction.atomic():
        if not _advance(walk, **to):
            return Step()
        CaseAttempt.objects.bulk_create(judgement.new, batch_size=500)
        CaseAttempt.objects.bulk_update(judgement.changed, _JUDGED, batch_size=100)
    return Step(arrivals, learners, undone=judgement.undone)


def _judge(learner: int, touched: dict[str, datetime] | None, judgement: _Judgement, now: datetime) -> None:
    """Judge one learner's cases anew: all of them, or those in which something happened at `touched` or later."""
    kept = CaseAttempt.objects.filter(user=learner)
    rows = UserInteractionTrackingModel.objects.filter(user=learner).exclude(case_id="")
    if touched is not None:
        kept, rows = kept.filter(case_id__in=touched), rows.filter(case_id__in=touched)
    known = {attempt.start: attempt for attempt in kept}
    since = {} if touched is None else _beginnings(touched, known)
    if since:
        # A span that ends in an attempt may have begun before it.
        rows = rows.filter(occurred_at__gte=min(since.values()) - LONGEST)
    happened: dict[str, list[Seen]] = defaultdict(list)
    # As text: as JSON, SQLite would make a number of a stage called "4".
    for case, *told in rows.values_list("case_id", *_READ, "received_at", KT("metadata__stage")):
        one = seen(*told)
        if not since or one.moment >= since[case]:
            happened[case].append(one)
    for attempt in known.values():
        # Its start may be purged by now; whether the learner comes back is still to be seen.
        if attempt.outcome in (OPEN, INFERRED) and (not since or attempt.started_at >= since[attempt.case_id]):
            stored = happened[attempt.case_id]
            if not any(one.id == attempt.start for one in stored):
                told = attempt.stage if attempt.stage_by == attempt.start else ""
                stored.append(Seen(attempt.started_at, attempt.start, START, attempt.last_seen_at, told))
    for case, seen_of_case in happened.items():
        for attempt in attempts_of(seen_of_case):
            _compare(learner, case, attempt, known.get(attempt.start), judgement, now)


def _beginnings(touched: dict[str, datetime], known: dict[UUID, CaseAttempt]) -> dict[str, datetime]:
    """From when on each touched case must be read: the start of the attempt in which something happened."""
    since = dict(touched)
    for attempt in sorted(known.values(), key=lambda attempt: attempt.started_at):
        if attempt.started_at <= touched[attempt.case_id]:
            since[attempt.case_id] = attempt.started_at
    return since


def _compare(
    learner: int, case: str, attempt: Attempt, known: CaseAttempt | None, judgement: _Judgement, now: datetime
) -> None:
    found = {name: getattr(attempt, name) for name in _FOUND}
    if known is None:
        told = {"user_id": learner, "case_id": case, "start": attempt.start, "started_at": attempt.started_at}
        judgement.new.append(CaseAttempt(**told, **found))
        return
    was_inferred = known.outcome == INFERRED
    before = {name: getattr(known, name) for name in _FOUND} | ({"outcome": OPEN} if was_inferred else {})
    if found == before:
        return
    if {**found, "stage": "", "stage_by": None} == {**before, "stage": "", "stage_by": None}:
        # What is heard late of an earlier stage is no sign that the learner came back.
        found["outcome"] = known.outcome
    elif was_inferred:
        known.undone_at, known.undone_by = now, attempt.return_after(known.last_seen_at)
        judgement.undone += 1
    for name, value in found.items():
        setattr(known, name, value)
    judgement.changed.append(known)


def _infer_silent(now: datetime) -> Iterator[Step]:
    """Infer that those are abandoned which were left open for as long as the setting says."""
    silent = now - timedelta(hours=settings.MEDSIM_ABANDONED_AFTER_HOURS)
    due = CaseAttempt.objects.silent_since(silent).without_news()
    while keys := list(due.order_by("last_seen_at", "pk").values_list("pk", flat=True)[:INFERRED_AT_ONCE]):
        # Asked again: meanwhile the learner may have come back.
        yield Step(inferred=due.filter(pk__in=keys).update(outcome=INFERRED, inferred_at=now))

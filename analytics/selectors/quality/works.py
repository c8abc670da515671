"""How far the counts have come, and what the scheduled jobs did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from analytics.jobs.registry import jobs
from analytics.models import CountedDay, CountingProgress, ScheduledJob
from analytics.rollups.changes import stored_since
from interactions.models import UserInteractionTrackingModel

# A count of more rows than this is told as "more".
MOST_COUNTED = 10_000
RECENT = timedelta(hours=24)
# The worker looks about every ten seconds, and jobs wait for each other.
OVERDUE = timedelta(minutes=30)
VERIFYING = "verify_counts"
Outcome = ScheduledJob.Outcome


@dataclass(frozen=True, slots=True)
class JobState:
    """message    what it did or what went wrong, in English
    code, figures the same by accounts.told; empty: the message alone tells it
    seconds     how long the last run took, None: unknown
    is_scheduled  or run by hand only
    is_overdue    its time has passed and nobody runs it
    """

    name: str
    outcome: str
    message: str
    code: str
    figures: Mapping[str, Any]
    finished_at: datetime | None
    seconds: float | None
    next_at: datetime | None
    is_scheduled: bool
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Counting:
    """complete_through  everything received before is in the counts, None: never counted to the end
    waiting           days that are to be counted anew
    recent            interactions stored in the last 24 hours, at most MOST_COUNTED + 1
    newest_at         when the newest interaction was received
    """

    complete_through: datetime | None
    waiting: int
    recent: int
    newest_at: datetime | None
    jobs: tuple[JobState, ...]

    @property
    def failed(self) -> list[JobState]:
        return [job for job in self.jobs if job.outcome == Outcome.FAILED]

    @property
    def overdue(self) -> list[JobState]:
        return [job for job in self.jobs if job.is_overdue]


def counting_state(*, now: datetime) -> Counting:
    """5 queries."""
    progress = CountingProgress.objects.values_list("complete_through", flat=True).first()
    newest = UserInteractionTrackingModel.objects.order_by("-id").values_list("received_at", flat=True).first()
    return Counting(
        complete_through=progress,
        waiting=CountedDay.objects.filter(due=True, sealed=False).count(),
        recent=stored_since(now - RECENT).values("pk")[: MOST_COUNTED + 1].count(),
        newest_at=newest,
        jobs=tuple(_jobs(now)),
    )


def _jobs(now: datetime) -> list[JobState]:
    rows = {row.name: row for row in ScheduledJob.objects.all()}
    scheduled = [job.command for job in jobs()]
    others = sorted(rows.keys() - set(scheduled))
    return [_state(name, rows.get(name), name in scheduled, now) for name in [*scheduled, *others]]


def _state(name: str, row: ScheduledJob | None, is_scheduled: bool, now: datetime) -> JobState:
    if row is None:
        return JobState(name, Outcome.NEVER, "", "", {}, None, None, None, is_scheduled, False)
    seconds = None
    if row.started_at and row.finished_at and row.finished_at >= row.started_at:
        seconds = (row.finished_at - row.started_at).total_seconds()
    is_held = row.held_until is not None and row.held_until > now
    is_overdue = is_scheduled and not is_held and row.next_at is not None and now - row.next_at > OVERDUE
    said = (row.message, row.code, row.figures)
    return JobState(name, row.outcome, *said, row.finished_at, seconds, row.next_at, is_scheduled, is_overdue)

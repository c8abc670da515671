"""Whether most of a learner's completed cases were faster than the policy takes for work."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

from accounts.models import User
from interactions.models import UserInteractionTrackingModel
from interactions.policies import PolicyBook
from interactions.windows import Window

COMPLETED = "case_complete"
# One or two fast cases are chance.
LEAST_FAST = 3


@dataclass(frozen=True, slots=True)
class Rush:
    """cases           completed in the window, as far as their time is known
    fast            how many of them below the policy's minimum time
    seconds         their time together
    median          seconds
    least           the policy's minimum time, in seconds; the highest where several versions apply
    is_active_time  whether all told their active time, not only the clock's
    """

    cases: int
    fast: int
    seconds: int
    median: float
    least: float
    is_active_time: bool


def rush_in(learner: User, *, window: Window, book: PolicyBook) -> Rush | None:
    """What there is to ask about, or None (1 query)."""
    window = window.in_whole_days()
    rows = (
        UserInteractionTrackingModel.objects.filter(user=learner, interaction_type=COMPLETED)
        .within(window.start, window.until)
        .values_list("day", "resource_type", "active_seconds", "time_spent_seconds")
    )
    return rush_of(rows, book)


def rush_of(rows: Iterable[tuple[date, str, int | None, int | None]], book: PolicyBook) -> Rush | None:
    """Rows: day, resource type, active seconds, wall-clock seconds; as scores do, the first known time counts."""
    timed = [
        (
            wall if active is None else active,
            book.on(day).rule_for(COMPLETED, resource).minimum_time,
            active is not None,
        )
        for day, resource, active, wall in rows
        if (active is not None or wall is not None) and (COMPLETED in book.on(day).interaction_types)
    ]
    fast = [(seconds, least) for seconds, least, _ in timed if seconds < least]
    if len(fast) < LEAST_FAST or 2 * len(fast) <= len(timed):
        return None
    return Rush(
        cases=len(timed),
        fast=len(fast),
        seconds=sum(seconds for seconds, _, _ in timed),
        median=median(seconds for seconds, _, _ in timed),
        least=max(least for _, least in fast),
        is_active_time=all(is_active for _, _, is_active in timed),
    )

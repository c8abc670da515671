"""Runs of active days in a row. Paused days neither make nor break one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from engagement.domain.tenure import Tenure


@dataclass(frozen=True, slots=True)
class Streak:
    """current      active days in a row that end today or yesterday
    longest      the longest run there was
    last_active  the newest active day
    """

    current: int
    longest: int
    last_active: date | None


def streak_of(active_days: Iterable[date], tenure: Tenure, today: date) -> Streak:
    """The streaks of a learner whose active days are given in any order."""
    days = sorted(day for day in active_days if day <= today)
    run = longest = 0
    before: date | None = None
    for day in days:
        run = run + 1 if before is not None and _adjoins(before, day, tenure) else 1
        longest = max(longest, run)
        before = day
    # Today may still become active, so a run that reached yesterday is not broken yet.
    alive = before is not None and (before == today or _adjoins(before, today, tenure))
    return Streak(run if alive else 0, longest, before)


def _adjoins(earlier: date, later: date, tenure: Tenure) -> bool:
    """Whether no counting day lies between two days."""
    apart = (later - earlier).days
    if not tenure.pauses:
        return apart <= 1
    between = (earlier + timedelta(days=step) for step in range(1, apart))
    return all(tenure.is_paused(day) for day in between)

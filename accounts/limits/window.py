"""The arithmetic of a sliding window: what was spent in the last `period` milliseconds, and when room comes back.

All times are whole milliseconds. A window is a list of `(time, cost)`, oldest first.
"""

from math import ceil
from typing import NamedTuple

Entries = list[tuple[int, int]]
# A key, a cost, and the limit of both.
Charge = tuple[str, int, int]
# Entries of the same sixtieth of a period become one, at the later time: a row stays small, and what
# merging does to the count is never to the advantage of the sender.
SLOTS = 60


class Verdict(NamedTuple):
    """What became of a request for some of the limit."""

    allowed: bool
    limit: int
    remaining: int
    retry_after: int  # seconds until the same cost fits; 0 when allowed
    reset: int  # seconds until nothing counts any longer


def slot_length(period: int) -> int:
    return max(1, period // SLOTS)


def live(entries: Entries, period: int, now: int) -> Entries:
    """Entries that count. Those ahead by more than a period were written before the clock was set back."""
    return [entry for entry in entries if now - period < entry[0] <= now + period]


def spend(entries: Entries, cost: int, limit: int, period: int, now: int) -> Entries | None:
    """The window with `cost` in it, or None when it does not fit."""
    entries = live(entries, period, now)
    if sum(spent for _, spent in entries) + cost > limit:
        return None
    slot = now // slot_length(period)
    same = [entry for entry in entries if entry[0] // slot_length(period) == slot]
    merged = (max(now, *(time for time, _ in same), now), cost + sum(spent for _, spent in same))
    return sorted([entry for entry in entries if entry not in same] + [merged])


def verdict(entries: Entries, cost: int, limit: int, period: int, now: int, *, allowed: bool) -> Verdict:
    """What to tell of the window as it stands after the decision."""
    entries = live(entries, period, now)
    spent = sum(each for _, each in entries)
    free, wait = limit - spent, 0
    if not allowed:
        for time, each in entries:
            if free >= cost:
                break
            free, wait = free + each, time + period - now
    reset = entries[-1][0] + period - now if entries else 0
    return Verdict(allowed, limit, max(0, limit - spent), _seconds(wait), _seconds(reset))


def _seconds(milliseconds: int) -> int:
    return ceil(milliseconds / 1000)

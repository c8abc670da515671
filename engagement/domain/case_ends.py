"""How cases ended, as far as a day's sums tell: enough to see several given up in a row without reading single rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CaseEnds:
    """One learner's day.

    abandoned                         cases declared abandoned; what was only inferred is not among them
    first_abandoned, last_abandoned   when, None without any
    last_completed                    the last case worked to its end, None without any
    """

    abandoned: int = 0
    first_abandoned: datetime | None = None
    last_abandoned: datetime | None = None
    last_completed: datetime | None = None


def abandoned_since_completed(days: Iterable[CaseEnds]) -> int:
    """At least so many cases abandoned since one was last worked to its end; `days` newest first.

    On the day of that completion only the first and the last abandonment are placed: where it lies between them,
    one came after it for certain, and one is counted.
    """
    row = 0
    for day in days:
        if day.last_completed is None:
            row += day.abandoned
            continue
        if day.abandoned and day.last_abandoned > day.last_completed:
            row += day.abandoned if day.first_abandoned > day.last_completed else 1
        return row
    return row

"""Which days count for a learner: from the start on, without the paused ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

# A pause longer than this is no pause; it also bounds the walk back.
LOOK_BACK_DAYS = 730


@dataclass(frozen=True, slots=True)
class Tenure:
    """start   first day that counts; None: never enrolled and never active
    pauses  `[start, end)` of days on which the clock stands still
    """

    start: date | None
    pauses: Sequence[tuple[date, date]] = ()

    def is_paused(self, day: date) -> bool:
        return any(start <= day < end for start, end in self.pauses)

    def days_between(self, first: date, last: date) -> int:
        """How many days count from `first` through `last`."""
        if self.start is None:
            return 0
        days = max(0, (last - max(first, self.start)).days + 1)
        if not self.pauses:
            return days
        return sum(not self.is_paused(last - timedelta(days=age)) for age in range(days))

    def first_of_counting_days(self, last: date, most: int) -> date | None:
        """The oldest of `counting_days`; None where there is none."""
        if not self.pauses and self.start is not None and self.start <= last:
            return max(self.start, last - timedelta(days=most - 1))
        days = self.counting_days(last, most)
        return days[-1] if days else None

    def counting_days(self, last: date, most: int) -> list[date]:
        """The newest `most` days that count up to and including `last`, newest first."""
        days: list[date] = []
        if self.start is None:
            return days
        if not self.pauses:
            # The common case needs no walk: a cohort's table asks this of hundreds of learners.
            return [last - timedelta(days=age) for age in range(min(most, (last - self.start).days + 1))]
        for age in range(LOOK_BACK_DAYS):
            day = last - timedelta(days=age)
            if day < self.start or len(days) == most:
                break
            if not self.is_paused(day):
                days.append(day)
        return days

"""Which days count for a learner: from the start on, without the paused ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

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

    def _paused(self, oldest: int, newest: int) -> set[int]:
        """The paused days of a span, both ends included, all as ordinals."""
        spans = ((max(start.toordinal(), oldest), min(end.toordinal(), newest + 1)) for start, end in self.pauses)
        return {day for first, end in spans for day in range(first, end)}

    def days_between(self, first: date, last: date) -> int:
        """How many days count from `first` through `last`."""
        if self.start is None:
            return 0
        days = max(0, (last - max(first, self.start)).days + 1)
        if not self.pauses:
            return days
        newest = last.toordinal()
        return days - len(self._paused(newest - days + 1, newest))

    def first_of_counting_days(self, last: date, most: int) -> date | None:
        """The oldest of `counting_days`; None where there is none."""
        if not self.pauses and self.start is not None and self.start <= last:
            return max(self.start, last - timedelta(days=most - 1))
        days = self.counting_days(last, most)
        return days[-1] if days else None

    def counting_days(self, last: date, most: int) -> list[date]:
        """The newest `most` days that count up to and including `last`, newest first."""
        if self.start is None:
            return []
        if not self.pauses:
            # The common case needs no walk: a cohort's table asks this of hundreds of learners.
            return [last - timedelta(days=age) for age in range(min(most, (last - self.start).days + 1))]
        newest = last.toordinal()
        oldest = max(self.start.toordinal(), newest - LOOK_BACK_DAYS + 1)
        paused = self._paused(oldest, newest)
        counting = (day for day in range(newest, oldest - 1, -1) if day not in paused)
        return [date.fromordinal(day) for day in islice(counting, most)]

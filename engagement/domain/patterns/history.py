"""What the detectors look at: one learner's counting days, whole weeks and single interactions, as arrays.

Days and weeks are numbers: `date.toordinal()`, and the ordinal of a week's Monday. Paused days are not among
them: leave stops the clock.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np

from engagement.domain.patterns.finding import Finding
from engagement.domain.tenure import Tenure
from interactions.domain.scoring import ACTIVE_DAY_POINTS

START, COMPLETE, ABANDON, HELP, FEEDBACK = (
    "case_start",
    "case_complete",
    "case_abandon",
    "help_request",
    "feedback_submit",
)
MOST_IDS = 50


@dataclass(frozen=True)
class Events:
    """n interactions in order of time.

    ids          what each is called
    times        float (n,), seconds since the epoch
    days         int (n,), ordinals of the institution's days
    hours        int (n,), 0-23 on the learner's own clock
    kinds, case_ids, specialties   n words; "" where none
    seconds      float (n,), active time, else wall-clock time; NaN where neither is known
    performance  float (n,), 0-100; NaN where none
    """

    ids: Sequence[Hashable] = ()
    times: np.ndarray = field(default_factory=lambda: np.empty(0))
    days: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=int))
    hours: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=int))
    kinds: Sequence[str] = ()
    case_ids: Sequence[str] = ()
    specialties: Sequence[str] = ()
    seconds: np.ndarray = field(default_factory=lambda: np.empty(0))
    performance: np.ndarray = field(default_factory=lambda: np.empty(0))

    def __len__(self) -> int:
        return len(self.ids)

    def named(self, places: Iterable[int]) -> tuple[Hashable, ...]:
        """The ids at these places, newest first, 50 at most."""
        return tuple(self.ids[place] for place in sorted(places, reverse=True)[:MOST_IDS])

    def on_days(self, days: Iterable[int]) -> tuple[Hashable, ...]:
        return self.named(np.flatnonzero(np.isin(self.days, list(days))).tolist())


@dataclass(frozen=True)
class Weeks:
    """w whole weeks (Monday to Sunday, every day counts, all over), oldest first; a paused week is left out.

    starts   int (w,), ordinals of the Mondays
    points   float (w, 7), D of each day
    counts   int (w,), interactions
    """

    starts: np.ndarray
    points: np.ndarray
    counts: np.ndarray

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def active(self) -> np.ndarray:
        """Whether each day was active, bool (w, 7)."""
        return self.points >= ACTIVE_DAY_POINTS

    @property
    def active_days(self) -> np.ndarray:
        """Active days of each week, int (w,), 0-7."""
        return self.active.sum(axis=1)

    @property
    def days(self) -> np.ndarray:
        """The ordinals of all their days, int (7 w,)."""
        return (self.starts[:, None] + np.arange(7)).ravel()

    def last(self, most: int) -> "Weeks":
        return Weeks(self.starts[-most:], self.points[-most:], self.counts[-most:])


@dataclass(frozen=True, slots=True)
class CaseTimes:
    """How long others took for a case: the median of a sample of completions, seconds, and their number."""

    median_seconds: float
    completions: int


@dataclass(frozen=True)
class History:
    """One learner as of a day.

    days, points, counts   (d,) each: counting days ascending, their points D, their interactions
    first                  the range's first day; `days` may reach further back
    last, last_complete    the range's last day, and the last day that is over
    tenure                 which days count
    events                 single interactions of the range
    regularity             the index's part R, 0-1; None: not enough data
    cohort                 float (k, 9): interactions in the 9 weeks that end with the last one that is over, the
                           learner in row 0 and the others of the cohort below; NaN where a week does not count
    case_times             of cases that the learner completed in a short time, where others did too
    minimum_seconds        below this the policy takes no completed case for work
    deadlines              days by whose end something was due
    """

    days: np.ndarray
    points: np.ndarray
    counts: np.ndarray
    first: date
    last: date
    last_complete: date
    tenure: Tenure
    events: Events = field(default_factory=Events)
    regularity: float | None = None
    cohort: np.ndarray | None = None
    case_times: Mapping[str, CaseTimes] = field(default_factory=dict)
    minimum_seconds: float = 60.0
    deadlines: Sequence[date] = ()

    @cached_property
    def active(self) -> np.ndarray:
        return self.points >= ACTIVE_DAY_POINTS

    @cached_property
    def in_range(self) -> np.ndarray:
        """Which of the days lie in the range, bool (d,)."""
        return self.days >= self.first.toordinal()

    @cached_property
    def gaps(self) -> np.ndarray:
        """Counting days from each active day to the next, int (active days - 1,); 1: the day after."""
        return np.diff(np.flatnonzero(self.active))

    @cached_property
    def weeks(self) -> Weeks:
        """All whole weeks there are."""
        done = self.days <= self.last_complete.toordinal()
        days, points, counts = self.days[done], self.points[done], self.counts[done]
        # 1 January of the year 1 was a Monday, and its ordinal is 1.
        mondays, first, size = np.unique(days - (days - 1) % 7, return_index=True, return_counts=True)
        first = first[size == 7]
        place = first[:, None] + np.arange(7)
        return Weeks(mondays[size == 7], points[place], counts[place].sum(axis=1))

    def looked_at(self, **figures) -> dict:
        """Figures with the range they are of."""
        return {"first_day": self.first, "last_day": self.last, **figures}

    def on_days(self, strength: float, days: Iterable[int], evidence: Mapping) -> Finding:
        """A finding about days, with their interactions as far as they lie in the range."""
        return Finding(strength, evidence, self.events.on_days(days))

    def on_weeks(self, strength: float, weeks: Weeks, **figures) -> Finding:
        """A finding about weeks, with their interactions as far as they lie in the range."""
        return self.on_days(strength, weeks.days.tolist(), of_weeks(weeks, **figures))


def day_of(ordinal: int) -> date:
    return date.fromordinal(int(ordinal))


def of_weeks(weeks: Weeks, **figures) -> dict:
    """Figures with the weeks they are of."""
    return {
        "first_day": day_of(weeks.starts[0]),
        "last_day": day_of(weeks.starts[-1] + 6),
        "weeks": len(weeks),
    } | figures

"""Retention: of the learners of a cohort, how many did something in the k-th week after they were enrolled."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Cohort
from analytics.models import RetentionCount
from analytics.rollups.spans import WEEK_DAYS

MOST_WEEKS = 52
# By week after enrolment: how many were enrolled, how many of them did anything.
_Numbers = dict[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class RetentionPoint:
    """week      0 is the calendar week of the enrolment
    enrolled  learners who were enrolled on any day of that week
    active    of them, who did anything in it while they were
    Both None where nothing is told, of fewer than ten or of none.
    """

    week: int
    enrolled: int | None
    active: int | None

    @property
    def share(self) -> float | None:
        return None if self.enrolled is None else self.active / self.enrolled


@dataclass(frozen=True, slots=True)
class RetentionCurve:
    cohort: Cohort
    points: tuple[RetentionPoint, ...]

    @property
    def is_withheld(self) -> bool:
        return all(point.enrolled is None for point in self.points)


def retention_curves(cohorts: Sequence[Cohort]) -> list[RetentionCurve]:
    """The curve of each, in their order, as far as it is released (1 query).

    Every reader is told the same, whatever he filters: `analytics.domain.retention` says what, and why it is told once.
    """
    numbers = _released(cohorts)
    return [RetentionCurve(cohort, _points(numbers.get(cohort.pk, {}))) for cohort in cohorts]


def _points(numbers: _Numbers) -> tuple[RetentionPoint, ...]:
    weeks = range(max(numbers, default=-1) + 1)
    return tuple(RetentionPoint(week, *numbers.get(week, (None, None))) for week in weeks)


def _released(cohorts: Sequence[Cohort]) -> dict[int, _Numbers]:
    enrolled, active = Counter(), Counter()
    rows = RetentionCount.objects.filter(cohort__in=[cohort.pk for cohort in cohorts])
    for cohort, week, start, began, did in rows.values_list("cohort_id", "week", "start", "enrolled", "active"):
        place = cohort, (week - start).days // WEEK_DAYS
        enrolled[place] += began
        active[place] += did
    found: dict[int, _Numbers] = {}
    for (cohort, number), began in enrolled.items():
        # Who is counted with those who began later has a first week before theirs.
        if 0 <= number <= MOST_WEEKS:
            found.setdefault(cohort, {})[number] = began, active[cohort, number]
    return found

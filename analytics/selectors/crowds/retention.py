"""Retention: of the learners of a cohort, how many did something in the k-th week after they were enrolled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from accounts.models import Cohort, Enrolment
from analytics.domain.learner_sets import members, union
from analytics.domain.release import LEAST
from analytics.domain.stats import ALL
from analytics.models import Count, Crowd
from analytics.rollups.spans import WEEK_DAYS, week_of
from analytics.selectors.crowds.scope import Scope, this_week

MOST_WEEKS = 52
# Exact counts beside those of crowds and of overlapping cohorts would tell by subtraction what one learner did.
ROUNDED_TO = 5


@dataclass(frozen=True, slots=True)
class RetentionPoint:
    """week      0 is the calendar week of the enrolment
    enrolled  learners who were enrolled through all of that week, which is over
    active    of them, who did anything in it; to the nearest five where the reader may not know each by name
    Both None where there are fewer than ten.
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


def retention_curves(scope: Scope, *, now: datetime) -> list[RetentionCurve]:
    """The curve of each cohort of a scope, in their order (3 queries). The running week is not over and not in it."""
    cohorts = [cohort.pk for cohort in scope.cohorts]
    running = this_week(now)
    enrolled: dict[int, list[tuple[int, date, date | None]]] = {}
    for learner, cohort, start, end in Enrolment.objects.filter(cohort__in=cohorts).values_list(
        "learner_id", "cohort_id", "start", "end"
    ):
        enrolled.setdefault(cohort, []).append((learner, start, end))
    first = min((start for rows in enrolled.values() for _, start, _ in rows), default=running)
    active = _active_by_cohort(cohorts, max(week_of(first), running - timedelta(days=WEEK_DAYS * MOST_WEEKS * 2)))
    return [
        RetentionCurve(cohort, _points(enrolled.get(cohort.pk, ()), active.get(cohort.pk, {}), running, scope))
        for cohort in scope.cohorts
    ]


def _active_by_cohort(cohorts: Sequence[int], since: date) -> dict[int, dict[date, bytes]]:
    """Who did something, by cohort and week."""
    of_crowd: dict[int, list[int]] = {}
    for crowd, cohort in Crowd.cohorts.through.objects.filter(cohort__in=cohorts).values_list("crowd_id", "cohort_id"):
        of_crowd.setdefault(crowd, []).append(cohort)
    rows = Count.objects.filter(span=Count.Span.WEEK, by=ALL, name="", start__gte=since, crowd__in=list(of_crowd))
    sets: dict[int, dict[date, list[bytes]]] = {}
    for crowd, week, learners in rows.values_list("crowd_id", "start", "learners"):
        for cohort in of_crowd[crowd]:
            sets.setdefault(cohort, {}).setdefault(week, []).append(bytes(learners))
    return {cohort: {week: union(several) for week, several in weeks.items()} for cohort, weeks in sets.items()}


def _points(
    enrolments: Sequence[tuple[int, date, date | None]], active: dict[date, bytes], running: date, scope: Scope
) -> tuple[RetentionPoint, ...]:
    if not enrolments:
        return ()
    learners = np.array([learner for learner, _, _ in enrolments])
    # Weeks are numbered by their Mondays' days; the last that counts is over, and the enrolment runs through it.
    firsts = np.array([week_of(start).toordinal() for _, start, _ in enrolments])
    lasts = np.array([_last_week(end, running).toordinal() for _, _, end in enrolments])
    enrolled, present = np.zeros((2, MOST_WEEKS + 1), dtype=int)
    for number in range(MOST_WEEKS + 1):
        enrolled[number] = (firsts + WEEK_DAYS * number <= lasts).sum()
    for week, keys in active.items():
        numbers = (week.toordinal() - firsts) // WEEK_DAYS
        counts = (numbers >= 0) & (numbers <= MOST_WEEKS) & (week.toordinal() <= lasts)
        counts &= np.isin(learners, members(keys))
        present += np.bincount(numbers[counts], minlength=MOST_WEEKS + 1)
    least = 1 if scope.names_known else LEAST
    if not scope.names_known:
        present = np.minimum(ROUNDED_TO * np.rint(present / ROUNDED_TO), enrolled)
    return tuple(
        RetentionPoint(number, int(enrolled[number]), int(present[number]))
        if enrolled[number] >= least
        else RetentionPoint(number, None, None)
        for number in range(np.count_nonzero(enrolled))
    )


def _last_week(end: date | None, running: date) -> date:
    last = running - timedelta(days=WEEK_DAYS)
    return last if end is None else min(last, week_of(end - timedelta(days=WEEK_DAYS)))

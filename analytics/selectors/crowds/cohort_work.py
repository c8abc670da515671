"""What the learners of one cohort do together, for its page, which names each of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from accounts.calendar import day_start, local_day
from accounts.models import Cohort, User
from analytics.domain.learner_sets import members, size, union
from analytics.domain.stats import SPECIALTY
from analytics.domain.totals import TOTAL_STATS
from analytics.rollups.spans import WEEK_DAYS, week_of
from analytics.selectors.crowds.figures import Heatmap, heatmap_of
from analytics.selectors.crowds.levels import WeekLevels, levels_by_week
from analytics.selectors.crowds.reports import PreviousWeeks, Totals, totals_of
from analytics.selectors.crowds.retention import RetentionCurve, retention_curves
from analytics.selectors.crowds.scope import complete_through, in_whole_weeks, previous_weeks, scope_for
from analytics.selectors.crowds.weeks import Counts, counts_of, part_counts
from interactions.domain.attempts import COMPLETE
from interactions.windows import Window

WORK_STATS = (*TOTAL_STATS, "hours")
# Weeks that levels are shown of: as many as the lines in the table, or a year where a year is asked for.
WEEKS, WEEKS_OF_A_YEAR, LONG = 12, 53, timedelta(days=92)


@dataclass(frozen=True, slots=True)
class SpecialtyWork:
    """One specialty in the window: who worked in it, and cases they completed."""

    name: str
    learners: int
    completed: int


@dataclass(frozen=True, slots=True)
class CohortWork:
    """window            in whole weeks
    complete_through  everything received before is counted; None: nothing was counted yet
    n                 learners who did anything
    at_work           their keys
    levels            by week, oldest first, of a span of its own; of all that learners did, whatever is filtered
    specialties       those worked in, most learners first, whatever is filtered
    """

    window: Window
    complete_through: datetime | None
    n: int
    at_work: frozenset[int]
    totals: Totals
    previous: PreviousWeeks | None
    heatmap: Heatmap
    levels: tuple[WeekLevels, ...]
    retention: RetentionCurve
    specialties: tuple[SpecialtyWork, ...]


def cohort_work(viewer: User, cohort: Cohort, *, window: Window, specialty: str = "", now: datetime) -> CohortWork:
    """The cohort's work in a window, which is widened to whole weeks (7 queries).

    Nothing is kept back: only for a page that shows each learner of the cohort by name. `cohort` is visible to
    `viewer`.
    """
    scope = scope_for(viewer, cohort=cohort, specialty=specialty, names_known=True)
    asked, window = window, in_whole_weeks(window)
    counts = counts_of(scope, window, WORK_STATS)
    before = previous_weeks(window)
    counts_before = counts_of(scope, before, TOTAL_STATS) if before else None
    parts = part_counts(replace(scope, specialty=""), window, SPECIALTY, ("interactions",))
    [curve] = retention_curves(scope.cohorts)
    return CohortWork(
        window=window,
        complete_through=complete_through(),
        n=counts.size,
        at_work=frozenset(members(counts.learners).tolist()),
        totals=totals_of(counts),
        previous=before and PreviousWeeks(before, counts_before.size, totals_of(counts_before)),
        heatmap=heatmap_of(counts),
        levels=tuple(levels_by_week(scope, _level_window(asked, now))),
        retention=curve,
        specialties=_specialties(parts),
    )


def _specialties(parts: Mapping[str, Counts]) -> tuple[SpecialtyWork, ...]:
    """Names that differ in capitals only are one field."""
    spelled: dict[str, list[str]] = {}
    for name in sorted(filter(None, parts)):
        spelled.setdefault(name.casefold(), []).append(name)
    found = [
        SpecialtyWork(
            names[0],
            size(union(parts[name].learners for name in names)),
            sum(parts[name].number("interactions", COMPLETE) for name in names),
        )
        for names in spelled.values()
    ]
    return tuple(sorted(found, key=lambda part: (-part.learners, part.name)))


def _level_window(asked: Window, now: datetime) -> Window:
    is_long = asked.start is None or now - asked.start > LONG
    weeks = WEEKS_OF_A_YEAR if is_long else WEEKS
    first = week_of(local_day(now)) - timedelta(days=WEEK_DAYS * (weeks - 1))
    return Window(day_start(first), now, running=True)

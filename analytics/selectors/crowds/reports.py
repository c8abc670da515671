"""The two answers about crowds: global patterns, and engagement as a whole. Both at a constant number of queries."""

from dataclasses import dataclass
from datetime import datetime

from analytics.domain.stats import DIFFICULTY, SPECIALTY
from analytics.domain.totals import TOTAL_STATS
from analytics.selectors.crowds.figures import (
    Funnel,
    Heatmap,
    Spread,
    TimeSpent,
    WeekPoint,
    completion_time_of,
    funnel_of,
    heatmap_of,
    score_of,
    time_spent_of,
    types_of,
    weeks_of,
)
from analytics.selectors.crowds.levels import WeekLevels, levels_by_week, levels_now
from analytics.selectors.crowds.retention import RetentionCurve, retention_curves
from analytics.selectors.crowds.scope import (
    Scope,
    Withheld,
    complete_through,
    in_whole_weeks,
    mondays,
    previous_weeks,
)
from analytics.selectors.crowds.weeks import Counts, counts_of, part_counts
from interactions.policies import policy_book
from interactions.windows import Window

PATTERN_STATS = ("interactions", "hours", "starts")


@dataclass(frozen=True, slots=True)
class Head:
    """window            in whole weeks
    complete_through  everything received before is counted; None: nothing was counted yet
    policy            the version in force on the last day
    n                 learners who did anything, each once; None: fewer than ten, and nothing is shown
    """

    scope: Scope
    window: Window
    complete_through: datetime | None
    policy: str
    n: int | None


@dataclass(frozen=True, slots=True)
class GlobalPatterns:
    """When a crowd works, at what, and how far it comes. `Withheld` stands for what is of too few learners."""

    head: Head
    heatmap: Heatmap | Withheld
    types: dict[str, int] | Withheld
    funnel: Funnel | Withheld
    levels: WeekLevels | Withheld
    retention: tuple[RetentionCurve, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    interactions: int
    time_spent: TimeSpent
    types: dict[str, int]
    funnel: Funnel
    completion_time: Spread | None
    scores: Spread | None
    shallow: int


@dataclass(frozen=True, slots=True)
class Part:
    """One specialty or difficulty, by its name."""

    name: str
    n: int
    totals: Totals


@dataclass(frozen=True, slots=True)
class PreviousWeeks:
    """As many weeks just before."""

    window: Window
    n: int | None
    totals: Totals | Withheld


@dataclass(frozen=True, slots=True)
class CrowdEngagement:
    """How much a crowd does, how well, and how that moves. `Withheld` stands for what is of too few learners."""

    head: Head
    totals: Totals | Withheld
    weeks: tuple[WeekPoint, ...]
    levels: WeekLevels | Withheld
    levels_by_week: tuple[WeekLevels, ...]
    specialties: tuple[Part, ...]
    difficulties: tuple[Part, ...]
    previous: PreviousWeeks | None


def global_patterns(scope: Scope, *, window: Window) -> GlobalPatterns:
    """4 queries and those of `policy_book`; `scope` as `scope_for` gives it."""
    window = in_whole_weeks(window)
    counts = counts_of(scope, window, PATTERN_STATS)
    return GlobalPatterns(
        head=_head(scope, window, counts),
        heatmap=_or_withheld(counts, heatmap_of),
        types=_or_withheld(counts, types_of),
        funnel=_or_withheld(counts, funnel_of),
        levels=levels_now(levels_by_week(scope, window)),
        retention=tuple(retention_curves(scope.cohorts)),
    )


def crowd_engagement(scope: Scope, *, window: Window) -> CrowdEngagement:
    """6 queries and those of `policy_book`; `scope` as `scope_for` gives it."""
    window = in_whole_weeks(window)
    before = previous_weeks(window)
    counts = counts_of(scope, window, TOTAL_STATS)
    counts_before = counts_of(scope, before, TOTAL_STATS) if before else None
    levels = levels_by_week(scope, window)
    return CrowdEngagement(
        head=_head(scope, window, counts),
        totals=_or_withheld(counts, totals_of),
        weeks=tuple(weeks_of(counts, *mondays(window))),
        levels=levels_now(levels),
        levels_by_week=tuple(levels),
        specialties=parts_of(scope, window, SPECIALTY),
        difficulties=parts_of(scope, window, DIFFICULTY),
        previous=before and PreviousWeeks(before, counts_before.size, _or_withheld(counts_before, totals_of)),
    )


def parts_of(scope: Scope, window: Window, by: str) -> tuple[Part, ...]:
    """Every specialty or difficulty that may be shown, most learners first; none of a filtered scope (1 query)."""
    if scope.is_filtered:
        return ()
    parts = [
        Part(name, counts.size, totals_of(counts))
        for name, counts in part_counts(scope, window, by, TOTAL_STATS).items()
    ]
    return tuple(sorted((part for part in parts if part.name), key=lambda part: (-part.n, part.name)))


def totals_of(counts: Counts) -> Totals:
    return Totals(
        interactions=counts.total("interactions"),
        time_spent=time_spent_of(counts),
        types=types_of(counts),
        funnel=funnel_of(counts),
        completion_time=completion_time_of(counts),
        scores=score_of(counts),
        shallow=counts.number("shallow"),
    )


def _head(scope: Scope, window: Window, counts: Counts) -> Head:
    policy = policy_book().on(window.last_day).version
    return Head(scope, window, complete_through(), policy, counts.size)


def _or_withheld(counts: Counts, figure):
    return Withheld() if counts.is_withheld else figure(counts)

"""How a scope's learners stand on the levels of the index, week by week."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from analytics.domain.release import LEAST
from analytics.models import LevelCount
from analytics.rollups.levels import UNMEASURED
from analytics.selectors.crowds.scope import Scope, Withheld, mondays
from interactions.domain.scoring import LEVEL_NAMES
from interactions.windows import Window


@dataclass(frozen=True, slots=True)
class WeekLevels:
    """Learners by level on the last day of a week, or on the day of counting in the week that runs.

    levels      lowest first; None where the group is too small to be shown
    unmeasured  with too little data for an index
    """

    week: date
    as_of: date
    levels: tuple[tuple[str, int], ...] | None
    unmeasured: int | None
    n: int | None

    @property
    def is_withheld(self) -> bool:
        return self.levels is None


def levels_by_week(scope: Scope, window: Window) -> list[WeekLevels]:
    """One for each counted week of a window, given in whole weeks, oldest first (1 query).

    The index is of all a learner did, so a specialty or a difficulty changes nothing here.
    """
    first, last = mondays(window)
    rows = LevelCount.objects.filter(crowd__in=scope.crowds, week__lte=last)
    if first is not None:
        rows = rows.filter(week__gte=first)
    weeks: dict[date, list[LevelCount]] = {}
    for row in rows:
        weeks.setdefault(row.week, []).append(row)
    return [_week(week, several, scope) for week, several in sorted(weeks.items())]


def levels_now(weeks: list[WeekLevels]) -> WeekLevels | Withheld:
    """The newest of them."""
    return weeks[-1] if weeks and not weeks[-1].is_withheld else Withheld()


def _week(week: date, rows: list[LevelCount], scope: Scope) -> WeekLevels:
    kept = rows
    if not scope.names_known:
        kept = [row for row in rows if _size(row) >= LEAST]
        small = [row for row in rows if _size(row) < LEAST]
        if not scope.is_part and sum(map(_size, small)) >= LEAST:
            kept = rows
    counted = sum((Counter(row.levels) for row in kept), Counter())
    n, as_of = sum(counted.values()), max(row.as_of for row in rows)
    if not kept:
        return WeekLevels(week, as_of, None, None, None)
    return WeekLevels(week, as_of, tuple((name, counted[name]) for name in LEVEL_NAMES), counted[UNMEASURED], n)


def _size(row: LevelCount) -> int:
    return sum(row.levels.values())

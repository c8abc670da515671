"""Whose counts a reader sees, which weeks, and what is said in the place of a figure about too few."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from accounts.calendar import day_start, local_day
from accounts.models import Cohort, User
from analytics.domain.release import LEAST
from analytics.models import CountingProgress, Crowd
from analytics.rollups.spans import WEEK_DAYS, week_of
from interactions.windows import Window

REASON = f"Figures of fewer than {LEAST} learners are not shown, nor is anything they would follow from."


@dataclass(frozen=True, slots=True)
class Withheld:
    """Stands in the place of a figure about fewer than ten learners, or about none: both answer alike."""

    reason: str = REASON


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose counts are read, and what of them.

    crowds        keys of the crowds
    cohorts       the cohorts they come from, by name
    is_part       one cohort out of what the reader may see
    specialty, difficulty  "" takes in all
    names_known   the reader is shown each of these learners by name beside it, so nothing is kept back
    """

    crowds: tuple[int, ...]
    cohorts: tuple[Cohort, ...]
    is_part: bool = False
    specialty: str = ""
    difficulty: str = ""
    names_known: bool = False

    @property
    def is_filtered(self) -> bool:
        return bool(self.specialty or self.difficulty)


def scope_for(
    viewer: User,
    *,
    cohort: Cohort | None = None,
    specialty: str = "",
    difficulty: str = "",
    names_known: bool = False,
) -> Scope:
    """What `viewer` may read (2 queries); `cohort` is one that is visible to him.

    An admin without a cohort reads everybody, also those who are in no cohort; an educator the crowds of his own
    cohorts: their learners while they were enrolled.
    """
    visible = tuple(Cohort.objects.visible_to(viewer).order_by("name", "pk")) if cohort is None else (cohort,)
    if viewer.is_admin and cohort is None:
        crowds = Crowd.objects.all()
    else:
        through = Crowd.cohorts.through.objects.filter(cohort__in=[one.pk for one in visible])
        crowds = Crowd.objects.filter(pk__in=through.values("crowd"))
    return Scope(
        tuple(crowds.order_by("pk").values_list("pk", flat=True)),
        visible,
        cohort is not None,
        specialty,
        difficulty,
        names_known,
    )


def in_whole_weeks(window: Window) -> Window:
    """The window with the weeks it cuts taken in whole, Monday to Sunday: single days could be had by subtraction."""
    start = None if window.start is None else day_start(week_of(window.first_day))
    if window.running:
        return replace(window, start=start)
    return Window(start, day_start(week_of(window.last_day) + timedelta(days=WEEK_DAYS)))


def previous_weeks(window: Window) -> Window | None:
    """As many weeks just before, given whole weeks; None before an open start."""
    if window.start is None:
        return None
    first = window.first_day
    weeks = (week_of(window.last_day) - first).days // WEEK_DAYS + 1
    return Window(day_start(first - timedelta(days=WEEK_DAYS * weeks)), window.start)


def mondays(window: Window) -> tuple[date | None, date]:
    """The first and the last week of a window."""
    return (None if window.start is None else week_of(window.first_day)), week_of(window.last_day)


def complete_through() -> datetime | None:
    """The moment up to which everything received is counted; None: nothing was counted yet (1 query)."""
    return CountingProgress.objects.values_list("complete_through", flat=True).first()


def this_week(now: datetime) -> date:
    return week_of(local_day(now))

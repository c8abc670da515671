"""How many learners of each crowd stood on each level at the end of each week."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.calendar import local_day
from analytics.models import LevelCount
from analytics.rollups.basis import Crowds, read_basis
from analytics.rollups.changes import progress_row
from analytics.rollups.spans import WEEK_DAYS, week_of
from engagement.domain.index import WINDOW_DAYS
from engagement.domain.insufficient import Insufficient
from engagement.selectors import indexes_of, reach, records_of, tenures_of
from interactions.policies import policy_book

UNMEASURED = "unmeasured"
LEARNERS_AT_ONCE = 500
# week -> crowd -> level -> learners
Levels = dict[date, dict[int, Counter]]


def count_levels(*, now: datetime, heard: Callable[[], None] = lambda: None) -> list[date]:
    """Count the weeks that changed, and the running one; the weeks that were counted."""
    progress, today = progress_row(), local_day(now)
    if progress.levels_from is None and LevelCount.objects.filter(week=week_of(today), as_of=today).exists():
        return []
    since = week_of(min(progress.levels_from or today, today))
    weeks = [since + timedelta(days=step) for step in range(0, (week_of(today) - since).days + 1, WEEK_DAYS)]
    levels = levels_of(weeks, today=today, heard=heard)
    with transaction.atomic():
        LevelCount.objects.filter(week__in=weeks).delete()
        LevelCount.objects.bulk_create(_rows(levels, today), batch_size=500)
        # Not what was found to be due meanwhile.
        type(progress).objects.filter(pk=progress.pk, levels_from=progress.levels_from).update(levels_from=None)
    return weeks


def levels_of(weeks: list[date], *, today: date, heard: Callable[[], None] = lambda: None) -> Levels:
    """The levels of everybody who was enrolled at the end of each week."""
    crowds = Crowds.read(read_basis())
    last_days = {week: last_day(week, today) for week in weeks}
    enrolled = {week: crowds.on(day) for week, day in last_days.items()}
    levels: Levels = {week: {} for week in weeks}
    learners = sorted(set().union(*enrolled.values()))
    for position in range(0, len(learners), LEARNERS_AT_ONCE):
        _add(levels, learners[position : position + LEARNERS_AT_ONCE], last_days, enrolled)
        heard()
    return levels


def last_day(week: date, today: date) -> date:
    return min(week + timedelta(days=WEEK_DAYS - 1), today)


def _add(levels: Levels, learners: list[int], last_days: Mapping[date, date], enrolled: Mapping) -> None:
    book = policy_book()
    for week, day in last_days.items():
        here = [learner for learner in learners if learner in enrolled[week]]
        if not here:
            continue
        tenures = tenures_of(here, day)
        since = reach(tenures.values(), day, WINDOW_DAYS)
        records = records_of(here, since=since, today=day, book=book, tenures=tenures)
        for learner, index in zip(here, indexes_of([records[one] for one in here], day, book), strict=True):
            word = UNMEASURED if isinstance(index, Insufficient) else index.level
            levels[week].setdefault(enrolled[week][learner], Counter())[word] += 1


def _rows(levels: Levels, today: date) -> Iterable[LevelCount]:
    for week, crowds in levels.items():
        for crowd, counted in crowds.items():
            yield LevelCount(week=week, crowd_id=crowd, as_of=last_day(week, today), levels=dict(counted))

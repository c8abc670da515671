"""What learners did on past days, kept in a thousand bytes each, so that a list of hundreds reads one row of each.

Kept are whole sums of past days (`DailyActivity`), never added to: what arrives late for one of them makes its
learner's row go, when the counting house looks for changes, and for a reader even before. So what is kept and what is
read anew are the same, always. Today is never kept; it is read with everything since the kept days end.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain
from operator import itemgetter

import numpy as np
from django.db import DatabaseError, transaction
from django.db.models import OuterRef, Subquery

from accounts.calendar import local_day
from accounts.models import Enrolment, User
from analytics.domain.kept_days import packed_days, packed_ends, unpacked_days, unpacked_ends, who_gave_up
from analytics.models import CountingProgress, KeptDays
from analytics.rollups.changes import late_since, progress_row
from engagement.domain.attention import RHYTHM_DAYS
from engagement.domain.case_ends import CaseEnds
from engagement.domain.day_grid import DayGrid, counting
from engagement.domain.index import WINDOW_DAYS
from engagement.domain.tenure import Tenure
from engagement.selectors import tenures_of
from engagement.standing import WEEKS
from interactions.domain.scoring import POINT_UNITS
from interactions.models import DailyActivity
from interactions.policies import PolicyBook, policy_book

logger = logging.getLogger(__name__)

ONE_DAY = timedelta(days=1)
# What ended longer ago is kept anew rather than read day by day.
MOST_DAYS_BEHIND = 3
AT_ONCE = 500
_COLUMNS = ("user", "day", "points", "best", "last", "abandoned", "first_abandoned", "last_abandoned", "last_completed")

_KEPT = ("user_id", "first", "first_ends", "through", "last_at", "days", "ends")


@dataclass(slots=True)
class LearnersDays:
    """Of k learners in the order asked for: their days, how their cases ended, when they were last seen.

    case_ends   by the place of each learner who gave any case up: days on which cases ended, newest first; read once
    """

    grid: DayGrid
    case_ends: dict[int, Iterator[tuple[date, CaseEnds]]]
    last_at: list[datetime | None] = field(default_factory=list)


def days_of(
    tenures: Mapping[int, Tenure], *, today: date, book: PolicyBook, most_behind: int = MOST_DAYS_BEHIND
) -> LearnersDays:
    """The days of learners, by key, as far back as a standing needs them.

    4 queries; where days of somebody are to be kept anew, 2 more to read and 3 to keep them.
    """
    learners, yesterday = list(tenures), today - ONE_DAY
    # Learners who began together need the same.
    spans = {tenure: _first_needed(tenure, today) for tenure in set(tenures.values())}
    needed = {learner: spans[tenure] for learner, tenure in tenures.items()}
    settled = settled_through()
    kept = _kept(learners, needed, yesterday, settled, most_behind) if settled else {}
    if missing := [learner for learner in learners if learner not in kept]:
        made = _read(missing, needed, yesterday, book)
        if settled:
            try:
                _keep(made.values(), settled)
            except DatabaseError:
                # They spare the next reader work. A database that does not take them is no reason to refuse this one.
                logger.warning("Days could not be kept.", exc_info=True)
        kept |= made
    rows = [kept[learner] for learner in learners]
    return _together(rows, [tenures[learner] for learner in learners], today, book)


def keep_days(*, now: datetime, heard: Callable[[], None] = lambda: None) -> int:
    """Keep the days through yesterday of all who are enrolled today, so that no reader has to; how many these are.

    heard   told after each block of them
    """
    today, book = local_day(now), policy_book()
    learners = list(Enrolment.objects.current(today).order_by("learner").values_list("learner", flat=True).distinct())
    for start in range(0, len(learners), AT_ONCE):
        days_of(tenures_of(learners[start : start + AT_ONCE], today), today=today, book=book, most_behind=0)
        heard()
    return len(learners)


def settled_through() -> datetime | None:
    """The system's clock up to which it was looked for what came late; None: never (1 query)."""
    return CountingProgress.objects.values_list("settled", flat=True).first()


def _first_needed(tenure: Tenure, today: date) -> tuple[date, date]:
    """The first day needed for the rhythm and the weeks, and for how cases ended."""
    weeks = today - timedelta(days=7 * WEEKS - 1)
    rhythm, ends = (tenure.first_of_counting_days(today, days) for days in (RHYTHM_DAYS, WINDOW_DAYS))
    return min(rhythm or weeks, weeks), ends or today


def _kept(
    learners: list[int],
    needed: Mapping[int, tuple[date, date]],
    yesterday: date,
    settled: datetime,
    most_behind: int,
) -> dict[int, KeptDays]:
    """What is kept and still right; in rows without a model, for there are hundreds."""
    late = late_since(settled, yesterday + ONE_DAY)
    return {
        row.user_id: row
        for row in KeptDays.objects.filter(user__among=learners).values_list(*_KEPT, named=True)
        if row.first <= needed[row.user_id][0]
        and row.first_ends <= needed[row.user_id][1]
        and yesterday - timedelta(days=most_behind) <= row.through <= yesterday
        and late.get(row.user_id, date.max) > row.through
    }


def _read(
    learners: list[int], needed: Mapping[int, tuple[date, date]], through: date, book: PolicyBook
) -> dict[int, KeptDays]:
    first = min(needed[learner][0] for learner in learners)
    days: dict[int, list] = {learner: [] for learner in learners}
    ends: dict[int, list] = {learner: [] for learner in learners}
    sums = sorted(_sums(learners, first, through, book), key=itemgetter(1))
    for user, day, points, best, _, abandoned, *moments in sums:
        offset = (day - first).days
        days[user].append((offset, int(points), best))
        if (abandoned or moments[-1]) and day >= needed[user][1]:
            ends[user].append((offset, CaseEnds(abandoned or 0, *moments)))
    newest = DailyActivity.objects.filter(user=OuterRef("pk"), day__lte=through).order_by("-day", "-last_at")
    seen = User.objects.filter(pk__among=learners).values_list("pk", Subquery(newest.values("last_at")[:1]))
    return {
        learner: KeptDays(
            user_id=learner,
            first=first,
            first_ends=needed[learner][1],
            through=through,
            last_at=last_at,
            days=packed_days(days[learner]),
            ends=packed_ends(ends[learner]),
        )
        for learner, last_at in seen
    }


def _sums(learners: Collection[int], first: date, last: date, book: PolicyBook):
    sums = DailyActivity.objects.filter(user__among=learners).within_days(first, last + ONE_DAY)
    return sums.per_day(book).with_case_ends().values_list(*_COLUMNS)


def _keep(rows: Iterable[KeptDays], settled: datetime) -> None:
    with transaction.atomic():
        # What was stored after these were read is looked for from `settled` on; it must not have been looked for since.
        if progress_row(lock=True).settled != settled:
            return
        KeptDays.objects.bulk_create(
            rows,
            batch_size=AT_ONCE,
            update_conflicts=True,
            unique_fields=["user"],
            update_fields=["first", "first_ends", "through", "last_at", "days", "ends"],
        )


def _together(rows: list[KeptDays], tenures: list[Tenure], today: date, book: PolicyBook) -> LearnersDays:
    through = min((row.through for row in rows), default=today - ONE_DAY)
    first = min([*(row.first for row in rows), today - timedelta(days=7 * WEEKS - 1)])
    width = (today - first).days + 1
    points, best = np.zeros((2, len(rows), width))
    days, whose = unpacked_days([bytes(row.days) for row in rows])
    shift = np.array([(row.first - first).days for row in rows], dtype=np.int64)
    columns = days["offset"] + shift[whose]
    points[whose, columns], best[whose, columns] = days["points"] / POINT_UNITS, days["best"] / POINT_UNITS
    lately: dict[int, list[tuple[date, CaseEnds]]] = {}
    last_at = [row.last_at for row in rows]
    place = {row.user_id: number for number, row in enumerate(rows)}
    for user, day, base, top, last, abandoned, *moments in _sums(place.keys(), through + ONE_DAY, today, book):
        row, column = place[user], (day - first).days
        points[row, column], best[row, column] = base / POINT_UNITS, top / POINT_UNITS
        last_at[row] = max(last, last_at[row] or last)
        if (abandoned or moments[-1]) and day > rows[row].through:
            lately.setdefault(row, []).append((day, CaseEnds(abandoned or 0, *moments)))
    grid = DayGrid(first, points, best, counting(tenures, first, width))
    return LearnersDays(grid, _case_ends(rows, lately), last_at)


def _case_ends(
    rows: list[KeptDays], lately: Mapping[int, list[tuple[date, CaseEnds]]]
) -> dict[int, Iterator[tuple[date, CaseEnds]]]:
    kept = [bytes(row.ends) for row in rows]
    return {
        place: chain(
            sorted(lately.get(place, ()), reverse=True, key=itemgetter(0)),
            unpacked_ends(kept[place], rows[place].first),
        )
        for place in who_gave_up(kept) | lately.keys()
    }

"""Daily sums of many learners as arrays, the one shape that forecasts and training read."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db.models import Min

from accounts.models import Enrolment, Pause
from engagement.domain.forecast.history import Histories
from interactions.domain.scoring import ACTIVE_DAY_POINTS, POINT_UNITS
from interactions.models import DailyActivity
from interactions.policies import PolicyBook

_NEVER = 1_000_000
_LEARNERS_AT_ONCE = 1_000
# Paused days are no counting days, so it takes more of the calendar to see as many.
_SLACK_FOR_PAUSES = 84
# As far as anything is forecast.
AHEAD_DAYS = 28


@dataclass(frozen=True, slots=True)
class HistoryTable:
    """histories in the order of `learners` (keys); column 0 is first_day, the last column is today.

    pauses    (row, first column, first column that counts again), those that are entered for days to come too
    enrolled  (row, first column, first column no longer enrolled), those that begin within AHEAD_DAYS too
    """

    learners: list[int]
    histories: Histories
    first_day: date
    pauses: Sequence[tuple[int, int, int]] = ()
    enrolled: Sequence[tuple[int, int, int]] = ()

    @property
    def today(self) -> int:
        return self.histories.days - 1

    def cuts(self) -> np.ndarray:
        """Up to where each learner is known, (k,): today where it is an active day already, else yesterday.

        A day that has just begun is no idle day.
        """
        return np.where(self.histories.active[:, self.today], self.today, self.today - 1)

    def counting_ahead(self, cuts: np.ndarray, days: int) -> np.ndarray:
        """How many of the `days` days after his cut-off are no days of leave for each learner, int (k,)."""
        columns = cuts[:, None] + np.arange(1, days + 1)
        counts = np.ones(columns.shape, bool)
        for row, begun, over in self.pauses:
            counts[row] &= (columns[row] < begun) | (columns[row] >= over)
        return counts.sum(axis=1)

    def enrolled_ahead(self, cuts: np.ndarray, days: int) -> np.ndarray:
        """On how many of the `days` days after his cut-off each learner is enrolled, int (k,).

        All of them for who never was: there is no end to be seen.
        """
        columns = cuts[:, None] + np.arange(1, days + 1)
        counts = np.zeros(columns.shape, bool)
        rows, begun, over = np.array(self.enrolled, int).reshape(-1, 3).T
        inside = (columns[rows] >= begun[:, None]) & (columns[rows] < over[:, None])
        np.logical_or.at(counts, rows, inside)
        ever = np.isin(np.arange(len(cuts)), rows)
        return np.where(ever, counts.sum(axis=1), days)

    def day(self, column: int) -> date:
        return self.first_day + timedelta(days=int(column))


def histories_of(
    learners: Collection[int],
    *,
    today: date,
    days: int,
    book: PolicyBook,
    read: Callable[[int], None] = lambda learners: None,
) -> HistoryTable:
    """The last `days` days of learners, today included (4 queries for every thousand learners).

    read   told of every thousand learners read
    """
    keys = sorted(set(learners))
    enrolled = [_enrolments(part, today) for part in _parts(keys)]
    if any(pauses for _, pauses, _ in enrolled):
        days += _SLACK_FOR_PAUSES
    first_day = today - timedelta(days=days - 1)
    volume, points, best = np.zeros((3, len(keys), days), np.float32)
    paused = np.zeros((len(keys), days), bool) if any(pauses for _, pauses, _ in enrolled) else None
    start, group = np.full(len(keys), _NEVER), np.full(len(keys), -1)
    end, closed = np.full(len(keys), _NEVER), np.full(len(keys), _NEVER)
    on_leave: list[tuple[int, int, int]] = []
    place = {key: row for row, key in enumerate(keys)}
    planned = _planned_ends([row for enrolments, *_ in enrolled for row in enrolments.values()])
    spans: list[tuple[int, int, int]] = []

    for part, (enrolments, pauses, times) in zip(_parts(keys), enrolled, strict=True):
        first_days = dict(
            DailyActivity.objects.filter(user__in=[key for key in part if key not in enrolments])
            .values("user")
            .annotate(first=Min("day"))
            .values_list("user", "first")
        )
        for key in part:
            row = place[key]
            if key in enrolments:
                cohort, begun, left = enrolments[key]
                start[row], group[row] = (begun - first_day).days, cohort
                if left is not None:
                    column = (left - first_day).days
                    end[row] = column
                    if (cohort, left) in planned:
                        closed[row] = column
            elif key in first_days:
                start[row] = (first_days[key] - first_day).days
        for key, begun, over in times:
            until = _NEVER if over is None else (over - first_day).days
            spans.append((place[key], (begun - first_day).days, until))
        for key, *span in pauses:
            begun, over = ((day - first_day).days for day in span)
            on_leave.append((place[key], begun, over))
            paused[place[key], max(begun, 0) : max(over, 0)] = True
        rows = (
            DailyActivity.objects.filter(user__in=part)
            .within_days(first_day, today + timedelta(days=1))
            .per_day(book)
            .values_list("user", "day", "points", "best", "count")
        )
        # A day with two policies is two rows; the newer one's points stand, as in the index; counts add up.
        for user, day, units, top, count in rows.order_by("policy_version").iterator(chunk_size=10_000):
            at = place[user], (day - first_day).days
            points[at], best[at] = units / POINT_UNITS, top / POINT_UNITS
            volume[at] += count
        read(len(part))
    active = points >= ACTIVE_DAY_POINTS
    histories = Histories(active, volume, points, best, start, end, closed, group, paused)
    return HistoryTable(keys, histories, first_day, on_leave, spans)


def _parts(keys: Sequence[int]) -> list[Sequence[int]]:
    return [keys[at : at + _LEARNERS_AT_ONCE] for at in range(0, len(keys), _LEARNERS_AT_ONCE)]


def _enrolments(learners: Sequence[int], today: date):
    """The enrolment that tells the tenure of each learner (cohort, start, end), its pauses, and all enrolments.

    The first is the earliest that runs today, else the latest that ran before, as in engagement.selectors.tenures_of
    (2 queries).
    """
    found: dict[int, tuple] = {}
    running: set[int] = set()
    times: list[tuple[int, date, date | None]] = []
    rows = Enrolment.objects.filter(learner__in=learners, start__lte=today + timedelta(days=AHEAD_DAYS))
    for pk, learner, cohort, start, end in rows.order_by("start", "pk").values_list(
        "pk", "learner", "cohort", "start", "end"
    ):
        times.append((learner, start, end))
        if start > today:
            continue
        if learner not in running:
            found[learner] = pk, cohort, start, end
        if end is None or end > today:
            running.add(learner)
    of = {pk: learner for learner, (pk, *_) in found.items()}
    pauses = [
        (of[enrolment], start, end)
        for enrolment, start, end in Pause.objects.filter(enrolment__in=of).values_list("enrolment", "start", "end")
    ]
    return {learner: row for learner, (_, *row) in found.items()}, pauses, times


def _planned_ends(rows: Collection[Sequence]) -> set[tuple[int, date]]:
    """(cohort, end) that half of a cohort's learners share: the block's end, not somebody's leaving."""
    sizes = Counter(cohort for cohort, _, _ in rows)
    ends = Counter((cohort, end) for cohort, _, end in rows if end is not None)
    return {(cohort, end) for (cohort, end), shared in ends.items() if shared > 1 and 2 * shared >= sizes[cohort]}

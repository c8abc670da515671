"""Who is still at work, released week by week: told once, and told anew only where ten learners changed alike."""

import zlib
from collections.abc import Callable
from datetime import date, datetime, timedelta

import msgspec
import numpy as np
from django.db import transaction

from accounts.calendar import local_day
from accounts.models import Cohort
from analytics.domain.learner_sets import members, packed
from analytics.domain.retention import Crowd, Part, Standing, State, figures_of, next_state, state_of
from analytics.domain.stats import ALL
from analytics.models import Count, CountedDay, RetentionCount, RetentionRelease
from analytics.rollups.basis import Basis, read_basis
from analytics.rollups.changes import progress_row
from analytics.rollups.spans import WEEK_DAYS, Span, week_of

# What comes later than that joins only with nine others.
SETTLES = timedelta(days=WEEK_DAYS)
# A part: its crowds, its starts, who is in it, and who did anything in each of its crowds.
_Told = list[tuple[tuple[Crowd, ...], tuple[tuple[int, date], ...], bytes, tuple[bytes, ...]]]


def release_retention(*, now: datetime, heard: Callable[[], None] = lambda: None) -> list[date]:
    """Release the weeks that have been over for a week, oldest first, up to the first that is not counted; which."""
    progress, today = progress_row(), local_day(now)
    first = progress.retention_from or _first_week()
    due = CountedDay.objects.filter(due=True, sealed=False).order_by("day").values_list("day", flat=True).first()
    released: list[date] = []
    while first and first + timedelta(days=WEEK_DAYS) + SETTLES <= today and (due is None or first < week_of(due)):
        following = first + timedelta(days=WEEK_DAYS)
        with transaction.atomic():
            release_week(first, read_basis(), now)
            here = type(progress).objects.filter(pk=progress.pk, retention_from=progress.retention_from)
            if not here.update(retention_from=following):
                # An earlier week was found to be due meanwhile; the next run begins there.
                break
        released.append(first)
        progress.retention_from = first = following
        heard()
    return released


def _first_week() -> date | None:
    first = CountedDay.objects.order_by("day").values_list("day", flat=True).first()
    return first and week_of(first)


def is_released(monday: date) -> bool:
    return RetentionRelease.objects.filter(week=monday).exists()


def release_week(monday: date, basis: Basis, now: datetime) -> None:
    """Tell what may be told of a week as it is counted now, in the transaction of the caller (6 queries)."""
    told = releases_of(monday)
    state = standing_in(monday, basis)
    if told and (state := next_state(told, state)) == told[-1]:
        return
    RetentionRelease.objects.create(week=monday, number=len(told) + 1, released_at=now, state=_pack(state))
    store_figures(monday, state)


def store_figures(monday: date, state: State) -> None:
    """Write what is told of a week anew, as a whole, but of cohorts that are gone."""
    figures = figures_of(state)
    there = set(Cohort.objects.filter(pk__in={told.cohort for told in figures}).values_list("pk", flat=True))
    RetentionCount.objects.filter(week=monday).delete()
    RetentionCount.objects.bulk_create(
        RetentionCount(week=monday, cohort_id=told.cohort, start=told.start, enrolled=told.enrolled, active=told.active)
        for told in figures
        if told.cohort in there
    )


def standing_in(monday: date, basis: Basis) -> State:
    """A week as it is counted now (1 query)."""
    rows = Count.objects.filter(span=Span.WEEK, start=monday, by=ALL).values_list("crowd__key", "learners")
    active = {
        tuple(map(int, key.split(","))): frozenset(members(bytes(learners)).tolist()) for key, learners in rows if key
    }
    return state_of(monday, basis.enrolments, active)


def releases_of(monday: date) -> list[State]:
    """All that was told of a week, oldest first (1 query)."""
    rows = RetentionRelease.objects.filter(week=monday).order_by("number")
    return [_unpack(bytes(told)) for told in rows.values_list("state", flat=True)]


def _pack(state: State) -> bytes:
    parts: dict[Part, dict[int, tuple[bool, ...]]] = {}
    for learner, standings in state.items():
        for standing in standings:
            parts.setdefault(standing.part, {})[learner] = standing.active
    told: _Told = [
        (*part, _set(did), tuple(_set(one for one in did if did[one][place]) for place in range(len(part.crowds))))
        for part, did in sorted(parts.items())
    ]
    # Sets of a few among many keys are mostly zeros.
    return zlib.compress(msgspec.msgpack.encode(told), 1)


def _unpack(told: bytes) -> State:
    state: dict[int, list[Standing]] = {}
    for crowds, starts, learners, active in msgspec.msgpack.decode(zlib.decompress(told), type=_Told):
        part, sets = Part(crowds, starts), [frozenset(members(one).tolist()) for one in active]
        for learner in members(learners).tolist():
            state.setdefault(learner, []).append(Standing(part, tuple(learner in did for did in sets)))
    return {learner: tuple(standings) for learner, standings in state.items()}


def _set(learners) -> bytes:
    return packed(np.array(sorted(learners), dtype=np.int64))

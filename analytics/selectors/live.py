"""What is going on right now among the learners that a viewer may see: read from the interactions themselves.

Counting waits for nothing here: what is stored is shown. Every read goes along an index and has a bound, for the page
asks again every few seconds. "Now" is half an hour, after which a session has ended (interactions.domain.sessions).
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count, Max
from django.db.models.functions import TruncMinute

from accounts.calendar import local_day
from accounts.models import Cohort, User
from analytics.rollups.changes import LAG, key_of
from analytics.selectors.titles import titled
from interactions.domain.attempts import ABANDON, COMPLETE, LONGEST, OPEN, START, attempts_of, seen
from interactions.domain.sessions import GAP_SECONDS
from interactions.models import UserInteractionTrackingModel
from interactions.querysets import InteractionQuerySet

MINUTES = GAP_SECONDS // 60
NOW_LASTS = timedelta(minutes=MINUTES)
# More than this in half an hour is a minute's crowd of tens of thousands; then fewer minutes are shown.
MOST_COUNTED = 100_000
MOST_LAST = 15
MOST_AT_WORK = 500
# Later than this after it happened is not just a slow network.
LATE = timedelta(minutes=2)
_SEEN = ("id", "interaction_type", "occurred_at", "told_at", "start_time", "end_time", "time_spent_seconds")


@dataclass(frozen=True, slots=True)
class Minute:
    """How many interactions happened in the minute that begins at `start`."""

    start: datetime
    interactions: int


@dataclass(frozen=True, slots=True)
class AtWork:
    """A learner in a case: its start has no end yet, and he was seen in it within the last half hour.

    since     when he started it
    last_at   when he was last seen in it
    """

    learner: User
    case_id: str
    case_title: str
    since: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    """An interaction as it came in. is_late: a while after it happened, or after its span had ended."""

    row: UserInteractionTrackingModel

    @property
    def is_late(self) -> bool:
        row = self.row
        return row.received_at - seen(*(getattr(row, name) for name in _SEEN), row.received_at).until > LATE


@dataclass(frozen=True, slots=True)
class LiveView:
    """minutes   the last ones in order of time, the running one last; fewer where there is very much
    learners     who did anything in these minutes
    at_work      who is in a case, seen last first
    is_cut       more learners were active than are looked at: some in a case may be missing
    last         what arrived last, newest first, of what happened within a day
    """

    minutes: tuple[Minute, ...]
    learners: int
    at_work: tuple[AtWork, ...]
    is_cut: bool
    last: tuple[Arrival, ...]

    @property
    def interactions(self) -> int:
        return sum(minute.interactions for minute in self.minutes)


def live_view(viewer: User, *, cohort: Cohort | None = None, now: datetime) -> LiveView:
    """What happens among the learners that `viewer` may see, or those of one cohort that is visible to him.

    6 queries.
    """
    theirs = _interactions_of(viewer, cohort, now)
    first = _first_minute(theirs, now)
    recent = theirs.within(first, None)
    signs = list(
        recent.values("user", "case_id")
        .annotate(last=Max("occurred_at"), title=Max("case_title"))
        .values_list("user", "case_id", "last", "title")
    )
    busy = sorted((sign for sign in signs if sign[1]), key=lambda sign: (sign[2], sign[0]), reverse=True)
    return LiveView(
        minutes=_minutes(recent, first, now),
        learners=len({user for user, *_ in signs}),
        at_work=_at_work(theirs, busy[:MOST_AT_WORK], now),
        is_cut=len(busy) > MOST_AT_WORK,
        last=_last(theirs, now),
    )


def _interactions_of(viewer: User, cohort: Cohort | None, now: datetime) -> InteractionQuerySet:
    rows = UserInteractionTrackingModel.objects.visible_to(viewer)
    if cohort is not None:
        return rows.filter(user__in=User.objects.enrolled_in(cohort, local_day(now)).values("pk"))
    # He may see his own too, but it is not his learners'.
    return rows if viewer.is_admin else rows.exclude(user=viewer)


def _first_minute(theirs: InteractionQuerySet, now: datetime) -> datetime:
    """From when on is read: the last half hour, or as many whole minutes as hold at most MOST_COUNTED."""
    running = now.replace(second=0, microsecond=0)
    first = running - NOW_LASTS + timedelta(minutes=1)
    beyond = theirs.within(first, None).order_by("-occurred_at").values_list("occurred_at", flat=True)
    for moment in beyond[MOST_COUNTED : MOST_COUNTED + 1]:
        return min(running, moment.replace(second=0, microsecond=0) + timedelta(minutes=1))
    return first


def _minutes(recent: InteractionQuerySet, first: datetime, now: datetime) -> tuple[Minute, ...]:
    told = recent.annotate(minute=TruncMinute("occurred_at", tzinfo=UTC)).values("minute")
    counts: dict[datetime, int] = {}
    running = now.replace(second=0, microsecond=0)
    for minute, number in told.annotate(number=Count("id")).values_list("minute", "number"):
        # A clock may run ahead of ours a little; what it told has happened already.
        counts[min(minute, running)] = counts.get(min(minute, running), 0) + number
    length = (running - first) // timedelta(minutes=1) + 1
    starts = [first + timedelta(minutes=step) for step in range(length)]
    return tuple(Minute(start, counts.get(start, 0)) for start in starts)


def _at_work(theirs: InteractionQuerySet, busy: Iterable[tuple], now: datetime) -> tuple[AtWork, ...]:
    """Of those seen with a case, who is in it, by the rule for attempts (interactions.domain.attempts)."""
    newest: dict[int, tuple[str, datetime, str]] = {}
    began = _open_since(theirs, {(user, case) for user, case, *_ in busy}, now)
    for user, case, last_at, title in busy:
        if (user, case) in began:
            newest.setdefault(user, (case, last_at, title))
    people: Mapping[int, User] = User.objects.in_bulk(newest)
    return tuple(
        AtWork(people[user], case, title or case, began[user, case], last_at)
        for user, (case, last_at, title) in newest.items()
    )


def _open_since(theirs: InteractionQuerySet, pairs: set[tuple[int, str]], now: datetime) -> dict[tuple, datetime]:
    """When each learner started the case that he has not ended, by learner and case."""
    rows = theirs.within(now - LONGEST, None).filter(
        user__in={user for user, _ in pairs},
        case_id__in={case for _, case in pairs},
        interaction_type__in=(START, COMPLETE, ABANDON),
    )
    found: dict[tuple, list] = {pair: [] for pair in pairs}
    for user, case, *columns in rows.values_list("user", "case_id", *_SEEN, "received_at"):
        if (user, case) in found:
            found[user, case].append(seen(*columns))
    newest = {pair: attempts_of(happened)[-1:] for pair, happened in found.items()}
    return {pair: last.started_at for pair, attempts in newest.items() for last in attempts if last.outcome == OPEN}


def _last(theirs: InteractionQuerySet, now: datetime) -> tuple[Arrival, ...]:
    """In the order of arrival, which is that of the keys: what was sent late is news too, unless a day old."""
    # Keys bear the machine's own time; `received_at` decides, the key only finds.
    oldest = key_of(datetime.fromtimestamp(time.time(), UTC) - NOW_LASTS - LAG)
    arrived = theirs.within(now - LONGEST, None).filter(received_at__gt=now - NOW_LASTS, id__gte=oldest)
    return tuple(map(Arrival, titled(arrived.select_related("user").order_by("-id")[:MOST_LAST])))

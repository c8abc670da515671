"""Which days are to be counted anew: those that received something, and those whose basis changed.

The order of receipt is that of the interactions' keys: they bear the time of storing, where `received_at` bears the
time of arrival, and a body replayed from the quarantine arrived weeks before it was stored.

Keys are made inside the transaction that stores them, so what is not visible yet was made after the oldest running
transaction began. The search begins anew from there, less LAG for clocks that differ between machines.
"""

import time
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Min, Q, QuerySet

from accounts.calendar import local_day
from analytics.models import Count, CountedDay, CountingProgress, KeptDays
from analytics.rollups.basis import Basis, read_basis, unpacked
from analytics.rollups.spans import week_of
from interactions.models import AttemptWalk, CaseAttempt, DailyActivity, UserInteractionTrackingModel

LAG = timedelta(seconds=60)
DAYS_AT_ONCE = 500
# Starts that were judged anew are looked for by reading all attempts, so not at every run.
JUDGED_EVERY = timedelta(minutes=10)


def progress_row(*, lock: bool = False) -> CountingProgress:
    CountingProgress.objects.get_or_create(pk=1)
    rows = CountingProgress.objects.select_for_update() if lock else CountingProgress.objects
    return rows.get(pk=1)


@transaction.atomic
def find_changes(*, now: datetime, everything: bool = False) -> datetime:
    """Mark the days that are to be counted anew; the moment up to which everything received is then looked at."""
    progress = progress_row(lock=True)
    age = _system_clock() - (settled := _settled())
    newest, basis = newest_interaction(), read_basis()
    if progress.time_zone not in ("", settings.MEDSIM_TIME_ZONE):
        progress.zone_changed = everything = True
    progress.time_zone = settings.MEDSIM_TIME_ZONE
    if everything or progress.settled is None:
        days = set(UserInteractionTrackingModel.objects.values_list("day", flat=True).distinct())
        # Days whose interactions are gone are counted to nothing.
        days |= set(CountedDay.objects.values_list("day", flat=True))
        levels_from = min(days, default=None)
        progress.judged, progress.judged_through = settled, _judged_through()
        progress.retention_from = None
        KeptDays.objects.all().delete()
    else:
        days = days_stored_since(progress.settled)
        late = stored_since(progress.settled).filter(day__lt=local_day(now))
        KeptDays.objects.filter(user__in=late.values("user")).delete()
        changed = _days_of_changed_basis(unpacked(bytes(progress.basis)), basis)
        days |= changed[0]
        levels_from = min([*days, *changed[1]], default=None)
        if changed[1] and progress.retention_from:
            progress.retention_from = min(progress.retention_from, week_of(min(changed[1])))
        if progress.judged is None or settled - progress.judged >= JUDGED_EVERY:
            through = _judged_through()
            days |= days_judged_since(progress)
            progress.judged, progress.judged_through = settled, through
    mark_due(days)
    progress.settled, progress.basis, progress.newest = settled, basis.packed(), newest
    progress.levels_from = min((day for day in (levels_from, progress.levels_from) if day), default=None)
    progress.save()
    return now - age


def mark_due(days: Iterable[date]) -> None:
    """Have these days counted anew by the next run. For whoever deletes facts, too."""
    days = sorted(set(days))
    for start in range(0, len(days), DAYS_AT_ONCE):
        part = days[start : start + DAYS_AT_ONCE]
        CountedDay.objects.bulk_create([CountedDay(day=day) for day in part], ignore_conflicts=True)
        CountedDay.objects.filter(day__in=part, sealed=False).update(due=True)


def newest_interaction() -> UUID | None:
    return UserInteractionTrackingModel.objects.order_by("-id").values_list("id", flat=True).first()


def days_stored_since(moment: datetime) -> set[date]:
    """The days of interactions that were stored at `moment` (the system's clock) or later."""
    return set(stored_since(moment).values_list("day", flat=True).distinct())


def late_since(moment: datetime, today: date) -> dict[int, date]:
    """Learners for whom something was stored since a moment that happened before today; the first of these days."""
    late = stored_since(moment).filter(day__lt=today).values("user").annotate(first=Min("day"))
    return dict(late.values_list("user", "first"))


def stored_since(moment: datetime) -> QuerySet:
    return UserInteractionTrackingModel.objects.filter(id__gte=key_of(moment))


def key_of(moment: datetime) -> UUID:
    """The first key that may be made at a moment: its first 48 bits are the milliseconds."""
    return UUID(int=max(0, int(moment.timestamp() * 1000)) << 80)


def _judged_through() -> UUID | None:
    return AttemptWalk.objects.values_list("through", flat=True).first()


def days_judged_since(progress: CountingProgress) -> set[date]:
    """The days of starts of which something else became since then, and of their ends: not after a new rule, which

    wants `--all`.
    """
    moment, first = progress.judged, progress.judged_through or UUID(int=0)
    changed = Q(ended_by__gte=first) | Q(start__gte=first) | Q(stage_by__gte=first)
    if moment is not None:
        changed |= Q(inferred_at__gte=moment) | Q(undone_at__gte=moment)
    spans = CaseAttempt.objects.filter(changed).values_list("started_at", "ended_at")
    return {local_day(moment) for span in spans for moment in span if moment}


def _days_of_changed_basis(before: Basis, after: Basis) -> tuple[set[date], set[date]]:
    """Days to count anew, and days from which on levels may differ."""
    enrolments, pauses = before.enrolments ^ after.enrolments, before.pauses ^ after.pauses
    days = _days_of_enrolments(enrolments) if enrolments else set()
    cases = {case for case, _ in before.cases.items() ^ after.cases.items()}
    if cases:
        known = Count.objects.filter(span=Count.Span.DAY, by="case", name__in=cases)
        days |= set(known.values_list("start", flat=True).distinct())
    starts = {start for _, _, start, _ in enrolments} | {start for _, start, _ in pauses}
    return days, {max(start, _first_level_week()) for start in starts} if starts else set()


def _first_level_week() -> date:
    """No level is counted before the first day on which anything happened."""
    return CountedDay.objects.order_by("day").values_list("day", flat=True).first() or date.max


def _days_of_enrolments(changed: Collection[tuple]) -> set[date]:
    """The days on which these learners did something while the changed enrolments ran."""
    spans: dict[int, list[tuple[date, date]]] = {}
    for learner, _, start, end in changed:
        spans.setdefault(learner, []).append((start, end or date.max))
    first = min(start for _, _, start, _ in changed)
    learners, found = sorted(spans), set()
    for position in range(0, len(learners), DAYS_AT_ONCE):
        part = learners[position : position + DAYS_AT_ONCE]
        done = DailyActivity.objects.filter(user__in=part, day__gte=first).values_list("user", "day").distinct()
        found |= {day for learner, day in done if any(start <= day < end for start, end in spans[learner])}
    return found


def _settled() -> datetime:
    """The system's clock as of which every key that exists is visible to a statement that begins now."""
    if connection.vendor != "postgresql":
        # This transaction holds the one write lock: nobody else is in the midst of storing.
        return _system_clock() - LAG
    with connection.cursor() as cursor:
        # Prepared and foreign transactions are not ours; those of other roles hide their start and are short.
        # Autovacuum stores no rows, and takes hours on a large table.
        cursor.execute(
            "SELECT least(clock_timestamp(), min(xact_start)) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type <> 'autovacuum worker'"
        )
        return cursor.fetchone()[0].astimezone(UTC) - LAG


def _system_clock() -> datetime:
    # Not timezone.now(): keys are made by this clock, whatever a test tells Django.
    return datetime.fromtimestamp(time.time(), UTC)

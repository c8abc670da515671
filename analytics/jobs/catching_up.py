"""Counting what little is new before it is read: a small installation is right at once, and without a worker."""

from datetime import datetime, timedelta

from django.db.models import Q, Sum

from analytics.jobs.running import run_alone
from analytics.models import CountedDay, CountingProgress
from analytics.rollups.changes import newest_interaction, stored_since
from analytics.rollups.counting import count_changes
from interactions.models import UserInteractionTrackingModel

COUNTING = "count_days"
# What a reader waits for: new interactions, and all of the days they lie in. More is the worker's.
MOST_NEW, MOST_IN_DAYS = 2_000, 10_000
OLD = timedelta(minutes=5)


def catch_up(*, now: datetime) -> None:
    """Count what is new, where it is little (2 queries where nothing is)."""
    progress = CountingProgress.objects.defer("basis").first()
    is_old = progress is None or progress.complete_through is None or now - progress.complete_through > OLD
    if not is_old and progress.newest == newest_interaction():
        return
    if _is_little(progress):
        run_alone(COUNTING, lambda: count_changes(now=now))


def _is_little(progress: CountingProgress | None) -> bool:
    if progress is None or progress.settled is None:
        new = UserInteractionTrackingModel.objects.all()
    else:
        new = stored_since(progress.settled)
    days = list(new.values_list("day", flat=True)[: MOST_NEW + 1])
    # What was left due is counted along: all days are after a new statistic, and that is the worker's.
    waiting = Q(day__in=set(days)) | Q(due=True, sealed=False)
    counted = CountedDay.objects.filter(waiting).aggregate(all=Sum("interactions", default=0))
    return len(days) <= MOST_NEW and counted["all"] <= MOST_IN_DAYS

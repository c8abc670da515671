"""How everybody stands, judged by the clock, for those who see more learners than one page can judge."""

from collections.abc import Callable, Sequence
from datetime import datetime

from accounts.calendar import local_day
from accounts.models import Enrolment
from analytics.models import CountingProgress, KeptStanding
from analytics.rollups.changes import progress_row
from analytics.rollups.kept_days import days_of
from engagement.selectors import tenures_of
from engagement.standing import Standing, score_of
from engagement.standing_of_many import standings_of_many
from interactions.policies import policy_book

AT_ONCE = 500
_TOLD = ("points", "score", "score_before", "level", "level_before", "kind", "active", "active_before", "last_at")


def keep_standings(*, now: datetime, heard: Callable[[], None] = lambda: None) -> int:
    """Judge all who are enrolled today and keep what changed; how many these are.

    heard   told after each block of them
    """
    current = Enrolment.objects.current(local_day(now)).values("learner")
    learners = list(current.order_by("learner").values_list("learner", flat=True).distinct())
    for start in range(0, len(learners), AT_ONCE):
        _keep(learners[start : start + AT_ONCE], now)
        heard()
    KeptStanding.objects.exclude(user__in=current).delete()
    progress_row()
    # Not by saving the row, which the counting house may be at.
    CountingProgress.objects.update(standings_at=now)
    return len(learners)


def standings_at() -> datetime | None:
    """The moment as of which everybody was judged; None: never (1 query)."""
    return CountingProgress.objects.values_list("standings_at", flat=True).first()


def _keep(learners: Sequence[int], now: datetime) -> None:
    today, book = local_day(now), policy_book()
    tenures = tenures_of(learners, today)
    days = days_of(tenures, today=today, book=book)
    standings = standings_of_many(days.grid, list(tenures.values()), days.case_ends, today, book)
    rows = [
        _kept(learner, standing, last_at)
        for learner, standing, last_at in zip(tenures, standings, days.last_at, strict=True)
    ]
    # Of most nothing changed since minutes ago, and a row written anew is a row to be cleared away.
    known = {key: told for key, *told in KeptStanding.objects.filter(user__among=learners).values_list("user", *_TOLD)}
    KeptStanding.objects.bulk_create(
        [row for row in rows if known.get(row.user_id) != [getattr(row, name) for name in _TOLD]],
        update_conflicts=True,
        unique_fields=["user"],
        update_fields=_TOLD,
    )


def _kept(learner: int, standing: Standing, last_at: datetime | None) -> KeptStanding:
    return KeptStanding(
        user_id=learner,
        points=standing.points,
        score=standing.score,
        score_before=score_of(standing.before),
        level=standing.level or "",
        level_before=standing.level_before or "",
        kind=standing.kind,
        active=standing.was_active,
        active_before=standing.weeks.active_days[-5] > 0,
        last_at=last_at,
    )

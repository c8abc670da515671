"""One learner, read for his page: the API's own analytics, his standing, his past behind it, his cases."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Min, Q, Sum

from accounts.calendar import local_day
from accounts.models import Cohort, Enrolment, User
from analytics.selectors.standing import Standing, standings_of
from engagement.analytics import EngagementAnalytics, engagement_analytics
from engagement.domain.buckets import day_starts, first_day_of
from interactions.domain.scoring import POINT_UNITS
from interactions.models import Case, DailyActivity, UserInteractionTrackingModel
from interactions.policies import policy_book
from interactions.windows import Window

# A bar should be wide enough to point at: up to a month by day, up to three years by week.
LONGEST_BY_DAY, LONGEST_BY_WEEK = 31, 3 * 366
MOST_CASES = 50


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one case in the window. best: the highest score of a completion, 0-100, or None."""

    case_id: str
    title: str
    starts: int
    completions: int
    abandonments: int
    best: float | None
    interactions: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class LearnerOverview:
    """analytics           what the API answers for the same window
    standing            as in the cohort's table
    points_before       base points of the window before, one per bucket of the series; None before an open start
    cases               newest first, at most MOST_CASES
    last_seen           the newest interaction ever, None without any
    """

    analytics: EngagementAnalytics
    standing: Standing
    points_before: list[float] | None
    cases: list[CaseResult]
    last_seen: datetime | None


def learner_overview(learner: User, *, window: Window, now: datetime) -> LearnerOverview:
    """A learner in a window that ends now (at most 10 queries and those of `policy_book`)."""
    first_day = window.first_day or _first_day(learner) or local_day(now)
    granularity = granularity_for((window.last_day - first_day).days + 1)
    analytics = engagement_analytics(learner, window=window, granularity=granularity, now=now)
    [standing] = standings_of([analytics.record], analytics.last_day, policy_book())
    return LearnerOverview(
        analytics=analytics,
        standing=standing,
        points_before=_points_before(learner, window, analytics),
        cases=_cases(learner, window),
        last_seen=max((day.last_at for day in analytics.record.days.values()), default=None),
    )


def granularity_for(days: int) -> str:
    """The width of a bar for a series of so many days."""
    return "day" if days <= LONGEST_BY_DAY else "week" if days <= LONGEST_BY_WEEK else "month"


def cohorts_of(learner: User, *, viewer: User, today: date) -> list[Cohort]:
    """The cohorts the learner is in today, as far as `viewer` may see them (1 query)."""
    enrolments = Enrolment.objects.current(today).filter(learner=learner)
    return list(Cohort.objects.visible_to(viewer).filter(pk__in=enrolments.values("cohort")).order_by("name", "pk"))


def _first_day(learner: User) -> date | None:
    return DailyActivity.objects.filter(user=learner).aggregate(first=Min("day"))["first"]


def _points_before(learner: User, window: Window, analytics: EngagementAnalytics) -> list[float] | None:
    """Each day of the window before moved forward by the window's length, into the bucket it then falls in."""
    previous = window.previous
    if previous is None:
        return None
    step = window.first_day - previous.first_day
    rows = (
        DailyActivity.objects.filter(user=learner)
        .within_days(previous.first_day, window.first_day)
        .values_list("day")
        .annotate(units=Sum("base_units"))
    )
    sums: dict[date, int] = {}
    for day, units in rows:
        start = first_day_of(day + step, analytics.granularity)
        sums[start] = sums.get(start, 0) + units
    starts = day_starts(window.first_day, analytics.last_day, analytics.granularity)
    return [sums.get(start, 0) / POINT_UNITS for start in starts]


def _cases(learner: User, window: Window) -> list[CaseResult]:
    completed = Q(interaction_type="case_complete")
    window = window.in_whole_days()
    rows = list(
        UserInteractionTrackingModel.objects.filter(user=learner)
        .within(window.start, window.end)
        .exclude(case_id="")
        .values("case_id")
        .annotate(
            starts=Count("pk", filter=Q(interaction_type="case_start")),
            completions=Count("pk", filter=completed),
            abandonments=Count("pk", filter=Q(interaction_type="case_abandon")),
            best=Max("performance", filter=completed),
            interactions=Count("pk"),
            last_at=Max("occurred_at"),
        )
        .order_by("-last_at", "case_id")[:MOST_CASES]
    )
    titles = dict(Case.objects.filter(case_id__in=[row["case_id"] for row in rows]).values_list("case_id", "title"))
    return [CaseResult(title=titles.get(row["case_id"]) or row["case_id"], **row) for row in rows]

"""One learner, read for his page: the API's own analytics, his standing, his past behind it, his cases."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Q

from accounts.calendar import local_day
from accounts.models import Cohort, Enrolment, User
from analytics.selectors.steps import Step, daily_sums, days_per_step, first_of_steps, steps_of
from engagement.analytics import EngagementAnalytics
from engagement.clearing import Clearing
from engagement.domain.attention import Attention
from engagement.domain.tenure import Tenure
from engagement.insights import LearningInsights
from engagement.services import EngagementPatternService
from engagement.standing import Standing
from interactions.models import Case, CaseAttempt, UserInteractionTrackingModel
from interactions.windows import Window

MOST_CASES = 50


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one case in the window.

    abandonments           declared
    inferred_abandonments  starts without an end, and no sign of the learner since `silent_since`
    best                   the highest score of a completion, 0-100, or None
    """

    case_id: str
    title: str
    starts: int
    completions: int
    abandonments: int
    inferred_abandonments: int
    silent_since: datetime | None
    best: float | None
    interactions: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Before:
    """The window before, as far as it can be compared with.

    days     of the window
    paused   of them on a pause
    outside  of them before the enrolment
    """

    days: int
    paused: int
    outside: int

    @property
    def counts(self) -> bool:
        """Whether a day of it counted at all."""
        return self.paused + self.outside < self.days


@dataclass(frozen=True, slots=True)
class LearnerOverview:
    """insights            what the API answers for the same window
    steps               the bars; the first may begin before the window, so that it is a whole one
    step_days           days of each
    points_before       base points of as many steps just before; None where there is nothing to compare with
    before              what the window before was; None before an open start
    cases               newest first, at most MOST_CASES
    last_seen           the newest interaction ever, None without any
    """

    insights: LearningInsights
    steps: list[Step]
    step_days: int
    points_before: list[float] | None
    before: Before | None
    cases: list[CaseResult]
    last_seen: datetime | None

    @property
    def analytics(self) -> EngagementAnalytics:
        return self.insights.analytics

    @property
    def standing(self) -> Standing:
        """As in the cohort's table."""
        return self.insights.standing

    @property
    def clearings(self) -> list[tuple[Attention, Clearing | None]]:
        """Each reason of the standing, and what would clear it."""
        return [(factor.reason, factor.clearing) for factor in self.insights.risk_factors]


def learner_overview(learner: User, *, window: Window, now: datetime) -> LearnerOverview:
    """A learner in a window that ends now (at most 25 queries and those of `policy_book`)."""
    insights = EngagementPatternService.generate_learning_insights(learner, window=window, now=now)
    analytics = insights.analytics
    first, last, tenure = local_day(analytics.series[0].start), analytics.last_day, analytics.record.tenure
    width = days_per_step((last - first).days + 1)
    start = first_of_steps(first, last, width)
    length = last + timedelta(days=1) - start
    sums = daily_sums(learner, start - length, last)
    before = None if window.previous is None else _before(window.previous, tenure)
    return LearnerOverview(
        insights=insights,
        steps=steps_of(sums, start, last, width),
        step_days=width,
        points_before=[step.points for step in steps_of(sums, start - length, start - timedelta(days=1), width)]
        if before and before.counts
        else None,
        before=before,
        cases=_cases(learner, window),
        last_seen=max((day.last_at for day in analytics.record.days.values()), default=None),
    )


def _before(window: Window, tenure: Tenure) -> Before:
    length = (window.last_day - window.first_day).days + 1
    days = [window.first_day + timedelta(days=age) for age in range(length)]
    counted = [day for day in days if tenure.start is not None and day >= tenure.start]
    return Before(length, sum(tenure.is_paused(day) for day in counted), length - len(counted))


def cohorts_of(learner: User, *, viewer: User, today: date) -> list[Cohort]:
    """The cohorts the learner is in today, as far as `viewer` may see them (1 query)."""
    enrolments = Enrolment.objects.current(today).filter(learner=learner)
    return list(Cohort.objects.visible_to(viewer).filter(pk__in=enrolments.values("cohort")).order_by("name", "pk"))


def has_worked(learner: User) -> bool:
    """Whether anything was ever recorded for this account (1 query)."""
    return UserInteractionTrackingModel.objects.filter(user=learner).exists()


def _cases(learner: User, window: Window) -> list[CaseResult]:
    completed = Q(interaction_type="case_complete")
    window = window.in_whole_days()
    rows = list(
        UserInteractionTrackingModel.objects.filter(user=learner)
        .within(window.start, window.until)
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
    shown = [row["case_id"] for row in rows]
    titles = dict(Case.objects.filter(case_id__in=shown).values_list("case_id", "title"))
    left = {
        case: {"inferred_abandonments": number, "silent_since": since}
        for case, number, since in CaseAttempt.objects.filter(user=learner, case_id__in=shown)
        .started_within(window.start, window.until)
        .standing()
        .values_list("case_id")
        .annotate(number=Count("pk"), since=Max("last_seen_at"))
    }
    not_left = {"inferred_abandonments": 0, "silent_since": None}
    return [
        CaseResult(title=titles.get(row["case_id"]) or row["case_id"], **row, **left.get(row["case_id"], not_left))
        for row in rows
    ]

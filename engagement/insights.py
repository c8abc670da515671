"""A learner's insights: where he stands, what goes well, what asks for somebody and what would clear it, what next.

Everything is what another read says already, put together: the summary is the analytics' own, the status and its
points are those of the cohort's table and of the learner's page (engagement.standing).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import User
from engagement.analytics import EngagementAnalytics, engagement_analytics
from engagement.clearing import Clearing, clearings_of, days_to_next_level
from engagement.domain.attention import RHYTHM_DAYS, Attention
from engagement.domain.elo import LEAST_IN_SPECIALTY
from engagement.domain.insights import Insight, Known, limits_of, opportunities_of, strengths_of
from engagement.domain.insufficient import Insufficient
from engagement.patterns import EngagementPatterns, engagement_patterns
from engagement.recommendations import Recommendations, recommendations
from engagement.standing import Standing, standings_of
from interactions.domain.attempts import ABANDON, COMPLETE
from interactions.policies import PolicyBook, policy_book
from interactions.windows import Window


@dataclass(frozen=True, slots=True)
class RiskFactor:
    """A reason with its points, and the smallest change that would clear it (None: none was found)."""

    reason: Attention
    clearing: Clearing | None


@dataclass(frozen=True, slots=True)
class LearningInsights:
    """as_of           the day on which the learner stands so: the window's last, or today
    analytics       the summary's figures
    standing        status and points, as in the cohort's table on that day
    risk_factors    their points add up to `standing.points`
    recommended     as of now, whatever the window
    limits          what the data cannot say
    """

    learner: User
    window: Window
    as_of: date
    complete_through: datetime
    policy_version: str
    analytics: EngagementAnalytics
    standing: Standing
    risk_factors: Sequence[RiskFactor]
    strengths: Sequence[Insight]
    opportunities: Sequence[Insight]
    patterns: EngagementPatterns
    recommended: Recommendations
    limits: Sequence[Insight]


def learning_insights(learner: User, *, window: Window, now: datetime) -> LearningInsights:
    """The insights of a learner in a window cut to whole days (at most 21 queries, whatever the window holds)."""
    book = policy_book()
    analytics = engagement_analytics(learner, window=window, granularity="day", now=now)
    [standing] = standings_of([analytics.record], analytics.as_of, book)
    patterns = engagement_patterns(learner, window=window, now=now, record=analytics.record)
    recommended = recommendations(learner, window=window, now=now)
    known = _known(analytics, standing, patterns, recommended, now, book)
    return LearningInsights(
        learner=learner,
        window=analytics.window,
        as_of=analytics.as_of,
        complete_through=now,
        policy_version=analytics.policy_version,
        analytics=analytics,
        standing=standing,
        risk_factors=[
            RiskFactor(reason, clearing)
            for reason, clearing in clearings_of(analytics.record, standing, now=now, book=book)
        ],
        strengths=strengths_of(known),
        opportunities=opportunities_of(known),
        patterns=patterns,
        recommended=recommended,
        limits=limits_of(known),
    )


def _known(
    analytics: EngagementAnalytics,
    standing: Standing,
    patterns: EngagementPatterns,
    recommended: Recommendations,
    now: datetime,
    book: PolicyBook,
) -> Known:
    index, totals, record = analytics.index, analytics.totals, analytics.record
    active = set(record.active_days(analytics.as_of))
    counting = record.tenure.counting_days(analytics.as_of, RHYTHM_DAYS)
    return Known(
        parts=None
        if isinstance(index, Insufficient)
        else {"activity": index.activity, "regularity": index.regularity, "depth": index.depth},
        change=standing.change,
        current_streak=analytics.streak.current,
        longest_streak=analytics.streak.longest,
        ages=tuple(age for age, day in enumerate(counting) if day in active),
        findings={pattern.kind: pattern.outcome for pattern in patterns.patterns},
        mastery=recommended.mastery,
        scored=recommended.scored,
        needed=LEAST_IN_SPECIALTY,
        completed=totals.by_type.get(COMPLETE, 0),
        abandoned=totals.by_type.get(ABANDON, 0),
        wall_seconds=totals.time_spent.wall_clock,
        unknown_seconds=totals.time_spent.unknown,
        untimed=totals.time_spent.untimed,
        interactions=totals.interactions,
        back=standing.back_since is not None,
        next_level=None if standing.is_paused else days_to_next_level(record, index, standing.today, now, book),
    )

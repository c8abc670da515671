"""The specification's facade over tracking and what it means for one learner."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.models import User
from engagement.analytics import EngagementAnalytics, engagement_analytics
from engagement.forecasts import LearnerForecast, forecast_of
from engagement.insights import LearningInsights, learning_insights
from engagement.patterns import EngagementPatterns, engagement_patterns
from engagement.peers import PeerComparison, peer_comparison
from engagement.recommendations import DEFAULT, Recommendations, recommendations
from interactions import services as writer
from interactions.windows import Window


class InteractionTrackingService:
    """Track interactions, and say what they add up to."""

    @staticmethod
    def track_interaction(*, sender: User, interaction: Any, now: datetime) -> writer.Outcome:
        """Record one interaction (see interactions.services)."""
        return writer.track_interaction(sender=sender, interaction=interaction, now=now)

    @staticmethod
    def track_bulk_interactions(*, sender: User, interactions: Sequence[Any], now: datetime) -> list[writer.Outcome]:
        """Record many interactions (see interactions.services)."""
        return writer.track_bulk_interactions(sender=sender, interactions=interactions, now=now)

    @staticmethod
    def get_user_engagement_analytics(
        learner: User, *, window: Window, granularity: str = "day", now: datetime
    ) -> EngagementAnalytics:
        """The learner's index, totals, series, sessions and streak in a window."""
        return engagement_analytics(learner, window=window, granularity=granularity, now=now)

    @staticmethod
    def generate_personalized_recommendations(
        learner: User, *, window: Window, limit: int = DEFAULT, now: datetime
    ) -> Recommendations:
        """Next cases and resources of the learner, best first, each with its figures."""
        return recommendations(learner, window=window, limit=limit, now=now)


class EngagementPatternService:
    """What a learner's ways are, and what they may come to."""

    @staticmethod
    def detect_engagement_patterns(learner: User, *, window: Window, now: datetime, **known: Any) -> EngagementPatterns:
        """Patterns and anomalies with their evidence (`known`: case_times, deadlines; see engagement.patterns)."""
        return engagement_patterns(learner, window=window, now=now, **known)

    @staticmethod
    def generate_learning_insights(learner: User, *, window: Window, now: datetime) -> LearningInsights:
        """Summary, strengths, risk factors with points and what clears them, opportunities, what next, limits."""
        return learning_insights(learner, window=window, now=now)

    @staticmethod
    def compare_with_peers(learner: User, *, window: Window, now: datetime) -> PeerComparison:
        """The learner's pace in bands among at least ten matched others."""
        return peer_comparison(learner, window=window, now=now)

    @staticmethod
    def predict_future_engagement(learner: User, *, horizon: int, now: datetime, **known: Any) -> LearnerForecast:
        """What the learner's next `horizon` days (7, 14 or 28) may bring (`known`: see engagement.forecasts)."""
        return forecast_of(learner, now=now, horizon=horizon, **known)

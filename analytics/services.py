"""The specification's facade over crowds of learners."""

from datetime import datetime

from accounts.models import Cohort, User
from analytics.jobs.catching_up import catch_up
from analytics.selectors.crowds import reports
from analytics.selectors.crowds.reports import CrowdEngagement, GlobalPatterns
from analytics.selectors.crowds.scope import scope_for
from interactions.windows import Window


class AnalyticsService:
    """What many learners do, from counts: no answer reads raw interactions, and none tells of fewer than ten."""

    @staticmethod
    def global_patterns(
        viewer: User,
        *,
        window: Window,
        specialty: str = "",
        difficulty: str = "",
        cohort: Cohort | None = None,
        now: datetime,
    ) -> GlobalPatterns:
        """Hours, weekdays, types, the funnel of cases, levels, retention.

        viewer   an admin reads everybody, an educator the learners of his own cohorts
        window   is widened to whole weeks
        cohort   one that is visible to the viewer
        """
        catch_up(now=now)
        scope = scope_for(viewer, cohort=cohort, specialty=specialty, difficulty=difficulty)
        return reports.global_patterns(scope, window=window)

    @staticmethod
    def engagement_analytics(
        viewer: User,
        *,
        window: Window,
        specialty: str = "",
        difficulty: str = "",
        cohort: Cohort | None = None,
        now: datetime,
    ) -> CrowdEngagement:
        """Totals, time, scores, levels by week, specialties and difficulties, and the weeks before."""
        catch_up(now=now)
        scope = scope_for(viewer, cohort=cohort, specialty=specialty, difficulty=difficulty)
        return reports.crowd_engagement(scope, window=window)

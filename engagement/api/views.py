"""Reads about one learner: window in, analytics out."""

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.selectors import visible_user
from engagement.api.answers import ENGAGEMENT_EXAMPLE, ENGAGEMENT_PROPERTIES, engagement_json
from engagement.domain.buckets import GRANULARITIES
from engagement.services import InteractionTrackingService
from interactions.api.problems import query_problem
from interactions.api.schema import WINDOW_PARAMETERS, reading
from interactions.api.windows import asked_window
from interactions.domain.fields import FieldError

# A series by the hour is read from single interactions and answered hour by hour.
LONGEST_BY_HOUR_DAYS = 366
_GRANULARITY = OpenApiParameter(
    "granularity",
    str,
    enum=GRANULARITIES,
    default="day",
    description=f"Steps of the series; hour for a range of {LONGEST_BY_HOUR_DAYS} days at most, so not for all.",
)


class EngagementView(APIView):
    """GET a learner's engagement in a window."""

    access = Access.LEARNER_SUBJECT

    @extend_schema(
        **reading(
            "A learner's engagement: index with parts, totals, series, sessions, streak",
            ENGAGEMENT_PROPERTIES,
            [*WINDOW_PARAMETERS, _GRANULARITY],
            operation_id="getEngagement",
            example=ENGAGEMENT_EXAMPLE,
        )
    )
    def get(self, request, user_id):
        learner = visible_user(request.user, user_id)
        now, query = timezone.now(), request.query_params
        window, granularity = asked_window(query, now, "granularity"), query.get("granularity") or "day"
        if granularity not in GRANULARITIES:
            detail = f"granularity is one of {', '.join(GRANULARITIES)}."
            raise query_problem([FieldError("/granularity", "unknown_granularity", detail)])
        if granularity == "hour" and (window.start is None or (window.end - window.start).days > LONGEST_BY_HOUR_DAYS):
            detail = f"By the hour a range has at most {LONGEST_BY_HOUR_DAYS} days."
            raise query_problem([FieldError("/granularity", "range_too_long", detail)])
        analytics = InteractionTrackingService.get_user_engagement_analytics(
            learner, window=window, granularity=granularity, now=now
        )
        return Response(engagement_json(analytics, settings.MEDSIM_TIME_ZONE))

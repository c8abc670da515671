"""GET a learner's patterns."""

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.selectors import visible_user
from engagement.api.pattern_answers import PATTERNS_EXAMPLE, PATTERNS_PROPERTIES, patterns_json
from engagement.services import EngagementPatternService
from interactions.api.schema import WINDOW_PARAMETERS, reading
from interactions.api.windows import asked_window


class PatternsView(APIView):
    """GET the patterns in what a learner did in a window."""

    access = Access.LEARNER_SUBJECT

    @extend_schema(
        **reading(
            "Patterns in a learner's work, each with its evidence",
            PATTERNS_PROPERTIES,
            WINDOW_PARAMETERS,
            operation_id="getPatterns",
            example=PATTERNS_EXAMPLE,
            description="One entry for every detector. Those of whole weeks look at the last 8 to 16 that end with the "
            "range, however short it is.",
        )
    )
    def get(self, request, user_id):
        learner = visible_user(request.user, user_id)
        now = timezone.now()
        window = asked_window(request.query_params, now)
        found = EngagementPatternService.detect_engagement_patterns(learner, window=window, now=now)
        return Response(patterns_json(found, settings.MEDSIM_TIME_ZONE, to_the_learner=learner == request.user))

"""GET a learner's insights."""

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.selectors import visible_user
from engagement.api.insight_answers import INSIGHT_EXAMPLE, INSIGHT_PROPERTIES, insights_json
from engagement.services import EngagementPatternService
from interactions.api.schema import WINDOW_PARAMETERS, reading
from interactions.api.windows import asked_window


class InsightsView(APIView):
    """GET where a learner stands, what asks for somebody, what goes well, what next, and what is not known."""

    access = Access.LEARNER_SUBJECT

    @extend_schema(
        **reading(
            "A learner's insights: summary, risk factors with points and what clears them, strengths, what next",
            INSIGHT_PROPERTIES,
            WINDOW_PARAMETERS,
            operation_id="getLearningInsights",
            example=INSIGHT_EXAMPLE,
            description="Status and points are those of `asOf`, the range's last day that has come, as on pages. "
            "They start a conversation and are no verdict. Recommendations are of now.",
        )
    )
    def get(self, request, user_id):
        learner = visible_user(request.user, user_id)
        now = timezone.now()
        window = asked_window(request.query_params, now)
        found = EngagementPatternService.generate_learning_insights(learner, window=window, now=now)
        return Response(insights_json(found, settings.MEDSIM_TIME_ZONE, to_the_learner=learner == request.user))

"""GET what the next days of a learner may bring."""

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.selectors import visible_user
from engagement.api.prediction_answers import PREDICTION_EXAMPLE, PREDICTION_PROPERTIES, prediction_json
from engagement.services import EngagementPatternService
from interactions.api.problems import query_problem, refuse_unknown
from interactions.api.schema import reading
from interactions.domain.fields import FieldError

HORIZONS = {"7d": 7, "14d": 14, "28d": 28}
DEFAULT = "14d"


class PredictionView(APIView):
    """GET a forecast of a learner's next 7, 14 or 28 days."""

    access = Access.LEARNER_SUBJECT

    @extend_schema(
        **reading(
            "What the next days of a learner may bring: active days, volume, index, risk of silence, scores",
            PREDICTION_PROPERTIES,
            [OpenApiParameter("horizon", str, enum=list(HORIZONS), default=DEFAULT)],
            operation_id="getPrediction",
            example=PREDICTION_EXAMPLE,
            description="`timeRange` is the days forecast. A forecast starts a conversation; it is no verdict.",
        )
    )
    def get(self, request, user_id):
        learner = visible_user(request.user, user_id)
        query = request.query_params
        refuse_unknown(query, {"horizon"})
        horizon = query.get("horizon") or DEFAULT
        if horizon not in HORIZONS:
            detail = f"horizon is one of {', '.join(HORIZONS)}."
            raise query_problem([FieldError("/horizon", "unknown_horizon", detail)])
        answer = EngagementPatternService.predict_future_engagement(
            learner, horizon=HORIZONS[horizon], now=timezone.now()
        )
        return Response(prediction_json(answer, settings.MEDSIM_TIME_ZONE))

"""GET how a learner's pace compares with matched peers; PUT whether he takes part at all."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.api.openapi import JSON, answer, closed, or_insufficient, problems
from accounts.selectors import visible_user
from engagement.api.answers import insufficient_json
from engagement.domain.insufficient import Insufficient
from engagement.domain.peers import BANDS
from engagement.peers import COHORT, MEASURES, TENURE, PeerComparison, set_peer_comparison
from engagement.services import EngagementPatternService
from interactions.api.answers import instant, window_json
from interactions.api.problems import Problem, as_json
from interactions.api.schema import USER_ID, WINDOW_PARAMETERS, reading
from interactions.api.windows import asked_window
from interactions.domain.fields import FieldError

TAKES_PART = "takesPart"
_NUMBER = {"type": "number", "minimum": 0}
_MEASURES = {
    "type": "array",
    "items": closed(
        {
            "name": {"type": "string", "enum": list(MEASURES)},
            "perWeek": _NUMBER,
            "previousPerWeek": {"type": ["number", "null"], "description": "The learner's own, in the window before."},
            "band": {
                "type": ["string", "null"],
                "enum": [*BANDS, None],
                "description": "Thirds below 20 others, else quarters; null where all others are alike to a quarter.",
            },
        }
    ),
}
PROPERTIES = {
    TAKES_PART: {"type": "boolean", "description": "False: the learner wants no comparison."},
    "othersAtLeast": {"type": ["integer", "null"], "minimum": 10, "description": "Rounded down to fives."},
    "matchedOn": {"type": "array", "items": {"type": "string", "enum": [COHORT, TENURE]}},
    "measures": {**or_insufficient(_MEASURES), "description": "null for a learner who takes no part."},
}
PROPERTIES["measures"]["oneOf"].append({"type": "null"})
EXAMPLE = {
    TAKES_PART: True,
    "othersAtLeast": 25,
    "matchedOn": ["cohort", "tenure"],
    "measures": [
        {"name": "activeDays", "perWeek": 3.27, "previousPerWeek": 2.8, "band": "third_quarter"},
        {"name": "interactions", "perWeek": 41.07, "previousPerWeek": 38.5, "band": "second_quarter"},
        {"name": "activeMinutes", "perWeek": 0.0, "previousPerWeek": 0.0, "band": None},
        {"name": "casesCompleted", "perWeek": 2.33, "previousPerWeek": 2.1, "band": "third_quarter"},
    ],
}
_CHOICE = closed({TAKES_PART: {"type": "boolean"}})
_CHOSEN = closed({"userId": {"type": "string"}, TAKES_PART: {"type": "boolean"}})
_NO_CHOICE = FieldError(f"/{TAKES_PART}", "required", "Say true or false, and nothing else.")
_INVALID = "The choice cannot be read: see errors."
_NOT_YOURS = "Only the learner decides whether to take part."


class PeersView(APIView):
    """GET a learner's pace among matched peers, PUT his choice."""

    access = Access.LEARNER_SUBJECT

    @extend_schema(
        **reading(
            "A learner's pace in bands among at least ten matched peers",
            PROPERTIES,
            WINDOW_PARAMETERS,
            operation_id="getPeers",
            example=EXAMPLE,
            description="Only whole weeks count, as many as the range has, up to the last that is over; a range that "
            "does not reach it is not answered. No ranks, no names, no figures of others.",
        )
    )
    def get(self, request, user_id):
        learner = visible_user(request.user, user_id)
        now = timezone.now()
        window = asked_window(request.query_params, now)
        found = EngagementPatternService.compare_with_peers(learner, window=window, now=now)
        return Response(peers_json(found, settings.MEDSIM_TIME_ZONE))

    @extend_schema(
        operation_id="setPeers",
        tags=["reading"],
        summary="Take part in peer comparison, or not",
        description="A learner's own choice. Without: he sees no comparison, and is in nobody else's from Monday on.",
        parameters=[USER_ID],
        request={JSON: _CHOICE},
        responses={
            **answer(200, _CHOSEN, {"userId": "lena", TAKES_PART: False}),
            **problems(
                (400, "invalid", _INVALID, as_json([_NO_CHOICE])),
                401,
                (403, "not_your_user", _NOT_YOURS),
                404,
                413,
                415,
            ),
        },
        examples=[OpenApiExample("No comparison", {TAKES_PART: False}, request_only=True)],
    )
    def put(self, request, user_id):
        learner = visible_user(request.user, user_id)
        if learner != request.user:
            raise Problem(403, "not_your_user", _NOT_YOURS)
        told = request.data
        if type(told) is not dict or told.keys() != {TAKES_PART} or type(told[TAKES_PART]) is not bool:
            raise Problem(400, "invalid", _INVALID, as_json([_NO_CHOICE]))
        set_peer_comparison(learner, takes_part=told[TAKES_PART], now=timezone.now())
        return Response({"userId": learner.public_id, TAKES_PART: learner.peer_comparison})


def peers_json(found: PeerComparison, time_zone: str) -> dict[str, Any]:
    measures = found.measures
    if isinstance(measures, Insufficient):
        told = insufficient_json(measures)
    else:
        told = measures and [
            {
                "name": measure.name,
                "perWeek": round(measure.value, 2),
                "previousPerWeek": None if measure.previous is None else round(measure.previous, 2),
                "band": measure.band,
            }
            for measure in measures
        ]
    return {
        "userId": found.learner.public_id,
        "timeRange": window_json(found.window, time_zone),
        "completeThrough": instant(found.complete_through),
        "policy": found.policy_version,
        TAKES_PART: found.takes_part,
        "othersAtLeast": found.others,
        "matchedOn": list(found.matched_on),
        "measures": told,
    }

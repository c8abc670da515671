"""GET a learner's next cases and resources, each with its reason and its figures."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.api.openapi import INSUFFICIENT_REFERENCE, closed, or_insufficient
from accounts.selectors import visible_user
from engagement.api.answers import insufficient_json
from engagement.domain.insufficient import Insufficient
from engagement.domain.progress import CASE, RESOURCE
from engagement.domain.recommending import COLD_WEIGHTS, WEIGHTS
from engagement.ranking import COLD_START, PERSONAL, SHRUNK, Evidence, Recommendation
from engagement.recommendations import DEFAULT, MOST, Recommendations
from engagement.services import InteractionTrackingService
from engagement.words.recommendations import reason_of
from interactions.api.answers import instant, window_json
from interactions.api.problems import query_problem
from interactions.api.schema import WINDOW_PARAMETERS, reading
from interactions.api.windows import asked_window
from interactions.domain.fields import FieldError

_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_TEXT, _COUNT = {"type": "string"}, {"type": "integer", "minimum": 0}
_MAYBE_TIME = {"type": ["string", "null"], "format": "date-time"}
_PART = closed(
    {
        "name": {"type": "string", "enum": sorted({*WEIGHTS, *COLD_WEIGHTS})},
        "value": _SHARE,
        "weight": _SHARE,
        "points": _SHARE,
    }
)
_EVIDENCE = closed(
    {
        "utility": {**_SHARE, "description": "The sum of the parts' points."},
        "parts": {"type": "array", "items": _PART},
        "expectedScore": {"type": ["number", "null"], "description": "0 to 100, on this item."},
        "mastery": or_insufficient({**_SHARE, "description": "Of the specialty."}),
        "attempts": {**_COUNT, "description": "Scored attempts in the specialty."},
        "lastPractised": _MAYBE_TIME,
        "lastOpened": _MAYBE_TIME,
        "lastCompleted": _MAYBE_TIME,
        "openers": {"type": ["integer", "null"], "description": "Learners who opened it; null below ten."},
        "completionRate": {"type": ["number", "null"], "description": "Of a case that ten learners opened."},
        "propensity": {"type": ["number", "null"], "description": "Where drawn by lot: how probable that was."},
    }
)
PROPERTIES = {
    "recommendations": {
        "type": "array",
        "maxItems": MOST,
        "items": closed(
            {
                "kind": {"type": "string", "enum": [CASE, RESOURCE]},
                "id": _TEXT,
                "resourceType": {"type": ["string", "null"]},
                "title": _TEXT,
                "specialty": {"type": ["string", "null"]},
                "difficulty": {"type": ["string", "null"]},
                "reason": _TEXT,
                "evidence": _EVIDENCE,
                "basis": {"type": "string", "enum": [PERSONAL, SHRUNK, COLD_START]},
            }
        ),
    },
    "coldStart": {
        "description": "What is missing for a personal list; null where it is one.",
        "oneOf": [INSUFFICIENT_REFERENCE, {"type": "null"}],
    },
}
EXAMPLE = {
    "recommendations": [
        {
            "kind": "case",
            "id": "card-03",
            "resourceType": None,
            "title": "Anterior Wall Infarction",
            "specialty": "cardiology",
            "difficulty": "intermediate",
            "reason": "About the right difficulty: a score near 74 of 100 is expected.",
            "evidence": {
                "utility": 0.5032,
                "parts": [
                    {"name": "gap", "value": 0.02, "weight": 0.3, "points": 0.006},
                    {"name": "zpd", "value": 0.973, "weight": 0.3, "points": 0.2919},
                    {"name": "due", "value": 0.2765, "weight": 0.2, "points": 0.0553},
                    {"name": "prior", "value": 0.5, "weight": 0.1, "points": 0.05},
                    {"name": "novelty", "value": 1.0, "weight": 0.1, "points": 0.1},
                ],
                "expectedScore": 73.99,
                "mastery": 0.7272,
                "attempts": 6,
                "lastPractised": "2026-03-05T10:15:00Z",
                "lastOpened": None,
                "lastCompleted": None,
                "openers": 24,
                "completionRate": 0.81,
                "propensity": None,
            },
            "basis": "personal",
        }
    ],
    "coldStart": None,
}


class RecommendationsView(APIView):
    """GET what a learner may do next."""

    access = Access.LEARNER_SUBJECT

    @extend_schema(
        **reading(
            "What a learner may do next, why, and by which figures",
            PROPERTIES,
            [
                *WINDOW_PARAMETERS,
                OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT}),
            ],
            operation_id="getRecommendations",
            description="What was opened within the range is no longer new; what was opened before it, by half.",
            example=EXAMPLE,
        )
    )
    def get(self, request, user_id):
        learner = visible_user(request.user, user_id)
        now, query = timezone.now(), request.query_params
        window = asked_window(query, now, "limit")
        found = InteractionTrackingService.generate_personalized_recommendations(
            learner, window=window, limit=_limit(query.get("limit") or str(DEFAULT)), now=now
        )
        return Response(recommendations_json(found, settings.MEDSIM_TIME_ZONE))


def _limit(text: str) -> int:
    # isdecimal alone takes digits of every script.
    if len(text) <= 2 and text.isascii() and text.isdecimal() and 1 <= int(text) <= MOST:
        return int(text)
    raise query_problem([FieldError("/limit", "out_of_range", f"limit is a whole number from 1 to {MOST}.")])


def recommendations_json(found: Recommendations, time_zone: str) -> dict[str, Any]:
    return {
        "userId": found.learner.public_id,
        "timeRange": window_json(found.window, time_zone),
        "completeThrough": instant(found.complete_through),
        "policy": found.policy_version,
        "recommendations": [recommendation_json(item) for item in found.items],
        "coldStart": found.missing and insufficient_json(found.missing),
    }


def recommendation_json(item: Recommendation) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "id": item.id,
        "resourceType": item.resource_type or None,
        "title": item.title,
        "specialty": item.specialty or None,
        "difficulty": item.difficulty or None,
        "reason": reason_of(item),
        "evidence": _evidence_json(item.evidence),
        "basis": item.basis,
    }


def _evidence_json(evidence: Evidence) -> dict[str, Any]:
    mastery = evidence.mastery
    return {
        "utility": evidence.utility,
        "parts": [
            {"name": part.name, "value": round(part.value, 6), "weight": round(part.weight, 6), "points": part.points}
            for part in evidence.parts
        ],
        "expectedScore": _rounded(evidence.expected_score, 2),
        "mastery": insufficient_json(mastery) if isinstance(mastery, Insufficient) else round(mastery.probability, 4),
        "attempts": evidence.attempts,
        "lastPractised": instant(evidence.last_practised),
        "lastOpened": instant(evidence.last_opened),
        "lastCompleted": instant(evidence.last_completed),
        "openers": evidence.openers,
        "completionRate": _rounded(evidence.completion_rate, 4),
        "propensity": _rounded(evidence.propensity, 6),
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)

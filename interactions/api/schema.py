"""The OpenAPI side of the tracking endpoints: shapes and every status they answer with."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from interactions.domain.fields import ID_LENGTH, MAX_SECONDS, SESSION_ID_LENGTH, TEXT_LENGTH, TYPE_LENGTH
from interactions.windows import RANGES

JSON, PROBLEM = "application/json", "application/problem+json"


def _string(length: int, **more: Any) -> dict[str, Any]:
    return {"type": ["string", "null"], "maxLength": length, **more}


_SECONDS = {"type": ["integer", "null"], "minimum": 0, "maximum": MAX_SECONDS}
_TIME = {"type": ["string", "null"], "format": "date-time"}
_NUMBER = {"type": "number"}
_LEVEL = {"type": "string", "enum": ["low", "medium", "high", "very_high"]}
_PARTS = {
    "type": "object",
    "description": "Points that add up to the score; a part the type does not use is left out.",
    "properties": dict.fromkeys(("type", "time", "performance", "consistency"), _NUMBER),
}
_ERRORS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {key: {"type": "string"} for key in ("pointer", "code", "detail")},
        "required": ["pointer", "code", "detail"],
    },
}
PROBLEM_BODY = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "A stable word to branch on."},
        "detail": {"type": "string"},
        "requestId": {"type": ["string", "null"]},
        "errors": _ERRORS,
    },
    "required": ["type", "title", "status", "code", "detail", "requestId"],
}
INTERACTION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["interactionType"],
    "properties": {
        "interactionType": {"type": "string", "maxLength": TYPE_LENGTH, "description": "One of the active types."},
        "eventId": _string(ID_LENGTH, minLength=1, description="The client's own id; makes a retry harmless."),
        "userId": _string(ID_LENGTH, minLength=1, description="Whose it is; the caller's own when absent."),
        "occurredAt": _TIME | {"description": "Default: startTime, else endTime, else now."},
        "startTime": _TIME,
        "endTime": _TIME,
        "timeSpentSeconds": _SECONDS | {"description": "Wall-clock seconds."},
        "activeSeconds": _SECONDS | {"description": "Seconds the page was visible and used; scores when present."},
        "caseId": _string(TEXT_LENGTH),
        "caseTitle": _string(TEXT_LENGTH),
        "resourceType": _string(TEXT_LENGTH),
        "resourceId": _string(TEXT_LENGTH),
        "resourceName": _string(TEXT_LENGTH),
        "helpRequestType": _string(TEXT_LENGTH),
        "performanceMetrics": {
            "type": ["object", "null"],
            "properties": {"score": {"type": ["number", "null"], "minimum": 0, "maximum": 100}},
        },
        "sessionId": _string(SESSION_ID_LENGTH),
        "sentAt": _TIME | {"description": "When it was sent by the client's clock; corrects a wrong clock."},
        "metadata": {
            "type": ["object", "null"],
            "properties": dict.fromkeys(("difficulty", "specialty", "stage"), _string(TEXT_LENGTH)),
        },
    },
}
_TRACKED = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "eventId": {"type": "string"},
        "status": {"type": "string", "enum": ["created", "duplicate"]},
        "occurredAt": {"type": "string", "format": "date-time"},
        "engagementScore": _NUMBER,
        "engagementLevel": _LEVEL,
        "scoreParts": _PARTS,
        "policy": {"type": "string"},
    },
}
_STATUSES = ("created", "duplicate", "conflict", "invalid", "refused")
_BULK = {
    "type": "object",
    "properties": {
        **{key: {"type": "integer"} for key in _STATUSES},
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "index": {"type": "integer"},
                    "eventId": {"type": ["string", "null"]},
                    "status": {"type": "string", "enum": list(_STATUSES)},
                    "id": {"type": ["string", "null"]},
                    "engagementScore": {"type": ["number", "null"]},
                    "engagementLevel": {"type": ["string", "null"]},
                    "code": {"type": ["string", "null"]},
                    "errors": _ERRORS,
                    "retryable": {"type": "boolean"},
                },
            },
        },
    },
}
_EXAMPLE = {
    "interactionType": "case_complete",
    "eventId": "b1f6c0de-1",
    "occurredAt": "2026-03-02T09:30:00Z",
    "timeSpentSeconds": 1800,
    "caseId": "case-123",
    "caseTitle": "Abdominal Pain Diagnosis",
    "performanceMetrics": {"score": 85},
    "metadata": {"difficulty": "intermediate", "specialty": "emergency medicine"},
}


def problems(*statuses: int) -> dict:
    """Declared refusals: each of these statuses answers with a problem."""
    return {(status, PROBLEM): PROBLEM_BODY for status in statuses}


USER_ID = OpenApiParameter("user_id", str, "path", description="A learner's public id, or `me`.")
WINDOW_PARAMETERS = [
    OpenApiParameter("timeRange", str, enum=[*RANGES, "all"], description="Not together with from and to."),
    OpenApiParameter("from", str, description="RFC 3339 time, or a day."),
    OpenApiParameter("to", str, description="RFC 3339 time, or a day, which is included. Default: now."),
]


def _told_in_header(name: str, statuses: list[int], description: str) -> OpenApiParameter:
    return OpenApiParameter(name, int, "header", response=statuses, description=description)


def _limit_headers(*statuses: int) -> list[OpenApiParameter]:
    told = [*statuses, 429]
    return [
        _told_in_header("RateLimit-Limit", told, "Interactions that your account may send in a minute, by default."),
        _told_in_header("RateLimit-Remaining", told, "How many of them are left now."),
        _told_in_header("RateLimit-Reset", told, "Seconds until all are left again, if none is sent."),
        _told_in_header("Retry-After", [429], "Seconds until the same request fits."),
    ]


TRACK = {
    "tags": ["tracking"],
    "summary": "Record one interaction",
    "parameters": _limit_headers(200, 201, 400, 403, 409, 413, 415, 422),
    "request": {JSON: INTERACTION},
    "responses": {
        (201, JSON): _TRACKED,
        (200, JSON): _TRACKED,
        **problems(400, 401, 403, 409, 413, 415, 422, 429),
    },
    "examples": [OpenApiExample("A completed case", _EXAMPLE, request_only=True)],
}
TRACK_BULK = {
    "tags": ["tracking"],
    "summary": "Record many interactions, each answered for itself",
    "parameters": [
        OpenApiParameter("atomic", bool, description="All or nothing; 422 when nothing was stored."),
        *_limit_headers(200, 201, 207, 400, 413, 415, 422),
    ],
    "request": {
        JSON: {
            "oneOf": [
                {"type": "array", "items": INTERACTION, "maxItems": 1000},
                {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["interactions"],
                    "properties": {
                        "sentAt": _TIME,
                        "interactions": {"type": "array", "items": INTERACTION, "maxItems": 1000},
                    },
                },
            ]
        }
    },
    "responses": {
        (201, JSON): _BULK,
        (200, JSON): _BULK,
        (207, JSON): _BULK,
        **problems(400, 401, 413, 415, 422, 429),
    },
    "examples": [OpenApiExample("One of many", [_EXAMPLE], request_only=True)],
}
_ANSWER_HEAD = {
    "userId": {"type": "string"},
    "timeRange": {
        "type": "object",
        "properties": {
            "from": {"type": ["string", "null"]},
            "to": {"type": "string"},
            "timeZone": {"type": "string"},
        },
    },
    "completeThrough": {"type": "string", "format": "date-time"},
    "policy": {"type": "string"},
}


def reading(summary: str, properties: dict, parameters: list, tag: str = "reading") -> dict:
    """The OpenAPI side of a read about one learner."""
    return {
        "tags": [tag],
        "summary": summary,
        "parameters": [USER_ID, *parameters],
        "responses": {
            (200, JSON): {"type": "object", "properties": {**_ANSWER_HEAD, **properties}},
            **problems(400, 401, 404),
        },
    }


HISTORY = reading(
    "A learner's interactions, newest first",
    {
        "results": {"type": "array", "items": {"type": "object"}},
        "limit": {"type": "integer"},
        "page": {"type": ["integer", "null"]},
        "next": {"type": ["string", "null"], "description": "The next page's address."},
        "nextCursor": {"type": ["string", "null"]},
    },
    [
        *WINDOW_PARAMETERS,
        OpenApiParameter("limit", int, description="1 to 200, default 50."),
        OpenApiParameter("page", int, description="Shallow pages only; go deep by cursor."),
        OpenApiParameter("cursor", str),
        *(OpenApiParameter(name, str) for name in ("interactionType", "resourceType", "caseId")),
    ],
)

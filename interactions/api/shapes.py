"""The JSON shapes of interactions for OpenAPI: as they are sent, and as they are answered."""

from typing import Any

from accounts.api.openapi import ERRORS, closed
from interactions.domain.fields import ID_LENGTH, MAX_SECONDS, SESSION_ID_LENGTH, TEXT_LENGTH, TYPE_LENGTH
from interactions.envelope import MAX_ITEMS


def _text(length: int, **more: Any) -> dict[str, Any]:
    return {"type": ["string", "null"], "maxLength": length, **more}


_SECONDS = {"type": ["integer", "null"], "minimum": 0, "maximum": MAX_SECONDS}
_TIME = {"type": ["string", "null"], "format": "date-time"}
_NUMBER = {"type": "number"}
_COUNT = {"type": "integer", "minimum": 0}
_LEVELS = ["low", "medium", "high", "very_high"]
_STATUSES = ["created", "duplicate", "conflict", "invalid", "refused"]
_PARTS = {
    "type": "object",
    "additionalProperties": False,
    "description": "Points that add up to the score; a part the type does not use is left out.",
    "properties": dict.fromkeys(("type", "time", "performance", "consistency"), _NUMBER),
}
# What is sent and answered alike.
_TOLD = {
    "timeSpentSeconds": _SECONDS | {"description": "Wall-clock seconds; follow from the two times where absent."},
    "activeSeconds": _SECONDS | {"description": "Seconds the page was visible and used; scores when present."},
    "caseId": _text(TEXT_LENGTH),
    "caseTitle": _text(TEXT_LENGTH),
    "resourceType": _text(TEXT_LENGTH, description="case, learning_module, video, quiz, forum, reference, …"),
    "resourceId": _text(TEXT_LENGTH),
    "resourceName": _text(TEXT_LENGTH),
    "helpRequestType": _text(TEXT_LENGTH, description="hint, explanation, technical, tutor, …"),
    "sessionId": _text(SESSION_ID_LENGTH),
}
INTERACTION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["interactionType"],
    "properties": {
        "interactionType": {"type": "string", "maxLength": TYPE_LENGTH, "description": "One of the active types."},
        "eventId": _text(ID_LENGTH, minLength=1, description="Your own id of it; makes a retry harmless."),
        "userId": _text(ID_LENGTH, minLength=1, description="Whose it is; the caller's own when absent."),
        "occurredAt": _TIME | {"description": "Default: startTime, else endTime, else now."},
        "startTime": _TIME,
        "endTime": _TIME | {"description": "Not before startTime."},
        **_TOLD,
        "performanceMetrics": {
            "type": ["object", "null"],
            "properties": {"score": {"type": ["number", "null"], "minimum": 0, "maximum": 100}},
            "description": "score is read; the rest is kept.",
        },
        "sentAt": _TIME | {"description": "When it was sent by the client's clock; corrects a wrong clock."},
        "metadata": {
            "type": ["object", "null"],
            "properties": dict.fromkeys(("difficulty", "specialty", "stage"), _text(TEXT_LENGTH)),
            "description": "difficulty, specialty and stage are read; the rest is kept.",
        },
    },
}
BULK = {
    "oneOf": [
        {"type": "array", "items": INTERACTION, "maxItems": MAX_ITEMS},
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["interactions"],
            "properties": {
                "sentAt": _TIME,
                "interactions": {"type": "array", "items": INTERACTION, "maxItems": MAX_ITEMS},
            },
        },
    ]
}
_SCORED = {
    "engagementScore": _NUMBER,
    "engagementLevel": {"type": "string", "enum": _LEVELS},
    "scoreParts": _PARTS,
    "policy": {"type": "string", "description": "The version of the scoring policy."},
}
_ID = {"type": "string", "format": "uuid"}
_MOMENT = {"type": "string", "format": "date-time"}
TRACKED = closed(
    {
        "id": _ID,
        "eventId": {"type": "string"},
        "status": {"type": "string", "enum": ["created", "duplicate"]},
        "occurredAt": _MOMENT,
        **_SCORED,
    }
)
BULK_TRACKED = closed(
    {
        **dict.fromkeys(_STATUSES, _COUNT),
        "results": {
            "type": "array",
            "description": "One for each interaction, in the order sent.",
            "items": closed(
                {
                    "index": _COUNT,
                    "eventId": {"type": ["string", "null"]},
                    "status": {"type": "string", "enum": _STATUSES},
                    "id": {"type": ["string", "null"], "format": "uuid"},
                    "engagementScore": {"type": ["number", "null"]},
                    "engagementLevel": {"type": ["string", "null"], "enum": [*_LEVELS, None]},
                    "code": {"type": ["string", "null"]},
                    "errors": ERRORS,
                    "retryable": {"type": "boolean"},
                }
            ),
        },
    }
)
HISTORY_ITEM = closed(
    {
        "id": _ID,
        "eventId": {"type": "string"},
        "userId": {"type": "string"},
        "interactionType": {"type": "string"},
        "occurredAt": _MOMENT,
        "receivedAt": _MOMENT,
        **dict.fromkeys(("sentAt", "startTime", "endTime"), _TIME),
        **_TOLD,
        "performanceMetrics": {"type": ["object", "null"]},
        "metadata": {"type": ["object", "null"]},
        "clockFlag": {"type": ["string", "null"], "description": "How a wrong clock was corrected."},
        **_SCORED,
    }
)

INTERACTION_EXAMPLE = {
    "interactionType": "case_complete",
    "eventId": "b1f6c0de-1",
    "occurredAt": "2026-03-02T09:30:00Z",
    "timeSpentSeconds": 1800,
    "caseId": "case-123",
    "caseTitle": "Abdominal Pain Diagnosis",
    "performanceMetrics": {"score": 85},
    "metadata": {"difficulty": "intermediate", "specialty": "emergency medicine"},
}
TRACKED_EXAMPLE = {
    "id": "6f9c0b8e-6f0e-4b0e-9d0c-3a8f5f1f2c11",
    "eventId": "b1f6c0de-1",
    "status": "created",
    "occurredAt": "2026-03-02T09:30:00Z",
    "engagementScore": 82.95,
    "engagementLevel": "very_high",
    "scoreParts": {"type": 36.0, "time": 24.0, "performance": 22.95, "consistency": 0.0},
    "policy": "es-1",
}
_LINE = {key: TRACKED_EXAMPLE[key] for key in ("eventId", "status", "id", "engagementScore", "engagementLevel")}
_GOOD_LINE = {"index": 0, **_LINE, "code": None, "errors": [], "retryable": False}
_BAD_LINE = dict.fromkeys(_GOOD_LINE) | {
    "index": 1,
    "status": "invalid",
    "code": "invalid",
    "errors": [{"pointer": "/1/timeSpentSeconds", "code": "wrong_type", "detail": "Seconds are a whole number."}],
    "retryable": False,
}


def bulk_example(status: int) -> dict[str, Any]:
    """A bulk's answer as it is with 201, 200 and 207."""
    counts = dict.fromkeys(_STATUSES, 0)
    if status == 207:
        return counts | {"created": 1, "invalid": 1, "results": [_GOOD_LINE, _BAD_LINE]}
    word = "created" if status == 201 else "duplicate"
    return counts | {word: 1, "results": [_GOOD_LINE | {"status": word}]}


HISTORY_ITEM_EXAMPLE = dict.fromkeys(HISTORY_ITEM["properties"]) | {
    **{key: value for key, value in TRACKED_EXAMPLE.items() if key != "status"},
    **INTERACTION_EXAMPLE,
    "userId": "lena",
    "receivedAt": "2026-03-02T09:30:01Z",
}

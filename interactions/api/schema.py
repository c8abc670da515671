"""The OpenAPI side of the tracking endpoints, and the words for a read: shapes and every status they answer with."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from accounts.api.openapi import JSON, answer, closed, problems
from interactions.api import shapes
from interactions.domain.fields import ID_LENGTH
from interactions.windows import ALL, RANGES

USER_ID = OpenApiParameter(
    "user_id",
    {"type": "string", "minLength": 1, "maxLength": ID_LENGTH},
    "path",
    description="A learner's public id, or `me`.",
)
WINDOW_PARAMETERS = [
    OpenApiParameter("timeRange", str, enum=[*RANGES, ALL], description="Not together with from and to."),
    OpenApiParameter("from", str, description="RFC 3339 time, or a day."),
    OpenApiParameter("to", str, description="RFC 3339 time, or a day, which is included. Default: now."),
]
FIELD_AT_FAULT = (
    400,
    "invalid",
    "The interaction cannot be read: see errors.",
    [{"pointer": "/timeSpentSeconds", "code": "wrong_type", "detail": "Seconds are a whole number."}],
)
NOT_JSON = (400, "invalid_json", "The text is not JSON: Expecting value (line 1, column 1).")
TOO_LARGE = (413, "too_large", "A body has at most 1048576 bytes here.")


def _told_in_header(name: str, statuses: list[int], description: str) -> OpenApiParameter:
    return OpenApiParameter(name, int, "header", response=statuses, description=description)


def _limit_headers(*statuses: int) -> list[OpenApiParameter]:
    told = [*statuses, 429]
    return [
        _told_in_header("RateLimit-Limit", told, "Interactions that your account may send in a minute, by default."),
        _told_in_header("RateLimit-Remaining", told, "How many of them are left now."),
        _told_in_header("RateLimit-Reset", told, "Seconds until all are left again, if none is sent."),
    ]


TRACK = {
    "operation_id": "trackInteraction",
    "tags": ["tracking"],
    "summary": "Record one interaction",
    "description": "A repeated `eventId` with the same content is answered with the first record and counted once.",
    "parameters": _limit_headers(200, 201, 400, 403, 409, 413, 415, 422),
    "request": {JSON: shapes.INTERACTION},
    "responses": {
        **answer(201, shapes.TRACKED, shapes.TRACKED_EXAMPLE, "Stored."),
        **answer(200, shapes.TRACKED, shapes.TRACKED_EXAMPLE | {"status": "duplicate"}, "Known already."),
        **problems(
            FIELD_AT_FAULT,
            NOT_JSON,
            401,
            (403, "not_your_user", "Only a simulator's account may record for somebody else."),
            (409, "id_conflict", "Another interaction is stored under this event id; nothing was changed."),
            TOO_LARGE,
            415,
            (422, "too_old", "It is older than 365 days."),
            429,
        ),
    },
    "examples": [OpenApiExample("A completed case", shapes.INTERACTION_EXAMPLE, request_only=True)],
}
TRACK_BULK = {
    "operation_id": "trackInteractions",
    "tags": ["tracking"],
    "summary": "Record many interactions, each answered for itself",
    "description": "201 when all are created, 200 when the rest are duplicates, 207 otherwise.",
    "parameters": [
        OpenApiParameter("atomic", bool, description="All or nothing; 422 when nothing was stored."),
        *_limit_headers(200, 201, 207, 400, 413, 415, 422),
    ],
    "request": {JSON: shapes.BULK},
    "responses": {
        **answer(201, shapes.BULK_TRACKED, shapes.bulk_example(201), "All are created."),
        **answer(200, shapes.BULK_TRACKED, shapes.bulk_example(200), "All are stored; some were known already."),
        **answer(207, shapes.BULK_TRACKED, shapes.bulk_example(207), "Some are not stored: see results."),
        **problems(
            NOT_JSON,
            (400, "not_a_list", "Send an array of interactions, or an object with an array `interactions`."),
            401,
            TOO_LARGE,
            (413, "too_many_items", "At most 1000 interactions at once; these are 1001."),
            415,
            (
                422,
                "nothing_stored",
                "Nothing was stored, because not all could be.",
                [{"pointer": "/1", "code": "id_conflict", "detail": "Another interaction is stored under this id."}],
            ),
            429,
        ),
    },
    "examples": [OpenApiExample("One of many", [shapes.INTERACTION_EXAMPLE], request_only=True)],
}

TIME_RANGE = closed(
    {
        "from": {"type": ["string", "null"], "format": "date-time", "description": "null: from the first one on."},
        "to": {"type": "string", "format": "date-time"},
        "timeZone": {"type": "string", "description": "In which days are cut."},
    }
)
_HEAD = {
    "userId": {"type": "string"},
    "timeRange": TIME_RANGE,
    "completeThrough": {"type": "string", "format": "date-time"},
    "policy": {"type": "string"},
}
HEAD_EXAMPLE = {
    "userId": "lena",
    "timeRange": {"from": "2026-02-15T00:00:00Z", "to": "2026-03-16T12:00:00Z", "timeZone": "UTC"},
    "completeThrough": "2026-03-16T12:00:00Z",
    "policy": "es-1",
}


def reading(
    summary: str,
    properties: dict[str, Any],
    parameters: list[OpenApiParameter],
    tag: str = "reading",
    *,
    example: dict[str, Any] | None = None,
    optional: tuple[str, ...] = (),
    refusals: tuple = (400, 401, 404),
    **more: Any,
) -> dict[str, Any]:
    """The OpenAPI side of a read about one learner, for `extend_schema(**reading(...))`.

    properties  of the answer, beside `userId`, `timeRange`, `completeThrough` and `policy`; the answer holds all of
                them but the `optional` ones, and no others
    example     values for `properties`
    refusals    what `problems` takes
    more        further words of extend_schema: operation_id, description
    """
    shape = closed({**_HEAD, **properties}, optional)
    return _get(summary, shape, [USER_ID, *parameters], tag, HEAD_EXAMPLE | (example or {}), refusals, more)


def reading_of_many(
    summary: str,
    properties: dict[str, Any],
    parameters: list[OpenApiParameter],
    tag: str = "reading",
    *,
    example: dict[str, Any] | None = None,
    optional: tuple[str, ...] = (),
    refusals: tuple = (400, 401, 403),
    **more: Any,
) -> dict[str, Any]:
    """The same for a read about all learners whom the caller may see: no `userId`, and 403 in the place of 404."""
    head, shown = dict(_HEAD), dict(HEAD_EXAMPLE)
    del head["userId"], shown["userId"]
    shape = closed({**head, **properties}, optional)
    return _get(summary, shape, parameters, tag, shown | (example or {}), refusals, more)


def _get(summary, shape, parameters, tag, example, refusals, more) -> dict[str, Any]:
    responses = {**answer(200, shape, example), **problems(*refusals)}
    return {"tags": [tag], "summary": summary, "parameters": parameters, "responses": responses, **more}


HISTORY = reading(
    "A learner's interactions, newest first",
    {
        "results": {"type": "array", "items": shapes.HISTORY_ITEM},
        "limit": {"type": "integer"},
        "page": {"type": ["integer", "null"], "description": "null when a cursor was given."},
        "next": {"type": ["string", "null"], "description": "The next page's address."},
        "nextCursor": {"type": ["string", "null"]},
    },
    [
        *WINDOW_PARAMETERS,
        OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}),
        OpenApiParameter(
            "page", {"type": "integer", "minimum": 1}, description="Shallow pages only; go deep by cursor."
        ),
        OpenApiParameter("cursor", str, description="`nextCursor` of the page before."),
        *(OpenApiParameter(name, str) for name in ("interactionType", "resourceType", "caseId")),
    ],
    operation_id="listHistory",
    example={
        "results": [shapes.HISTORY_ITEM_EXAMPLE],
        "limit": 50,
        "page": 1,
        "next": None,
        "nextCursor": None,
    },
)

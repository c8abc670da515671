"""Words for describing an endpoint in OpenAPI: one spelling of answers, problems and what they look like.

What every answer under /api shares is added to the whole document at its end (medsim_tracking/openapi.py): the
component `Problem`, 503 and its Retry-After, X-Request-ID, the challenge of a 401. A view names the rest.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme
from drf_spectacular.utils import OpenApiExample, OpenApiResponse


class BearerScheme(SimpleJWTScheme):
    """Found by its class: how the document names the token that a view asks for."""

    target_class = "accounts.api.authentication.TokenAuthentication"


JSON, PROBLEM = "application/json", "application/problem+json"
PROBLEM_REFERENCE = {"$ref": "#/components/schemas/Problem"}
ERRORS = {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}}
INSUFFICIENT_REFERENCE = {"$ref": "#/components/schemas/InsufficientData"}

# The refusals that any endpoint may give, by status: the stable code and a sentence. A view with words of its own
# gives them in their place.
USUAL_WORDS = {
    400: ("invalid_query", "The query string cannot be read: see errors."),
    401: ("not_authenticated", "Authentication credentials were not provided."),
    403: ("permission_denied", "You do not have permission to perform this action."),
    404: ("not_found", "There is nothing here that you may see."),
    413: ("too_large", "A body has at most 16384 bytes here."),
    415: ("unsupported_media_type", "Send uncompressed JSON in UTF-8."),
    429: ("rate_limited", "Your limit is 600/m; 0 are left and this needs 1. Nothing was stored."),
    503: ("storage_unavailable", "The storage cannot be reached right now; nothing was stored."),
}


def problem_example(status: int, code: str, detail: str, errors: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """A problem as it is answered."""
    example = {
        "type": f"urn:medsim:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "requestId": "4f1c2a9be0d84f0f8a3a5a1c7e6d9b20",
    }
    return example | ({"errors": errors} if errors else {})


def problems(*refusals: int | tuple) -> dict[tuple[int, str], OpenApiResponse]:
    """The part of `responses` that refuses.

    A refusal is a status, said in the usual words, or `(status, code, detail)`, or `(status, code, detail, errors)`
    with `errors` as they are answered: `[{"pointer", "code", "detail"}]`. A status may be given more than once;
    each of its refusals is shown as an example.
    """
    told: dict[int, list[tuple]] = {}
    for refusal in refusals:
        status, *words = refusal if isinstance(refusal, tuple) else (refusal, *USUAL_WORDS[refusal])
        told.setdefault(status, []).append(tuple(words))
    return {
        (status, PROBLEM): OpenApiResponse(
            PROBLEM_REFERENCE,
            HTTPStatus(status).phrase,
            [OpenApiExample(code, problem_example(status, code, *words)) for code, *words in refusals_of_status],
        )
        for status, refusals_of_status in told.items()
    }


def answer(status: int, schema: Mapping[str, Any], example: Any, description: str = "") -> dict:
    """The part of `responses` that says yes: a status, its JSON schema, and what it looks like."""
    shown = OpenApiExample("An answer", example)
    return {(status, JSON): OpenApiResponse(dict(schema), description or HTTPStatus(status).phrase, [shown])}


def closed(properties: Mapping[str, Any], optional: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    """An object that holds these properties and no others; all but the `optional` ones are always there."""
    required = [name for name in properties if name not in optional]
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": dict(properties),
        **({"required": required} if required else {}),
        **more,
    }


def or_insufficient(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A value, or in its place what there is too little of."""
    return {"oneOf": [dict(schema), INSUFFICIENT_REFERENCE]}

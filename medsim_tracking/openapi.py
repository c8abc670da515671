"""The OpenAPI document as a whole: what every operation shares, said once and added at the end."""

from typing import Any

from accounts.api.openapi import ERRORS, PROBLEM, PROBLEM_REFERENCE, USUAL_WORDS, closed, problem_example

_TEXT = {"type": "string"}
COMPONENTS = {
    "FieldError": closed(
        {
            "pointer": _TEXT | {"description": "JSON pointer (RFC 6901) into what was sent; below `/` a parameter."},
            "code": _TEXT | {"description": "A stable word to branch on."},
            "detail": _TEXT | {"description": "A sentence for a person."},
        },
        description="One fault in what was sent.",
    ),
    "Problem": closed(
        {
            "type": _TEXT | {"format": "uri", "description": "`urn:medsim:problem:` and the code."},
            "title": _TEXT | {"description": "The status in words."},
            "status": {"type": "integer"},
            "code": _TEXT | {"description": "A stable word to branch on."},
            "detail": _TEXT | {"description": "A sentence for a person."},
            "requestId": {"type": ["string", "null"], "description": "Quote it when you report something."},
            "errors": ERRORS,
        },
        optional=("errors",),
        description="Every refusal, as RFC 9457 says.",
    ),
    "InsufficientData": closed(
        {
            "status": {"const": "insufficient_data"},
            "value": {"type": "null"},
            "needs": {
                "type": "array",
                "items": closed({"what": _TEXT, "have": {"type": "number"}, "need": {"type": "number"}}),
            },
        },
        description="Stands in the place of a value when there is too little data for one.",
    ),
}
_SECONDS = {"schema": {"type": "integer", "minimum": 1}, "description": "Seconds after which to send the same again."}
_HEADERS = {
    "X-Request-ID": {"schema": _TEXT, "description": "This request's id: a sane one that you sent, or ours."},
}
_HEADERS_OF_STATUS = {
    "401": {"WWW-Authenticate": {"schema": _TEXT, "description": "`Bearer`: get a token and come again."}},
    "429": {"Retry-After": _SECONDS},
    "503": {"Retry-After": _SECONDS},
}
_METHODS = ("get", "post", "put", "patch", "delete")


def without_trailing_slashes(endpoints: list, **kwargs) -> list:
    """Document each address as the specification writes it; the patterns take a trailing slash too."""
    return [(path.rstrip("/"), *rest) for path, *rest in endpoints]


def complete(result: dict[str, Any], **kwargs) -> dict[str, Any]:
    """Add to every operation what the house as a whole answers, where the operation does not say it itself."""
    result["components"].setdefault("schemas", {}).update(COMPONENTS)
    for path in result["paths"].values():
        for method in _METHODS:
            if method in path:
                _complete_operation(path[method])
    return result


def _complete_operation(operation: dict[str, Any]) -> None:
    if body := operation.get("requestBody"):
        body["required"] = True
    responses = operation["responses"]
    responses.setdefault("503", _storage_trouble())
    for status, response in responses.items():
        response["headers"] = {**_HEADERS, **_HEADERS_OF_STATUS.get(status, {}), **response.get("headers", {})}


def _storage_trouble() -> dict[str, Any]:
    code, detail = USUAL_WORDS[503]
    return {
        "description": "The storage is down, locked, full or too slow. Nothing was stored; come again.",
        "content": {
            PROBLEM: {
                "schema": PROBLEM_REFERENCE,
                "examples": {code: {"value": problem_example(503, code, detail)}},
            }
        },
    }

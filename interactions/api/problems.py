"""Refusals with a status, a stable code and pointers, for medsim_tracking's problem handler to write down."""

from collections.abc import Iterable

from django.http import QueryDict
from rest_framework.exceptions import APIException

from interactions.domain.fields import FieldError
from interactions.domain.parsing import pointer_to


class Problem(APIException):
    """A refusal. `field_errors` are ready for JSON: `[{pointer, code, detail}]`."""

    def __init__(self, status: int, code: str, detail: str, errors: Iterable[dict] = ()):
        super().__init__(detail, code)
        self.status_code = status
        self.field_errors = list(errors)


def as_json(errors: Iterable[FieldError], *below: str | int) -> list[dict]:
    """Field errors as JSON, their pointers set below some steps (an item's place in a bulk)."""
    base = pointer_to(*below)
    return [{"pointer": base + error.pointer, "code": error.code, "detail": error.detail} for error in errors]


def query_problem(errors: Iterable[FieldError]) -> Problem:
    return Problem(400, "invalid_query", "The query string cannot be read: see errors.", as_json(errors))


def refuse_unknown(query: QueryDict, known: Iterable[str]) -> None:
    """Raise a Problem for query parameters that mean nothing here, or are given twice: none may be ignored."""
    known = set(known)
    if unknown := sorted(set(query) - known):
        detail = f"Known are {', '.join(sorted(known))}."
        shown = [name[:64].encode("utf-8", "replace").decode() for name in unknown[:20]]
        raise query_problem(FieldError(pointer_to(name), "unknown_parameter", detail) for name in shown)
    if twice := sorted(name for name, values in query.lists() if len(values) > 1):
        raise query_problem(FieldError(pointer_to(name), "given_twice", f"Give {name} once.") for name in twice)

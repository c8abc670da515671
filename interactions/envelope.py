"""The envelope of a bulk: a plain array of interactions, or an object that says when it was sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from interactions.domain.fields import FieldError, read_time
from interactions.domain.parsing import Flaw, check_value

MAX_ITEMS = 1000


class EnvelopeFault(ValueError):
    """The bulk is refused as a whole. `is_about_content`: it does not merely hold too many."""

    def __init__(self, code: str, detail: str, errors: Sequence[FieldError] = (), is_about_content: bool = True):
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.errors = errors
        self.is_about_content = is_about_content


def read_envelope(body: Any) -> tuple[list[Any], datetime | None]:
    """Interactions and the bulk's `sentAt`, from a JSON value. Raises EnvelopeFault."""
    sent_at = None
    if type(body) is dict:
        faults = [
            FieldError(f"/{name}", "unknown_field", "Known are sentAt and interactions.")
            for name in body
            if name not in ("sentAt", "interactions") and name.isprintable()
        ]
        if len(body.keys() - {"sentAt", "interactions"}) != len(faults):
            raise EnvelopeFault("invalid", "A field's name holds characters that cannot be kept.")
        if body.get("sentAt") is not None:
            try:
                sent_at = read_time(body["sentAt"])
            except ValueError as error:
                faults.append(FieldError("/sentAt", "invalid_time", str(error)))
        if "interactions" not in body:
            faults.append(FieldError("/interactions", "required", "This field is required."))
        if faults:
            raise EnvelopeFault("invalid", "The envelope cannot be read: see errors.", faults)
        body = body["interactions"]
    if type(body) is not list:
        flaws: list[Flaw] = []
        check_value(body, flaws)
        if flaws:
            raise EnvelopeFault(flaws[0].code, flaws[0].detail)
        raise EnvelopeFault("not_a_list", "Send an array of interactions, or an object with an array `interactions`.")
    if len(body) > MAX_ITEMS:
        detail = f"At most {MAX_ITEMS} interactions at once; these are {len(body)}."
        raise EnvelopeFault("too_many_items", detail, is_about_content=False)
    return body, sent_at

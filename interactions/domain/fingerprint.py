"""A keyed fingerprint of what a client said: equal for a resent interaction, different for a changed one."""

from hashlib import blake2b
from typing import Any

import msgspec

from interactions.domain.event import Event

SIZE = 16
_encode = msgspec.json.Encoder(order="deterministic").encode


def fingerprint(event: Event, key: bytes) -> bytes:
    """A keyed BLAKE2b (RFC 7693, 16 bytes) over the event's own fields in canonical form.

    key   at most 64 bytes

    Left out: the ids (they are the key it is compared under) and `sentAt` (a retry is sent later). Keyed,
    because the plain hash of a short answer could be guessed.
    """
    said = _encode(
        (
            event.interaction_type,
            event.occurred_at,
            event.start_time,
            event.end_time,
            event.seconds,
            event.active_seconds,
            event.case_id,
            event.case_title,
            event.resource_type,
            event.resource_id,
            event.resource_name,
            event.help_request_type,
            event.session_id,
            _canonical(event.performance_metrics),
            _canonical(event.metadata),
        )
    )
    return blake2b(said, digest_size=SIZE, key=key).digest()


def _canonical(value: Any) -> Any:
    """The same value with every number that is whole written as an integer: 85 and 85.0 are one."""
    kind = type(value)
    if kind is dict:
        # Most objects hold only text and whole numbers, and need no copy.
        for child in value.values():
            if type(child) is not str and type(child) is not int:
                return {name: _canonical(child) for name, child in value.items()}
        return value
    if kind is list:
        return [_canonical(child) for child in value]
    if kind is float and value.is_integer():
        return int(value)
    return value

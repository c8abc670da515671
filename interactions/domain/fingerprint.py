"""A keyed fingerprint of what a client said: equal for a resent interaction, different for a changed one."""

import hmac
from typing import Any

import msgspec

from interactions.domain.event import Event

SIZE = 16


def fingerprint(event: Event, key: bytes) -> bytes:
    """HMAC-SHA-256 (first 16 bytes) over the event's own fields in canonical form.

    Left out: the ids (they are the key it is compared under) and `sentAt` (a retry is sent later). Keyed,
    because the plain hash of a short answer could be guessed.
    """
    said = msgspec.json.encode(
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
        ),
        order="deterministic",
    )
    return hmac.digest(key, said, "sha256")[:SIZE]


def _canonical(value: Any) -> Any:
    """The same value with every number that is whole written as an integer: 85 and 85.0 are one."""
    kind = type(value)
    if kind is dict:
        return {name: _canonical(child) for name, child in value.items()}
    if kind is list:
        return [_canonical(child) for child in value]
    if kind is float and value.is_integer():
        return int(value)
    return value

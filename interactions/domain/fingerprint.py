"""A keyed fingerprint of what a client said: equal for a resent interaction, different for a changed one."""

from hashlib import blake2b

import msgspec

from interactions.domain.event import Event

SIZE = 16
_encode = msgspec.json.Encoder(order="deterministic").encode


def fingerprint(event: Event, key: bytes) -> bytes:
    """A keyed BLAKE2b (RFC 7693, 16 bytes) over the event's own fields, as the gate has put them in order.

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
            event.performance_metrics,
            event.metadata,
        )
    )
    return blake2b(said, digest_size=SIZE, key=key).digest()

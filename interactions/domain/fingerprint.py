"""A keyed fingerprint of what a client said: equal for a resent interaction, different for a changed one."""

from hashlib import blake2b

import msgspec

from interactions.domain.telling import Telling

SIZE = 16
_encode_lines = msgspec.json.Encoder(order="deterministic").encode_lines


def fingerprints(telling: Telling, key: bytes) -> list[bytes]:
    """Of each interaction a keyed BLAKE2b (RFC 7693, 16 bytes) over its own fields, as the gate put them in order.

    key   at most 64 bytes

    Left out: the ids (they are the key it is compared under) and `sentAt` (a retry is sent later). Keyed,
    because the plain hash of a short answer could be guessed.
    """
    said = zip(
        telling.interaction_type,
        telling.occurred_at,
        telling.start_time,
        telling.end_time,
        telling.seconds,
        telling.active_seconds,
        telling.case_id,
        telling.case_title,
        telling.resource_type,
        telling.resource_id,
        telling.resource_name,
        telling.help_request_type,
        telling.session_id,
        _as_they_stand(telling.performance_metrics),
        _as_they_stand(telling.metadata),
        strict=True,
    )
    keyed = blake2b(digest_size=SIZE, key=key)
    marks = []
    # One call for all; JSON holds no line's end but between two of them.
    for line in _encode_lines(said).splitlines():
        mark = keyed.copy()
        mark.update(line)
        marks.append(mark.digest())
    return marks


def _as_they_stand(objects: list[bytes | None]) -> list[msgspec.Raw | None]:
    return [None if each is None else msgspec.Raw(each) for each in objects]

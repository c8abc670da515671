"""Facts as PostgreSQL's binary COPY rows: what each column looks like on the wire.

Format: https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format". Columns may come in any order,
so those of fixed size that are never null come first and are packed by one call.
"""

import struct
from collections.abc import Iterable
from datetime import UTC, date, datetime

import msgspec

from interactions.domain.fact import Fact

_FIXED = ("id", "user_id", "fingerprint", "occurred_at", "received_at", "day")
_SCORE = ("engagement_score", "consistency", "base_units")
_TIMES = ("told_at", "sent_at", "start_time", "end_time")
_WHOLE = ("time_spent_seconds", "active_seconds")
_TEXTS = (
    "interaction_type",
    "engagement_level",
    "policy_version",
    "clock_flag",
    "resource_type",
    "resource_id",
    "resource_name",
    "case_id",
    "case_title",
    "help_request_type",
    "session_id",
    "specialty",
    "difficulty",
)
_JSON = ("metadata", "performance_metrics")
COLUMNS = (*_FIXED, *_SCORE, *_TIMES, *_WHOLE, "performance", "event_id", *_TEXTS, *_JSON)

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = struct.pack("!h", -1)

# Each value stands behind its length in bytes: 16 uuid, 8 bigint, 16 bytea, 8 timestamptz, 4 date, 8 double, 4 integer.
_pack_fixed = struct.Struct("!h i16s iq i16s iq iq ii id id ii").pack
_pack_long, _pack_whole, _pack_double, _pack_length = (struct.Struct(form).pack for form in ("!iq", "!ii", "!id", "!i"))
_NULL = _pack_length(-1)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(2000, 1, 1).toordinal()
_JSONB_VERSION = b"\x01"
_encode_json = msgspec.json.encode


def rows(facts: Iterable[Fact]) -> bytes:
    """All rows of a batch, with header and trailer."""
    parts = [HEADER]
    # A batch says the same few words again and again: types, levels, titles, specialties.
    words: dict[str, bytes] = {}
    for fact in facts:
        _append_row(parts, fact, words)
    parts.append(TRAILER)
    return b"".join(parts)


def _append_row(parts: list[bytes], fact: Fact, words: dict[str, bytes]) -> None:
    append = parts.append
    append(
        _pack_fixed(
            len(COLUMNS),
            *(16, fact.id.bytes),
            *(8, fact.user_id),
            *(16, fact.fingerprint),
            *(8, _microseconds(fact.occurred_at)),
            *(8, _microseconds(fact.received_at)),
            *(4, fact.day.toordinal() - _EPOCH_DAY),
            *(8, fact.engagement_score),
            *(8, fact.consistency),
            *(4, fact.base_units),
        )
    )
    for moment in (fact.told_at, fact.sent_at, fact.start_time, fact.end_time):
        append(_NULL if moment is None else _pack_long(8, _microseconds(moment)))
    for seconds in (fact.time_spent_seconds, fact.active_seconds):
        append(_NULL if seconds is None else _pack_whole(4, seconds))
    append(_NULL if fact.performance is None else _pack_double(8, fact.performance))
    append(_text(fact.event_id))
    for text in (
        fact.interaction_type,
        fact.engagement_level,
        fact.policy_version,
        fact.clock_flag,
        fact.resource_type,
        fact.resource_id,
        fact.resource_name,
        fact.case_id,
        fact.case_title,
        fact.help_request_type,
        fact.session_id,
        fact.specialty,
        fact.difficulty,
    ):
        word = words.get(text)
        if word is None:
            word = words[text] = _text(text)
        append(word)
    for value in (fact.metadata, fact.performance_metrics):
        if value is None:
            append(_NULL)
        else:
            encoded = _encode_json(value)
            append(_pack_length(len(encoded) + 1) + _JSONB_VERSION + encoded)


def _text(text: str) -> bytes:
    encoded = text.encode()
    return _pack_length(len(encoded)) + encoded


def _microseconds(moment: datetime) -> int:
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds

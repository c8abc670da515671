"""The quick reader of whole bulks: from bytes to columns, where every interaction is plainly in order.

Whatever it does not take (None) is read again item by item, which finds every fault. So it may refuse too
much, but never takes what the careful reader (`event.read_carefully`) refuses, nor reads it otherwise.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from interactions.domain.event import score_of
from interactions.domain.fields import (
    FIRST_YEAR,
    ID_LENGTH,
    LAST_YEAR,
    MAX_SECONDS,
    SESSION_ID_LENGTH,
    TEXT_LENGTH,
    TYPE_LENGTH,
)
from interactions.domain.parsing import canonical, check_value, count_keys, is_plain, names_each_key_once
from interactions.domain.telling import Telling

_Text = Annotated[str, Meta(max_length=TEXT_LENGTH)] | None | UnsetType
_Identifier = Annotated[str, Meta(min_length=1, max_length=ID_LENGTH)] | None | UnsetType
_Seconds = Annotated[int, Meta(ge=0, le=MAX_SECONDS)] | None | UnsetType
_Time = Annotated[datetime, Meta(tz=True)] | None | UnsetType
# The bytes of an object as they were sent; none where it is absent.
_Object = msgspec.Raw


class _Told(msgspec.Struct, rename="camel", forbid_unknown_fields=True, gc=False):
    """An interaction in its JSON shape. UNSET, not None: whether a key was written tells if one came twice."""

    interaction_type: Annotated[str, Meta(max_length=TYPE_LENGTH)]
    event_id: _Identifier = UNSET
    user_id: _Identifier = UNSET
    occurred_at: _Time = UNSET
    start_time: _Time = UNSET
    end_time: _Time = UNSET
    time_spent_seconds: _Seconds = UNSET
    active_seconds: _Seconds = UNSET
    case_id: _Text = UNSET
    case_title: _Text = UNSET
    resource_type: _Text = UNSET
    resource_id: _Text = UNSET
    resource_name: _Text = UNSET
    help_request_type: _Text = UNSET
    session_id: Annotated[str, Meta(max_length=SESSION_ID_LENGTH)] | UnsetType | None = UNSET
    sent_at: _Time = UNSET
    performance_metrics: _Object = _Object()
    metadata: _Object = _Object()


_decode = msgspec.json.Decoder(list[_Told]).decode
_as_row = msgspec.structs.astuple
_encode = msgspec.json.Encoder(order="deterministic").encode
_zone_of, _year_of = attrgetter("tzinfo"), attrgetter("year")


class _NotPlain(Exception):
    """Look closer."""


def read_bulk(raw: bytes, types: frozenset[str], most: int) -> Telling | None:
    """The interactions of a plain JSON array, or None: look closer.

    types   the active interaction types
    most    how many a bulk may hold
    """
    try:
        told = _decode(raw)
        return _columns(raw, told, types) if 0 < len(told) <= most else None
    except (msgspec.MsgspecError, _NotPlain, OverflowError, UnicodeError, RecursionError):
        return None


def _columns(raw: bytes, told: list[_Told], types: frozenset[str]) -> Telling:
    kind, event, user, occurred, start, end, seconds, active, *texts, sent, metrics, metadata = zip(
        *map(_as_row, told), strict=True
    )
    simple = (event, user, occurred, start, end, seconds, active, *texts, sent)
    metrics, metadata = list(map(bytes, metrics)), list(map(bytes, metadata))
    written = len(kind) * (1 + len(simple) + 2) - sum(column.count(UNSET) for column in simple)
    written -= metrics.count(b"") + metadata.count(b"")
    objects: dict[bytes, tuple] = {b"": _NOTHING}
    # Distinct objects are read once: a front end says the same about the browser and the case in every event.
    about = [objects.get(each) or objects.setdefault(each, _read_metadata(each)) for each in metadata]
    scored = [_NOTHING if each == b"" else _read_metrics(each) for each in metrics]
    written += sum(each[-1] for each in about) + sum(each[-1] for each in scored)
    if not names_each_key_once(raw, written):
        raise _NotPlain
    if not types.issuperset(kind):
        raise _NotPlain
    occurred, start, end, sent = _times(occurred), _times(start), _times(end), _times(sent)
    seconds = _wall_clock(_given(seconds), start, end)
    canonical_metrics, score, *_ = zip(*scored, strict=True)
    canonical_metadata, _, specialty, difficulty, stage, _ = zip(*about, strict=True)
    return Telling(
        kind,
        _text(event),
        _text(user),
        occurred,
        start,
        end,
        seconds,
        _given(active),
        *map(_text, texts),
        sent,
        score,
        canonical_metrics,
        canonical_metadata,
        specialty,
        difficulty,
        stage,
    )


# JSON, score, specialty, difficulty, stage, keys written.
_NOTHING = (None, None, "", "", "", 0)


def _read_metadata(raw: bytes) -> tuple:
    value, written = _read_object(raw)
    if value is None:
        return _NOTHING
    said = [value.get(name) for name in ("specialty", "difficulty", "stage")]
    for text in said:
        if text is not None and (type(text) is not str or len(text) > TEXT_LENGTH):
            raise _NotPlain
    return (_encode(value), None, *(text or "" for text in said), written)


def _read_metrics(raw: bytes) -> tuple:
    value, written = _read_object(raw)
    if value is None:
        return _NOTHING
    score = value.get("score")
    if score is not None and (score := score_of(score)) is None:
        raise _NotPlain
    return (_encode(value), score, "", "", "", written)


def _read_object(raw: bytes) -> tuple[dict[str, Any] | None, int]:
    """An object that can be kept, whole numbers as integers, and how many keys it and all within it write."""
    value = msgspec.json.decode(raw)
    if value is None:
        return None, 0
    if type(value) is not dict:
        raise _NotPlain
    if is_plain(value):
        return value, len(value)
    flaws: list = []
    check_value(value, flaws)
    if flaws:
        raise _NotPlain
    return canonical(value), count_keys(value)


def _given(column: Sequence) -> Sequence:
    """null says "absent", as in most clients' models."""
    missing = column.count(UNSET)
    if missing == len(column):
        return [None] * missing
    return [None if value is UNSET else value for value in column] if missing else column


def _text(column: Sequence) -> Sequence[str]:
    """Printable text, which holds neither NUL nor half a surrogate pair; "" where absent."""
    distinct = set(column)
    if distinct == {UNSET}:
        return [""] * len(column)
    if UNSET in distinct or None in distinct:
        distinct -= {UNSET, None}
        column = [value if type(value) is str else "" for value in column]
    if not "".join(distinct).isprintable():
        raise _NotPlain
    return column


def _times(column: Sequence) -> Sequence[datetime | None]:
    """In UTC. Years at the edge of those we know are looked at closer."""
    column = _given(column)
    told = column if None not in column else [moment for moment in column if moment is not None]
    if not told:
        return column
    if not FIRST_YEAR < min(map(_year_of, told)) <= max(map(_year_of, told)) < LAST_YEAR:
        raise _NotPlain
    if set(map(_zone_of, told)) == {UTC}:
        return column
    return [None if moment is None else moment.astimezone(UTC) for moment in column]


def _wall_clock(seconds: Sequence, start: Sequence, end: Sequence) -> Sequence[int | None]:
    """Seconds given, else the whole ones between start and end."""
    if None not in seconds and (start.count(None) == len(start) or end.count(None) == len(end)):
        return seconds
    return [
        spent if first is None or last is None else _between(spent, first, last)
        for spent, first, last in zip(seconds, start, end, strict=True)
    ]


def _between(spent: int | None, first: datetime, last: datetime) -> int:
    between = int((last - first).total_seconds())
    if last < first or (spent is None and between > MAX_SECONDS):
        raise _NotPlain
    return between if spent is None else spent

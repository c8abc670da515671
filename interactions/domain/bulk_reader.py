"""The quick reader of whole bulks: from bytes to columns, where every interaction is plainly in order.

Whatever it does not take (None) is read again item by item, which finds every fault. So it may refuse too
much, but never takes what the careful reader (`event.read_carefully`) refuses, nor reads it otherwise.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain
from operator import attrgetter
from typing import Annotated, Any, NamedTuple

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
from interactions.domain.parsing import are_plain, canonical, check_value, count_keys, names_each_key_once
from interactions.domain.telling import Telling

_Text = Annotated[str, Meta(max_length=TEXT_LENGTH)] | None | UnsetType
_Identifier = Annotated[str, Meta(min_length=1, max_length=ID_LENGTH)] | None | UnsetType
_Seconds = Annotated[int, Meta(ge=0, le=MAX_SECONDS)] | None | UnsetType
_Time = Annotated[datetime, Meta(tz=True)] | None | UnsetType


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
    # As bytes: a front end says the same about the browser and the case in every event, and much the same of results.
    performance_metrics: msgspec.Raw = msgspec.Raw()
    metadata: msgspec.Raw = msgspec.Raw()


class _Envelope(msgspec.Struct, rename="camel", forbid_unknown_fields=True, gc=False):
    interactions: list[_Told]
    sent_at: _Time = UNSET


_decode = msgspec.json.Decoder(list[_Told]).decode
_decode_envelope = msgspec.json.Decoder(_Envelope).decode
_as_row = msgspec.structs.astuple
_encode_lines = msgspec.json.Encoder(order="deterministic").encode_lines
_zone_of, _year_of = attrgetter("tzinfo"), attrgetter("year")


class _NotPlain(Exception):
    """Look closer."""


class Bulk(NamedTuple):
    """What a bulk tells, and when it was sent by its client's clock."""

    telling: Telling
    sent_at: datetime | None


def read_bulk(raw: bytes, types: frozenset[str], most: int) -> Bulk | None:
    """A plain JSON array of interactions, or one in its envelope; None: look closer.

    types   the active interaction types
    most    how many a bulk may hold
    """
    try:
        told, sent_at, keys = _decode(raw), None, 0
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        try:
            envelope = _decode_envelope(raw)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            return None
        told, sent_at, keys = envelope.interactions, envelope.sent_at, 2 - (envelope.sent_at is UNSET)
    try:
        if not 0 < len(told) <= most:
            return None
        return Bulk(_columns(raw, told, types, keys), _times([sent_at or None])[0])
    except (msgspec.MsgspecError, _NotPlain, OverflowError, UnicodeError, RecursionError):
        return None


def _columns(raw: bytes, told: list[_Told], types: frozenset[str], keys: int) -> Telling:
    *simple, metrics, metadata = zip(*map(_as_row, told), strict=True)
    kind, event, user, occurred, start, end, seconds, active, *texts, sent = simple
    metrics, metadata = list(map(bytes, metrics)), list(map(bytes, metadata))
    keys += sum(len(column) - column.count(UNSET) for column in simple)
    keys += sum(len(column) - column.count(b"") for column in (metrics, metadata))
    metrics, keys_of_metrics = _metrics(metrics)
    metadata, keys_of_metadata = _metadata(metadata)
    if not names_each_key_once(raw, keys + keys_of_metrics + keys_of_metadata):
        raise _NotPlain
    if not types.issuperset(kind):
        raise _NotPlain
    occurred, start, end, sent = _times(occurred), _times(start), _times(end), _times(sent)
    return Telling(
        kind,
        _text(event),
        _text(user),
        occurred,
        start,
        end,
        _wall_clock(_given(seconds), start, end),
        _given(active),
        *map(_text, texts),
        sent,
        *metrics,
        *metadata,
    )


def _metrics(column: list[bytes]) -> tuple[list[Sequence], int]:
    """The columns performance and performance_metrics, and how many keys they write."""
    read, objects = _distinct(column, (None, None, 0))
    scores = [value.get("score") for value in objects.values()]
    performance = [None if score is None else score_of(score) for score in scores]
    if scores.count(None) != performance.count(None):
        raise _NotPlain
    read |= zip(objects, zip(performance, *_objects(list(objects.values())), strict=True), strict=True)
    *columns, keys = zip(*map(read.__getitem__, column), strict=True)
    return columns, sum(keys)


def _metadata(column: list[bytes]) -> tuple[list[Sequence], int]:
    """The columns metadata, specialty, difficulty and stage, and how many keys they write."""
    read, objects = _distinct(column, (None, "", "", "", 0))
    said = [[value.get(name) for name in ("specialty", "difficulty", "stage")] for value in objects.values()]
    if not all(text is None or (type(text) is str and len(text) <= TEXT_LENGTH) for text in chain(*said)):
        raise _NotPlain
    for raw, texts, written, keys in zip(objects, said, *_objects(list(objects.values())), strict=True):
        read[raw] = (written, *(text or "" for text in texts), keys)
    *columns, keys = zip(*map(read.__getitem__, column), strict=True)
    return columns, sum(keys)


def _distinct(column: list[bytes], nothing: tuple) -> tuple[dict[bytes, tuple], dict[bytes, dict]]:
    """`nothing` for each of the different bytes of a column, and the objects that some of these tell."""
    told = dict.fromkeys(column, nothing)
    # All in one go: one by one, where no two are the same, they would cost twice as much.
    values = msgspec.json.decode(b"[%b]" % b",".join([raw or b"null" for raw in told]))
    objects = {raw: value for raw, value in zip(told, values, strict=True) if value is not None}
    if not all(type(value) is dict for value in objects.values()):
        raise _NotPlain
    return told, objects


def _objects(values: list[dict[str, Any]]) -> tuple[list[bytes], list[int]]:
    """Objects that can be kept as JSON with whole numbers as integers, and how many keys each writes."""
    if are_plain(values):
        return _encode_lines(values).splitlines(), list(map(len, values))
    flaws: list = []
    for value in values:
        check_value(value, flaws)
    if flaws:
        raise _NotPlain
    return _encode_lines(map(canonical, values)).splitlines(), list(map(count_keys, values))


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
    years = set(map(_year_of, told))
    if not FIRST_YEAR < min(years) <= max(years) < LAST_YEAR:
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

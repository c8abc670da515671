"""Facts as PostgreSQL's binary COPY rows: what each column looks like on the wire.

Format: https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format". Columns may come in any order,
so the numbers come first: rows that lack the same of them have one shape, and are laid out all at once.
"""

import struct
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain, repeat
from typing import Any

import numpy as np

from interactions.domain.fact import Facts
from interactions.domain.moments import NOT_TOLD, micros, numbers_of

_NEVER_NULL = ("id", "user_id", "fingerprint", "occurred_at", "received_at", "day")
_SCORE = ("engagement_score", "consistency", "base_units")
_NULLABLE = ("told_at", "sent_at", "start_time", "end_time", "time_spent_seconds", "active_seconds", "performance")
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
COLUMNS = (*_NEVER_NULL, *_SCORE, *_NULLABLE, "event_id", *_TEXTS, *_JSON)

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = struct.pack("!h", -1)

_KINDS = {
    "id": "V16",
    "user_id": ">i8",
    "fingerprint": "V16",
    "occurred_at": ">i8",
    "received_at": ">i8",
    "day": ">i4",
    "engagement_score": ">f8",
    "consistency": ">f8",
    "base_units": ">i4",
    "told_at": ">i8",
    "sent_at": ">i8",
    "start_time": ">i8",
    "end_time": ">i8",
    "time_spent_seconds": ">i4",
    "active_seconds": ">i4",
    "performance": ">f8",
}
_pack_length = struct.Struct("!i").pack
_NULL = _pack_length(-1)
# PostgreSQL counts from the year 2000.
_EPOCH_DAYS = 10_957
_EPOCH = _EPOCH_DAYS * 86_400 * 10**6
_EPOCH_ORDINAL = 730_120
_JSONB_VERSION = b"\x01"


def rows(facts: Facts) -> bytes:
    """All rows of a batch, with header and trailer."""
    columns = [_numbers(facts), list(map(_text, facts.event_id))]
    columns += [_each_once(getattr(facts, name), _text) for name in _TEXTS]
    columns += [_each_once(getattr(facts, name), _object) for name in _JSON]
    return b"".join((HEADER, *chain.from_iterable(zip(*_merged(columns, len(facts)), strict=True)), TRAILER))


def _merged(columns: list[list[bytes] | bytes], count: int) -> list[Iterable[bytes]]:
    """Columns that are the same in every row (bytes) as one with their neighbours: each piece of a row costs."""
    merged: list[list[bytes] | bytes] = []
    for column in columns:
        if type(column) is bytes and merged and type(merged[-1]) is bytes:
            merged[-1] += column
        else:
            merged.append(column)
    return [repeat(column, count) if type(column) is bytes else column for column in merged]


def _numbers(facts: Facts) -> list[bytes]:
    """The count of columns, and all columns of fixed size, of each row."""
    values = {
        "id": facts.id.view("V16")[:, 0],
        "user_id": np.array(facts.user_id),
        "fingerprint": np.frombuffer(b"".join(facts.fingerprint), dtype="V16"),
        "occurred_at": facts.occurred_at - _EPOCH,
        "received_at": micros(facts.received_at) - _EPOCH,
        "day": np.array(_days(facts)),
        "engagement_score": facts.engagement_score,
        "consistency": facts.consistency,
        "base_units": facts.base_units,
    }
    nullable = [
        column if type(column := getattr(facts, name)) is np.ndarray else numbers_of(column) for name in _NULLABLE
    ]
    absent = [column == NOT_TOLD if column.dtype == np.int64 else np.isnan(column) for column in nullable]
    # Which of the nullable ones a row lacks, as a number: seven bits.
    shapes = sum(mask.astype(np.uint8) << place for place, mask in enumerate(absent))
    values |= {
        name: column - _EPOCH if column.dtype == np.int64 else column
        for name, column in zip(_NULLABLE, nullable, strict=True)
    }
    distinct = np.unique(shapes).tolist()
    if len(distinct) == 1:
        return _laid_out(distinct[0], len(facts), values)
    laid_out: list[bytes] = [b""] * len(facts)
    for shape in distinct:
        chosen = np.flatnonzero(shapes == shape)
        theirs = {name: column[chosen] if np.ndim(column) else column for name, column in values.items()}
        for at, row in zip(chosen.tolist(), _laid_out(shape, len(chosen), theirs), strict=True):
            laid_out[at] = row
    return laid_out


def _laid_out(shape: int, count: int, values: dict[str, Any]) -> list[bytes]:
    """Rows that lack the same. `values`: of every column that any row may have, an array, or one number for all."""
    layout, lengths = _layout(shape), _lengths(shape)
    table = np.empty(count, dtype=layout)
    table["columns"] = len(COLUMNS)
    for name, length in lengths:
        table[f"{name} length"] = length
        if length >= 0:
            table[name] = values[name]
    return table.view(f"V{layout.itemsize}").tolist()


def _days(facts: Facts) -> list[int]:
    numbers = {day: day.toordinal() - _EPOCH_ORDINAL for day in set(facts.day)}
    return [numbers[day] for day in facts.day]


@lru_cache(maxsize=128)
def _lengths(shape: int) -> list[tuple[str, int]]:
    """Each fixed column with its length in bytes as the row tells it; -1: null, and no value follows."""
    named = [(name, np.dtype(_KINDS[name]).itemsize) for name in (*_NEVER_NULL, *_SCORE)]
    return named + [
        (name, -1 if shape >> place & 1 else np.dtype(_KINDS[name]).itemsize) for place, name in enumerate(_NULLABLE)
    ]


@lru_cache(maxsize=128)
def _layout(shape: int) -> np.dtype:
    fields: list[tuple[str, str]] = [("columns", ">i2")]
    for name, length in _lengths(shape):
        fields.append((f"{name} length", ">i4"))
        if length >= 0:
            fields.append((name, _KINDS[name]))
    return np.dtype(fields)


def _text(text: str) -> bytes:
    encoded = text.encode()
    return _pack_length(len(encoded)) + encoded


def _object(value: bytes | None) -> bytes:
    return _NULL if value is None else _pack_length(len(value) + 1) + _JSONB_VERSION + value


def _each_once(values: Sequence, write: Callable[[Any], bytes]) -> list[bytes] | bytes:
    """A batch says the same few words again and again: types, levels, specialties. Bytes: one word in every row."""
    written = {value: write(value) for value in set(values)}
    if len(written) == 1:
        return written[values[0]]
    return list(map(written.__getitem__, values))

"""Sets of learners as bits: who did something in a week, so that weeks can be put together and nobody counts twice.

A set is bytes: the number of its first byte (8 bytes, little endian), then one bit for each key from there on.
"""

from collections.abc import Iterable

import numpy as np

_HEAD = 8


def packed(keys: np.ndarray) -> bytes:
    """The set of some keys, int (n,), not negative; equal sets are equal bytes."""
    if not len(keys):
        return b""
    first = int(keys.min()) // 8
    bits = np.zeros((int(keys.max()) // 8 - first + 1) * 8, dtype=bool)
    bits[keys - first * 8] = True
    return first.to_bytes(_HEAD, "little") + np.packbits(bits, bitorder="little").tobytes()


def members(one: bytes) -> np.ndarray:
    """The keys of a set in their order, int (n,)."""
    if not one:
        return np.empty(0, dtype=np.int64)
    bits = np.unpackbits(np.frombuffer(one, np.uint8, offset=_HEAD), bitorder="little")
    return np.flatnonzero(bits) + _first(one) * 8


def size(one: bytes) -> int:
    return int(np.bitwise_count(np.frombuffer(one, np.uint8, offset=_HEAD)).sum()) if one else 0


def union(sets: Iterable[bytes]) -> bytes:
    sets = [one for one in sets if one]
    if len(sets) < 2:
        return sets[0] if sets else b""
    first = min(_first(one) for one in sets)
    last = max(_first(one) + len(one) - _HEAD for one in sets)
    bits = np.zeros(last - first, dtype=np.uint8)
    for one in sets:
        start = _first(one) - first
        bits[start : start + len(one) - _HEAD] |= np.frombuffer(one, np.uint8, offset=_HEAD)
    return first.to_bytes(_HEAD, "little") + bits.tobytes()


def bits(one: bytes, everybody: np.ndarray) -> int:
    """A set as the bits of a whole number, by the learners' places among everybody's sorted keys."""
    told = np.zeros(len(everybody), dtype=bool)
    told[np.searchsorted(everybody, members(one))] = True
    return int.from_bytes(np.packbits(told, bitorder="little").tobytes(), "little")


def _first(one: bytes) -> int:
    return int.from_bytes(one[:_HEAD], "little")

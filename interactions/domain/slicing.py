"""The bytes of single items of a bulk, exactly as they were sent.

A value that was read and written anew is no longer what was sent: of two equal keys one is gone, numbers are
spelled otherwise, and half a surrogate pair cannot be written as UTF-8 at all.
"""

import re
from collections.abc import Iterable

from interactions.domain.parsing import parse

# Possessive (`++`, `*+`): nothing is tried twice, so the time is linear in the bytes whatever stands in them.
_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_FLAT = rb'[\[{](?:[^][{}"]++|' + _STRING + rb")*+[\]}]"
_string = re.compile(_STRING, re.DOTALL)
# Within an object or array up to the next bracket that opens or closes one which is not flat.
_inside = re.compile(rb'(?:[^][{}"]++|' + _STRING + rb"|" + _FLAT + rb")*+", re.DOTALL)
_word = re.compile(rb"[^\],}\s]+")
_blanks = re.compile(rb"\s*")


def item_bytes(raw: bytes, indexes: Iterable[int]) -> dict[int, bytes]:
    """The bytes of some items by their index.

    raw   a bulk that `parsing.parse` could read: an array, or an object with an array `interactions`
    """
    wanted = set(indexes)
    position = _first_item(raw)
    found: dict[int, bytes] = {}
    for index in range(max(wanted) + 1):
        end = _end(raw, position)
        if index in wanted:
            found[index] = raw[position:end]
        position = _behind_sign(raw, end)  # the comma, or the bracket that closes
    return found


def _first_item(raw: bytes) -> int:
    position = _blanks.match(raw).end()
    is_object = raw[position] in b"{"
    position = _behind_sign(raw, position)
    while is_object:
        end = _end(raw, position)
        name = parse(raw[position:end])
        position = _behind_sign(raw, end)
        if name == "interactions":
            return _behind_sign(raw, position)
        position = _behind_sign(raw, _end(raw, position))
    return position


def _end(raw: bytes, position: int) -> int:
    """Where the value that begins here ends. Not recursive: no nesting is too deep for it."""
    if raw[position] in b'"':
        return _string.match(raw, position).end()
    depth = 0
    while True:
        if raw[position] in b"[{":
            depth += 1
        elif raw[position] in b"]}":
            depth -= 1
        else:
            return _word.match(raw, position).end()
        position += 1
        if depth == 0:
            return position
        position = _inside.match(raw, position).end()


def _behind_sign(raw: bytes, position: int) -> int:
    """Behind one sign and the blanks on both sides of it."""
    position = _blanks.match(raw, position).end() + 1
    return _blanks.match(raw, position).end()

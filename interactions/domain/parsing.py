"""The one place that turns bytes into JSON values, for every door.

Two kinds of fault are told apart. What makes the whole text unreadable (not UTF-8, not JSON, too deep)
raises `Unreadable`. What is wrong with one value inside it (a NUL, half a surrogate pair, a key given
twice) becomes a `Flaw` in that value's place, so that one bad item of a bulk never sinks the others.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import msgspec
import numpy as np

MAX_DEPTH = 32
MAX_KEYS = 200
MAX_STRING = 4096
# The largest integer that every JSON reader, JavaScript's included, keeps exact.
MAX_INTEGER = 2**53 - 1


class Unreadable(ValueError):
    """The text as a whole cannot be read. `code` is stable, `detail` is a sentence."""

    def __init__(self, code: str, detail: str):
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Flaw:
    """Stands where a value cannot be taken: why, and at which JSON pointer below that value."""

    code: str
    detail: str
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class _RepeatedKey:
    key: str


_COLON, _QUOTE = b':"'
_IS_BLANK = np.zeros(256, dtype=bool)
_IS_BLANK[list(b" \t\n\r")] = True
# Below, two passes by themselves cost less than the preparation of one.
_SHORT = 8192
_BLANKS_BEHIND_KEY = re.compile(rb'"[ \t\n\r]+:')


def parse(raw: bytes) -> Any:
    """JSON value of UTF-8 `raw`. Raises Unreadable.

    Objects that name a key twice come back as a Flaw; `check_value` finds what else a value may not hold.
    """
    try:
        value = msgspec.json.decode(raw)
        if names_each_key_once(raw, count_keys(value)):
            return value
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        pass
    # The fast reader only says that something is wrong; the careful one says what.
    return _parse_carefully(raw)


def names_each_key_once(raw: bytes, distinct: int) -> bool:
    """Whether it is certain that no object in `raw` gives a key twice (False: look closer).

    distinct   how many keys the fast reader found; it keeps the last of two equal ones

    Where no blank stands before a colon, every key that is written ends with `":`. Text may look so too, but
    then there are more, never fewer. So as many as there are distinct keys is a proof.
    """
    if len(raw) < _SHORT:
        return raw.count(b'":') == distinct and not _BLANKS_BEHIND_KEY.search(raw)
    signs = np.frombuffer(raw, dtype=np.uint8)
    before = signs[np.flatnonzero(signs[1:] == _COLON)]
    if _IS_BLANK[before].any() and _BLANKS_BEHIND_KEY.search(raw):
        return False
    return np.count_nonzero(before == _QUOTE) == distinct


def count_keys(value: Any) -> int:
    """How many keys all objects within a JSON value have."""
    if type(value) is dict:
        keys = len(value)
        for child in value.values():
            if type(child) is dict or type(child) is list:
                keys += count_keys(child)
        return keys
    if type(value) is list:
        return sum(count_keys(child) for child in value if type(child) is dict or type(child) is list)
    return 0


def _object(pairs: list[tuple[str, Any]]) -> Any:
    result = dict(pairs)
    if len(result) == len(pairs):
        return result
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return _RepeatedKey(key)
        seen.add(key)
    return result


def _refuse_constant(word: str) -> Any:
    raise Unreadable("invalid_json", f"{word} is not a JSON number.")


def _integer(digits: str) -> Any:
    # Python refuses to read thousands of digits at once; nothing past 2^53 is taken anyway.
    return int(digits) if len(digits) <= 17 else Flaw("out_of_range", "A number is beyond 2^53 - 1.")


def _float(digits: str) -> Any:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        return Flaw("out_of_range", "A number is too large.")
    return number


def _parse_carefully(raw: bytes) -> Any:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable("invalid_unicode", f"The text is not UTF-8 (byte {error.start}).") from None
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_integer,
            parse_float=_float,
        )
    except RecursionError:
        raise Unreadable("too_deep", f"The text nests deeper than {MAX_DEPTH} levels.") from None
    except json.JSONDecodeError as error:
        raise Unreadable(
            "invalid_json", f"The text is not JSON: {error.msg} (line {error.lineno}, column {error.colno})."
        ) from None


def pointer_to(*steps: str | int) -> str:
    """A JSON pointer (RFC 6901) from its steps."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def string_flaw(text: str) -> tuple[str, str] | None:
    """Why a string cannot be stored (code, detail), or None."""
    # isprintable is one fast call that clears nearly every string; only the others are looked at closely.
    if text.isprintable():
        return None
    if "\0" in text:
        return "nul_character", "Text may not hold a NUL character."
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "invalid_unicode", "Text holds half of a surrogate pair."
    return None


def is_plain(value: dict[str, Any]) -> bool:
    """Whether an object holds only text, numbers and the like that can be kept as they are. False: look closer.

    Most metadata is such, and a look closer costs five times as much.
    """
    return are_plain([value])


def are_plain(values: Sequence[dict[str, Any]]) -> bool:
    """The same of many objects at once, which costs little more than of one."""
    keys = "".join(set(chain.from_iterable(values)))
    if len(keys) > MAX_STRING or not keys.isprintable() or max(map(len, values), default=0) > MAX_KEYS:
        return False
    by_kind: dict[type, list] = {}
    for child in chain.from_iterable(map(dict.values, values)):
        by_kind.setdefault(type(child), []).append(child)
    texts, integers, floats = (by_kind.pop(kind, ()) for kind in (str, int, float))
    if by_kind.keys() - {bool, type(None)}:
        return False
    distinct = set(texts)
    return (
        max(map(len, distinct), default=0) <= MAX_STRING
        and "".join(distinct).isprintable()
        and all(min(each) >= -MAX_INTEGER and max(each) <= MAX_INTEGER for each in (integers, floats) if each)
        and not any(map(float.is_integer, floats))
    )


def canonical(value: Any) -> Any:
    """The same value with every whole number written as an integer: 85 and 85.0 are one, and so is -0.0 and 0.

    PostgreSQL keeps numbers as decimals and SQLite keeps text; written so, both give back the same.
    """
    kind = type(value)
    if kind is dict:
        return {name: canonical(child) for name, child in value.items()}
    if kind is list:
        return [canonical(child) for child in value]
    if kind is float and value.is_integer():
        return int(value)
    return value


def check_value(value: Any, flaws: list[Flaw], pointer: str = "", depth: int = 1) -> None:
    """Append to `flaws` whatever a free-form value (metadata, metrics) may not hold; O(size)."""
    kind = type(value)
    if kind is str:
        _check_string(value, flaws, pointer)
    elif kind is bool or value is None:
        return
    elif kind is int or kind is float:
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            flaws.append(Flaw("out_of_range", "A number is beyond 2^53 - 1.", pointer))
    elif kind is dict:
        if depth >= MAX_DEPTH:
            flaws.append(Flaw("too_deep", f"Values nest at most {MAX_DEPTH} levels deep.", pointer))
            return
        if len(value) > MAX_KEYS:
            flaws.append(Flaw("too_large", f"An object has at most {MAX_KEYS} keys.", pointer))
            return
        for key, child in value.items():
            known = len(flaws)
            _check_string(key, flaws, pointer)
            if len(flaws) > known:
                continue  # a key that cannot be stored cannot stand in a pointer either
            check_value(child, flaws, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}", depth + 1)
    elif kind is list:
        if depth >= MAX_DEPTH:
            flaws.append(Flaw("too_deep", f"Values nest at most {MAX_DEPTH} levels deep.", pointer))
            return
        if len(value) > MAX_KEYS:
            flaws.append(Flaw("too_large", f"A list has at most {MAX_KEYS} items.", pointer))
            return
        for index, child in enumerate(value):
            check_value(child, flaws, f"{pointer}/{index}", depth + 1)
    elif kind is _RepeatedKey:
        flaws.append(Flaw("duplicate_key", "An object gives one key twice.", pointer_within(pointer, value.key)))
    elif kind is Flaw:
        flaws.append(Flaw(value.code, value.detail, pointer))


def pointer_within(pointer: str, key: str) -> str:
    return pointer + pointer_to(key.encode("utf-8", "replace").decode())


def _check_string(text: str, flaws: list[Flaw], pointer: str) -> None:
    if len(text) > MAX_STRING:
        flaws.append(Flaw("too_long", f"Text has at most {MAX_STRING} characters.", pointer))
    elif (flaw := string_flaw(text)) is not None:
        flaws.append(Flaw(*flaw, pointer))

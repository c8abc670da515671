"""Reading an interaction log: JSON Lines or CSV, plain or gzipped, as JSON values with their line numbers.

A line that cannot be read is a record with a fault; it never ends the reading.
"""

import csv
import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from interactions.domain.event import FIELDS
from interactions.domain.parsing import MAX_INTEGER, Unreadable, parse

MAX_LINE = 1 << 20
HEAD_BYTES = 1 << 16
_GZIP = b"\x1f\x8b"
_UTF_8_MARK = b"\xef\xbb\xbf"
_DELIMITERS = ",;\t"
_OBJECTS = ("metadata", "performanceMetrics")
_WHOLE = ("timeSpentSeconds", "activeSeconds")
# Words even where they look like numbers: a stage "2" is a name.
_WORDS = ("metadata.difficulty", "metadata.specialty", "metadata.stage")
_WHOLE_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,15})")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,15})(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")


class LogUnreadable(ValueError):
    """The file as a whole is no log that can be read; its text is a sentence."""


@dataclass(frozen=True, slots=True)
class Record:
    """One interaction of a log: the line it begins on (from 1), its JSON value or why there is none.

    raw   the bytes of the line, where the log is JSON Lines
    """

    line: int
    value: Any = None
    fault: Unreadable | None = None
    raw: bytes = b""

    @property
    def shown(self) -> Any:
        """What stood there, for a report: JSON where it is JSON, else its text."""
        if not self.raw:
            return self.value
        if type(self.value) is dict:
            # What the fast reader takes too is shown as JSON; NaN and the like are not.
            with suppress(msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
                return msgspec.json.decode(self.raw)
        return self.raw.decode("utf-8", "replace")


class InteractionLog:
    """A log file. `size` in bytes and `head` (hash of its first bytes) tell one file from another."""

    def __init__(self, path: Path):
        self.path = path
        self._source: BinaryIO | None = None
        with path.open("rb") as source:
            head = source.read(HEAD_BYTES)
        self.size = path.stat().st_size
        self.head = sha256(head).hexdigest()
        self.gzipped = head.startswith(_GZIP)

    @property
    def position(self) -> int:
        """Bytes of the file read so far, as it lies on the disk; all of them when it is not open."""
        return self.size if self._source is None or self._source.closed else self._source.tell()

    def records(self) -> Iterator[Record]:
        """All interactions in the order of the file; blank lines are left out. Raises LogUnreadable."""
        with self.path.open("rb") as self._source:
            stream = gzip.GzipFile(fileobj=self._source) if self.gzipped else self._source
            lines = _Lines(stream)
            reader = _json_records if self._is_json(lines.peek()) else _csv_records
            yield from reader(lines)
            if lines.fault is not None:
                yield Record(lines.number + 1, fault=lines.fault)

    def _is_json(self, first: bytes) -> bool:
        names = {suffix.lower() for suffix in self.path.suffixes}
        if names & {".jsonl", ".ndjson", ".csv"}:
            return ".csv" not in names
        start = first.lstrip()[:1]
        if start == b"[":
            raise LogUnreadable("This is a JSON array; a log holds one interaction on each line (JSON Lines).")
        return start == b"{"


class _Lines:
    """Lines of bytes with a limit to their length, counted from 1; the rest of a longer line is skipped."""

    def __init__(self, stream: BinaryIO):
        self._stream = stream
        self._first: bytes | None = None
        self.number = 0
        self.fault: Unreadable | None = None

    def peek(self) -> bytes:
        self._first = self._read().removeprefix(_UTF_8_MARK)
        return self._first

    def __iter__(self) -> Iterator[bytes]:
        while line := self._read() if self._first is None else self._first:
            self._first = None
            self.number += 1
            yield line
            while len(line) > MAX_LINE and not line.endswith(b"\n"):
                line = self._read()

    def _read(self) -> bytes:
        try:
            return self._stream.readline(MAX_LINE + 1)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            self.fault = Unreadable("damaged_file", f"The compressed file is damaged here: {error}")
            return b""


def _json_records(lines: _Lines) -> Iterator[Record]:
    for raw in lines:
        if len(raw) > MAX_LINE:
            yield Record(lines.number, fault=Unreadable("too_long", f"A line has at most {MAX_LINE} bytes."))
            continue
        raw = raw.strip()
        if raw:
            try:
                yield Record(lines.number, parse(raw), raw=raw)
            except Unreadable as fault:
                yield Record(lines.number, fault=fault, raw=raw)


def _csv_records(lines: _Lines) -> Iterator[Record]:
    # A byte that is not UTF-8 becomes half a surrogate pair, which the gate refuses in its own field.
    texts = (line.decode("utf-8", "surrogateescape") for line in lines)
    header_line = next(texts, "")
    delimiter = max(_DELIMITERS, key=header_line.count)
    columns = _columns(next(csv.reader([header_line], delimiter=delimiter), []))
    reader = csv.reader(texts, delimiter=delimiter)
    while True:
        begins = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Record(begins, fault=Unreadable("invalid_csv", f"This cannot be read as CSV: {error}."))
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(columns):
            detail = f"The line has {len(cells)} cells under {len(columns)} columns."
            yield Record(begins, ",".join(cells), Unreadable("too_many_cells", detail))
        else:
            yield Record(begins, _interaction(columns, cells))


@dataclass(frozen=True, slots=True)
class _Column:
    path: tuple[str, ...]
    read: Callable[[str], Any]


def _columns(header: list[str]) -> list[_Column]:
    titles = [title.strip() for title in header]
    names = set(titles)
    unknown = [title for title in titles if not _is_field(title)]
    if unknown or len(names) < len(titles) or "interactionType" not in names:
        faults = [f"no field is called {title!r}" for title in unknown]
        faults += [f"{title!r} stands twice" for title in sorted(names) if titles.count(title) > 1]
        faults += ["the column 'interactionType' is missing"] if "interactionType" not in names else []
        raise LogUnreadable(
            f"The first line is no header of a log: {', '.join(faults)}. Columns are {', '.join(FIELDS)}; the last "
            "two with what they hold, such as metadata.difficulty and performanceMetrics.score."
        )
    return [_Column(tuple(title.split(".", 1)), _reader(title)) for title in titles]


def _is_field(title: str) -> bool:
    name, dot, key = title.partition(".")
    return bool(key) and name in _OBJECTS if dot else name in FIELDS and name not in _OBJECTS


def _reader(title: str) -> Callable[[str], Any]:
    if title in _WHOLE:
        return _whole
    return _free if "." in title and title not in _WORDS else str


def _whole(text: str) -> Any:
    # What is no whole number goes on as text, for the gate to refuse in its own words.
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else text


def _free(text: str) -> Any:
    """A cell of metadata or performanceMetrics: a number, true or false as JSON writes them, else text."""
    if text in ("true", "false"):
        return text == "true"
    if _WHOLE_NUMBER.fullmatch(text) and abs(int(text)) <= MAX_INTEGER:
        return int(text)
    if _NUMBER.fullmatch(text) and abs(number := float(text)) != float("inf"):
        return number
    return text


def _interaction(columns: list[_Column], cells: list[str]) -> dict[str, Any]:
    """A row as the JSON object it stands for; an empty cell is an absent field."""
    value: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=False):
        if cell := cell.strip():
            *outer, name = column.path
            target = value.setdefault(outer[0], {}) if outer else value
            target[name] = column.read(cell)
    return value

"""A learner's days as bytes: what a list of learners needs of each day, and no more."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np

from engagement.domain.case_ends import CaseEnds

# offset: days after the first one kept. Points and best in ten-thousandths of a point.
DAYS = np.dtype([("offset", "<u2"), ("points", "<i4"), ("best", "<i4")])
# Microseconds since 1970 in UTC; NEVER where there was none.
ENDS = np.dtype([("offset", "<u2"), ("abandoned", "<i4"), ("first", "<i8"), ("last", "<i8"), ("completed", "<i8")])
NEVER = -1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def packed_days(days: Iterable[tuple[int, int, int]]) -> bytes:
    return np.array(list(days), dtype=DAYS).tobytes()


def packed_ends(ends: Iterable[tuple[int, CaseEnds]]) -> bytes:
    rows = [
        (offset, day.abandoned, *map(_moment_as_number, (day.first_abandoned, day.last_abandoned, day.last_completed)))
        for offset, day in ends
    ]
    return np.array(rows, dtype=ENDS).tobytes()


def unpacked_days(parts: Sequence[bytes]) -> tuple[np.ndarray, np.ndarray]:
    """All days of n learners (DAYS) and whose each is: a number from 0 to n - 1."""
    return _joined(parts, DAYS)


def who_gave_up(parts: Sequence[bytes]) -> set[int]:
    """Which of n learners, by how their cases ended (ENDS of each), gave any up: numbers from 0 to n - 1."""
    ends, whose = _joined(parts, ENDS)
    return set(whose[ends["abandoned"] > 0].tolist())


def _joined(parts: Sequence[bytes], kind: np.dtype) -> tuple[np.ndarray, np.ndarray]:
    lengths = [len(part) // kind.itemsize for part in parts]
    return np.frombuffer(b"".join(parts), dtype=kind), np.repeat(np.arange(len(parts)), lengths)


def unpacked_ends(part: bytes, first: date) -> Iterator[tuple[date, CaseEnds]]:
    """The days on which cases ended, newest first, each made when it is asked for."""
    for offset, abandoned, *moments in np.frombuffer(part, dtype=ENDS)[::-1].tolist():
        yield first + timedelta(days=offset), CaseEnds(abandoned, *map(_number_as_moment, moments))


def _moment_as_number(moment: datetime | None) -> int:
    return NEVER if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)


def _number_as_moment(number: int) -> datetime | None:
    return None if number == NEVER else _EPOCH + timedelta(microseconds=number)

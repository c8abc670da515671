"""A client's time, corrected for the skew that its sentAt shows."""

from datetime import UTC, datetime, timedelta

import pytest

from interactions.domain.clock import AS_TOLD, CLAMPED, CORRECTED, read_clocks
from interactions.domain.moments import micros, micros_of, moments_of

RECEIVED = datetime(2026, 3, 2, 12, tzinfo=UTC)


def later(**span):
    return RECEIVED + timedelta(**span)


def read(*told_and_sent):
    """What becomes of pairs (told, sent), all read at once."""
    told, sent = map(micros_of, zip(*told_and_sent, strict=True))
    clocks = read_clocks(told, sent, micros(RECEIVED))
    return list(zip(moments_of(clocks.occurred_at.tolist()), clocks.flags, strict=True))


CASES = [
    ((None, None), (RECEIVED, AS_TOLD)),
    ((None, later(days=-1)), (RECEIVED, AS_TOLD)),
    ((later(hours=-3), None), (later(hours=-3), AS_TOLD)),
    ((later(seconds=-10), later(seconds=59)), (later(seconds=-10), AS_TOLD)),
    ((later(seconds=-10), later(seconds=60)), (later(seconds=-10), AS_TOLD)),
    ((later(seconds=-10), later(seconds=61)), (later(seconds=-71), CORRECTED)),
    ((later(hours=1), later(hours=1, seconds=5)), (later(seconds=-5), CORRECTED)),
    ((later(days=-3651), later(days=-3650)), (later(days=-1), CORRECTED)),
    ((later(minutes=4), None), (later(minutes=4), AS_TOLD)),
    ((later(minutes=5), None), (later(minutes=5), AS_TOLD)),
    ((later(minutes=6), None), (RECEIVED, CLAMPED)),
    ((later(days=3650), later(hours=2)), (RECEIVED, CLAMPED)),
    ((later(days=1), datetime(1970, 1, 1, tzinfo=UTC)), (RECEIVED, CLAMPED)),
    (
        (datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 12, 31, tzinfo=UTC)),
        (datetime(1795, 3, 3, 12, tzinfo=UTC), CORRECTED),
    ),
]


@pytest.mark.parametrize(("told_and_sent", "expected"), CASES)
def test_a_clock_is_believed_corrected_or_clamped(told_and_sent, expected):
    assert read(told_and_sent) == [expected]


def test_many_clocks_are_read_as_each_by_itself():
    assert read(*(case for case, _ in CASES)) == [expected for _, expected in CASES]


def test_a_late_upload_is_no_wrong_clock():
    three_days_ago = later(days=-3)
    assert read((three_days_ago, RECEIVED)) == [(three_days_ago, AS_TOLD)]

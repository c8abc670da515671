from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.limits import window
from accounts.limits.window import Verdict

MINUTE = 60_000


def play(steps, limit, period=MINUTE):
    """What was let in, as `(time, cost)`, when these requests come one after the other."""
    entries, let_in = [], []
    for now, cost in steps:
        after = window.spend(entries, cost, limit, period, now)
        if after is not None:
            entries = after
            let_in.append((now, cost))
    return entries, let_in


requests = st.lists(st.tuples(st.integers(0, 4000), st.integers(1, 8)), max_size=120).map(
    lambda steps: [(sum(wait for wait, _ in steps[: place + 1]), cost) for place, (_, cost) in enumerate(steps)]
)


@settings(max_examples=60, deadline=None)
@given(requests)
def test_no_minute_wherever_it_begins_lets_more_than_the_limit_through(steps):
    entries, let_in = play(steps, limit=20)
    for start, _ in let_in:
        assert sum(cost for at, cost in let_in if start <= at < start + MINUTE) <= 20
    assert len(entries) <= window.SLOTS + 1


@settings(max_examples=60, deadline=None)
@given(requests, st.integers(1, 20))
def test_after_the_wait_it_fits_and_a_second_before_it_does_not(steps, cost):
    entries, _ = play(steps, limit=20)
    now = steps[-1][0] if steps else 0
    allowed = window.spend(entries, cost, 20, MINUTE, now) is not None
    told = window.verdict(entries, cost, 20, MINUTE, now, allowed=allowed)
    assert (told.retry_after > 0) is not allowed
    assert window.spend(entries, cost, 20, MINUTE, now + 1000 * told.retry_after) is not None
    if not allowed:
        assert window.spend(entries, cost, 20, MINUTE, now + 1000 * (told.retry_after - 1)) is None


def test_nothing_doubles_at_the_edge_of_a_minute():
    _, let_in = play([(59_900, 20), (60_000, 20), (60_100, 1), (119_899, 1), (119_900, 20)], limit=20)
    assert let_in == [(59_900, 20), (119_900, 20)]


def test_what_is_told_of_a_window():
    entries, _ = play([(0, 15), (30_000, 4)], limit=20)
    assert window.verdict(entries, 4, 20, MINUTE, 30_000, allowed=True) == Verdict(True, 20, 1, 0, 60)
    assert window.verdict(entries, 2, 20, MINUTE, 30_000, allowed=False) == Verdict(False, 20, 1, 30, 60)
    assert window.verdict(entries, 17, 20, MINUTE, 30_000, allowed=False) == Verdict(False, 20, 1, 60, 60)
    assert window.verdict([], 1, 20, MINUTE, 0, allowed=True) == Verdict(True, 20, 20, 0, 0)


def test_a_clock_set_back_locks_nobody_out():
    hour = 60 * MINUTE
    entries, _ = play([(2 * hour, 20)], limit=20)
    assert window.spend(entries, 1, 20, MINUTE, hour) == [(hour, 1)]


def test_clocks_of_two_machines_may_differ_a_little():
    entries, _ = play([(1500, 20)], limit=20)
    assert window.spend(entries, 1, 20, MINUTE, 1000) is None

import numpy as np
import pytest

from engagement.domain.forecast.history import Histories


def histories_like(active: np.ndarray, group=None) -> Histories:
    """Learners who were there from the first column on; an active day has 2 interactions and 90 points."""
    k = len(active)
    days = active.astype(np.float32)
    begun, open_end = np.zeros(k, int), np.full(k, 10_000)
    group = np.zeros(k, int) if group is None else group
    return Histories(active, 2 * days, 90 * days, 90 * days, begun, open_end, open_end, group)


@pytest.fixture(scope="session")
def cohort() -> Histories:
    """200 learners over 126 days: rhythms of their own, breaks, and some who leave."""
    rng = np.random.default_rng(11)
    often, leaving = rng.beta(1.2, 2.0, 200), rng.beta(0.8, 60.0, 200)
    there = np.logical_and.accumulate(rng.random((200, 126)) >= leaving[:, None], axis=1)
    # A break begins now and then and lasts about a week and a half.
    on_break = np.zeros((200, 126), bool)
    for day in range(1, 126):
        on_break[:, day] = np.where(on_break[:, day - 1], rng.random(200) < 0.9, rng.random(200) < 0.03)
    return histories_like(there & ~on_break & (rng.random((200, 126)) < often[:, None]))

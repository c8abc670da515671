"""Sessions in figures: how many, how long."""

from dataclasses import dataclass

import numpy as np

from interactions.domain.sessions import find_sessions


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """count           sessions
    median_seconds  of their lengths; None without any
    total_seconds   of all lengths together
    """

    count: int
    median_seconds: float | None
    total_seconds: float


def summarise(times: np.ndarray) -> SessionSummary:
    """The sessions in n ascending times (seconds, float (n,))."""
    sessions = find_sessions(times)
    if not len(sessions):
        return SessionSummary(0, None, 0.0)
    return SessionSummary(len(sessions), float(np.median(sessions.seconds)), float(sessions.seconds.sum()))

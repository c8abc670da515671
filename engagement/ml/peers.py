"""What a learner's cohort did up to a cut-off: holidays, exams and deadlines show in everybody at once.

A cohort of fewer than ten is no crowd; its learners are given what all learners together did.
"""

from collections.abc import Mapping

import numpy as np

from engagement.domain.forecast.history import Past

LEAST_PEERS = 10
EVERYBODY = -1

PeerFigures = Mapping[int, tuple[float, ...]]


def peer_figures(past: Past, group: np.ndarray, present: np.ndarray) -> dict[int, tuple[float, ...]]:
    """Seven figures of each cohort with at least ten learners, and of EVERYBODY.

    past     of k learners, at least 28 days back
    group    (k,) the cohort's number, -1 for none
    present  (k,) bool, who had begun and not left
    """
    known = {EVERYBODY: _figures(past.rows(present))}
    numbers, sizes = np.unique(group[present], return_counts=True)
    for number in numbers[(sizes >= LEAST_PEERS) & (numbers != EVERYBODY)]:
        known[int(number)] = _figures(past.rows(present & (group == number)))
    return known


def _figures(past: Past) -> tuple[float, ...]:
    if not len(past.active):
        return (0.0,) * 7
    weeks = past.active[:, :28].reshape(-1, 4, 7)
    at_work = weeks.any(axis=2).mean(axis=0)
    fortnight = past.active[:, :14].any(axis=1).mean()
    figures = (*at_work, fortnight, weeks[:, 0].sum(axis=1).mean(), np.median(past.tenure))
    return tuple(float(figure) for figure in figures)


def peer_rows(figures: PeerFigures, group: np.ndarray) -> np.ndarray:
    """(k, 7): the figures of each learner's cohort, of everybody where the cohort has none."""
    numbers, place = np.unique(group, return_inverse=True)
    return np.array([figures.get(int(number), figures[EVERYBODY]) for number in numbers]).reshape(-1, 7)[place]

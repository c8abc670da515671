"""Sessions break where nothing happens for more than 30 minutes."""

import numpy as np

from interactions.domain.sessions import find_sessions


def test_a_gap_of_thirty_minutes_holds_together_and_a_second_more_breaks():
    sessions = find_sessions(np.array([0.0, 1800.0, 3601.0, 3700.0]))
    assert (sessions.first.tolist(), sessions.last.tolist(), sessions.seconds.tolist()) == (
        [0, 2],
        [1, 3],
        [1800.0, 99.0],
    )


def test_a_single_interaction_is_a_session_of_no_known_length():
    assert find_sessions(np.array([5.0])).seconds.tolist() == [0.0]


def test_no_interaction_is_no_session():
    assert len(find_sessions(np.array([]))) == 0

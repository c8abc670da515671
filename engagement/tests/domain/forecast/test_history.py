import numpy as np

from engagement.domain.forecast.history import Histories, Past


def histories(volume, start=0, end=10_000, paused=None) -> Histories:
    volume = np.atleast_2d(np.array(volume, float))
    k = len(volume)
    return Histories(
        volume > 0,
        volume,
        volume,
        volume,
        np.full(k, start),
        np.full(k, end),
        np.full(k, 10_000),
        np.zeros(k, int),
        paused=paused,
    )


def test_the_past_begins_with_the_cut_off_and_ends_with_the_start():
    past = histories([5, 0, 3, 2, 0, 9, 9], start=1).as_of(4, reach=6)
    assert past.volume.tolist() == [[0, 2, 3, 0, 0, 0]]
    assert past.active.tolist() == [[False, True, True, False, False, False]]
    assert (past.observed.tolist(), past.tenure.tolist()) == ([4], [4])


def test_each_learner_may_have_his_own_cut_off():
    past = histories([[1, 2, 3, 4], [5, 6, 7, 8]]).as_of(np.array([1, 3]), reach=3)
    assert past.volume.tolist() == [[2, 1, 0], [8, 7, 6]]


def test_nothing_after_the_cut_off_is_seen():
    before, after = [[3, 0, 2, 1, 0, 4]], [[3, 0, 2, 1, 9, 9]]
    for paused in (None, np.array([[False, True, False, False, False, True]])):
        past, other = (histories(values, paused=paused).as_of(3, reach=6) for values in (before, after))
        for name in Past.__slots__:
            assert np.array_equal(getattr(past, name), getattr(other, name)), name


def test_paused_days_are_left_out_and_spoil_what_comes_ahead():
    paused = np.array([[False, True, True, False, False, False, False, True]])
    all_days = histories([7, 1, 1, 6, 5, 4, 3, 2], paused=paused)
    past = all_days.as_of(4, reach=5)
    assert (past.volume.tolist(), past.observed.tolist(), past.tenure.tolist()) == ([[5, 6, 7, 0, 0]], [3], [3])
    assert [all_days.ahead(cut, 2).whole[0] for cut in (2, 3, 4, 5, 6)] == [True, True, True, False, False]


def test_what_comes_ahead_is_whole_only_where_all_of_it_is_known():
    days = histories([[1, 0, 2, 3], [1, 0, 2, 3]], start=1)
    days.end[1] = 2
    ahead = days.ahead(1, 2)
    assert (ahead.active_days.tolist(), ahead.volume.tolist(), ahead.whole.tolist()) == ([2, 2], [5, 5], [True, True])
    assert days.ahead(2, 2).whole.tolist() == [False, False]
    assert days.ahead(2, 1).whole.tolist() == [True, False]
    days.closed[0] = 3
    assert days.ahead(1, 2).whole.tolist() == [False, True]
    assert [days.present(cut).tolist() for cut in (0, 1, 2, 3)] == [
        [False, False],
        [True, True],
        [True, False],
        [False, False],
    ]

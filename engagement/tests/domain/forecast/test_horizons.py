import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from engagement.domain.forecast.horizons import held

FORECASTS = arrays(float, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.floats(0, 1))


def up_to_each(values: np.ndarray, rising: bool) -> np.ndarray:
    """What is shown for every horizon, as each is asked for alone."""
    return np.stack([held(values[: count + 1], rising=rising)[0] for count in range(len(values))])


@given(FORECASTS)
def test_a_chance_never_grows_with_the_horizon_and_an_amount_never_falls(values):
    assert (np.diff(up_to_each(values, rising=False), axis=0) <= 0).all()
    assert (np.diff(up_to_each(values, rising=True), axis=0) >= 0).all()


@given(FORECASTS, st.booleans())
def test_each_value_is_one_that_a_method_gave_and_it_is_known_for_which_horizon(values, rising):
    told, place = held(values, rising=rising)
    assert np.array_equal(told, values[place, np.arange(values.shape[1])])


@given(FORECASTS, st.booleans())
def test_what_does_not_contradict_itself_stays_as_it_is_and_the_longest_horizons_own(values, rising):
    coherent = np.sort(values, axis=0)[:: 1 if rising else -1]
    told, place = held(coherent, rising=rising)
    assert np.array_equal(told, coherent[-1])
    assert (place == len(values) - 1).all()


def test_the_shortest_of_three_contradictory_horizons_may_hold_the_longest():
    told, place = held(np.array([[0.05, 0.20], [0.07, 0.10], [0.06, 0.03]]), rising=False)
    assert (told.tolist(), place.tolist()) == ([0.05, 0.03], [0, 2])

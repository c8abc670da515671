import msgspec
import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from engagement.ml.features import FEATURES
from engagement.ml.fitting import exported, fit_boosted
from engagement.ml.models import Boosted, unpacked
from engagement.ml.trees import decoded

RNG = np.random.default_rng(5)
ROWS = RNG.normal(size=(600, len(FEATURES))).round(1)
EVENT = RNG.random(600) < 1 / (1 + np.exp(-2 * ROWS[:, 0] + ROWS[:, 3]))
AMOUNT = RNG.poisson(np.exp(ROWS[:, 1] / 2))
SMALL = {"max_iter": 20, "random_state": 0, "early_stopping": False}


def test_our_evaluation_equals_that_of_scikit_learn_on_new_rows_too():
    fresh = np.concatenate([ROWS, RNG.normal(size=(3000, len(FEATURES))), np.full((1, len(FEATURES)), 1e9)])
    classifier = HistGradientBoostingClassifier(**SMALL).fit(ROWS, EVENT)
    ours = Boosted(exported(classifier), "logit").predict(fresh)
    assert np.allclose(ours, classifier.predict_proba(fresh)[:, 1], rtol=0, atol=1e-12)
    regressor = HistGradientBoostingRegressor(loss="poisson", **SMALL).fit(ROWS, AMOUNT)
    assert np.allclose(Boosted(exported(regressor), "log").predict(fresh), regressor.predict(fresh), rtol=1e-12)


@pytest.fixture(scope="module")
def boosted() -> Boosted:
    return Boosted(exported(HistGradientBoostingClassifier(**SMALL).fit(ROWS, EVENT)), "logit")


def test_contributions_add_up_to_the_distance_from_the_average(boosted):
    trees = boosted.trees
    moved = trees.contributions(ROWS[:50])
    assert np.allclose(moved.sum(axis=1), trees.raw(ROWS[:50]) - trees.average(), atol=1e-12)
    assert np.abs(moved).mean(axis=0).argmax() == 0


def test_what_is_stored_comes_back_the_same(boosted):
    again = unpacked(boosted.packed())
    assert np.array_equal(again.predict(ROWS), boosted.predict(ROWS))


def test_trees_of_other_features_are_not_used(boosted):
    told = msgspec.msgpack.decode(boosted.packed())
    assert unpacked(msgspec.msgpack.encode(told | {"features": [*told["features"][:-1], "shoe size"]})) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("left", np.zeros(3, "<i4").tobytes()),
        ("feature", None),
        ("roots", np.array([10**6], "<i4").tobytes()),
        ("depth", 10**9),
    ],
)
def test_bytes_that_are_no_trees_are_refused(boosted, name, value):
    with pytest.raises(msgspec.ValidationError):
        decoded(boosted.trees.encoded() | {name: value}, len(FEATURES))


def test_a_path_that_goes_round_is_refused(boosted):
    trees = boosted.trees
    left = trees.left.copy()
    inner = np.flatnonzero(left != np.arange(len(left)))[1]
    left[inner] = 0
    with pytest.raises(msgspec.ValidationError):
        decoded(trees.encoded() | {"left": left.astype("<i4").tobytes()}, len(FEATURES))


def test_the_same_rows_give_the_same_trees():
    first, second = (fit_boosted(ROWS, EVENT, "logit").packed() for _ in range(2))
    assert first == second

"""Fitting by scikit-learn, exported to plain numbers at once. Only commands import this: pages need no scikit-learn."""

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from engagement.ml.models import DAYS_SINCE, Boosted, Logistic, Recency
from engagement.ml.trees import Trees

ROUNDS = 300
_SETTINGS = {
    "max_iter": ROUNDS,
    "learning_rate": 0.03,
    "max_leaf_nodes": 31,
    "max_depth": 12,
    "l2_regularization": 20.0,
    "max_features": 0.3,
    "early_stopping": False,
    "random_state": 0,
}


def fit_logistic(rows: np.ndarray, happened: np.ndarray, columns: tuple[int, ...]) -> Logistic:
    """Penalised logistic regression on some columns of (n, f) rows, standardised."""
    scaler = StandardScaler().fit(rows[:, columns])
    model = LogisticRegression(C=1.0, max_iter=1000).fit(scaler.transform(rows[:, columns]), happened)
    weights = model.coef_[0] / scaler.scale_
    mean = scaler.mean_
    return Logistic(columns, tuple(map(float, weights)), tuple(map(float, mean)), float(model.intercept_[0]))


def fit_boosted(rows: np.ndarray, target: np.ndarray, link: str) -> Boosted:
    """Gradient boosting of trees. link: logit for an event, log for an amount (Poisson loss)."""
    settings = _SETTINGS | {"min_samples_leaf": int(np.clip(len(rows) // 1000, 20, 200))}
    if link == "logit":
        model = HistGradientBoostingClassifier(**settings)
    else:
        model = HistGradientBoostingRegressor(loss="poisson", **settings)
    # Threads that share a busy core wait for each other by spinning: one alone is quicker than two then.
    with threadpool_limits(1, "openmp"):
        model.fit(rows, target)
    return Boosted(exported(model), link)


def exported(model) -> Trees:
    """The arrays of a fitted histogram gradient boosting model of one output without categories."""
    parts: dict[str, list[np.ndarray]] = {name: [] for name in ("feature", "threshold", "left", "right", "value")}
    roots, offset, depth = [], 0, 0
    for (tree,) in model._predictors:
        nodes = tree.nodes
        here, leaf = np.arange(len(nodes)), nodes["is_leaf"].astype(bool)
        left = np.where(leaf, here, nodes["left"]).astype(int)
        right = np.where(leaf, here, nodes["right"]).astype(int)
        parts["feature"].append(np.where(leaf, 0, nodes["feature_idx"]))
        parts["threshold"].append(np.where(leaf, 0.0, nodes["num_threshold"]))
        parts["left"].append(left + offset)
        parts["right"].append(right + offset)
        parts["value"].append(_means(nodes["value"].copy(), nodes["count"].astype(float), left, right, leaf))
        roots.append(offset)
        offset, depth = offset + len(nodes), max(depth, int(nodes["depth"].max()))
    return Trees(
        **{name: np.concatenate(arrays) for name, arrays in parts.items()},
        roots=np.array(roots),
        baseline=float(model._baseline_prediction.item()),
        depth=depth,
    )


def _means(value: np.ndarray, count: np.ndarray, left, right, leaf) -> np.ndarray:
    """Leaves as they are; inner nodes the mean of their leaves by how many rows came there."""
    # Children are numbered after their parents, so walking backwards meets them first.
    for node in np.flatnonzero(~leaf)[::-1]:
        a, b = left[node], right[node]
        value[node] = (count[a] * value[a] + count[b] * value[b]) / (count[a] + count[b])
    return value


def fit_recency(rows: np.ndarray, happened: np.ndarray) -> Recency:
    """Recency alone, at its best: the share that happened by days since the last active day, never falling."""
    fitted = IsotonicRegression(out_of_bounds="clip").fit(rows[:, DAYS_SINCE], happened.astype(float))
    return Recency(tuple(map(float, fitted.X_thresholds_)), tuple(map(float, fitted.y_thresholds_)))

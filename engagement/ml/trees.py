"""Boosted trees as plain arrays: kept as data, evaluated here, never unpickled.

A model from a file could run anything when it is loaded; arrays of numbers can only be wrong. `decoded` refuses
arrays that do not form trees, so evaluation always ends.
"""

from dataclasses import dataclass

import msgspec
import numpy as np

_ROWS_AT_ONCE = 2_000
_SHAPES = {"feature": "<i2", "threshold": "<f8", "left": "<i4", "right": "<i4", "value": "<f8", "roots": "<i4"}


@dataclass(frozen=True, slots=True)
class Trees:
    """The sum of t trees over n nodes.

    feature, threshold  (n,) a node sends a row left where its feature is at most the threshold
    left, right         (n,) the next nodes; a leaf points to itself
    value               (n,) what a leaf adds; an inner node holds the mean of what lies below it
    roots               (t,) where each tree begins
    baseline            what is there before the first tree
    depth               the most steps from a root to a leaf
    """

    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray
    roots: np.ndarray
    baseline: float
    depth: int

    def raw(self, rows: np.ndarray) -> np.ndarray:
        """The sum before any link, (k,), of rows (k, f) without NaN."""
        parts = [self._raw(rows[start : start + _ROWS_AT_ONCE]) for start in range(0, len(rows), _ROWS_AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def _raw(self, rows: np.ndarray) -> np.ndarray:
        at, places = np.broadcast_to(self.roots, (len(rows), len(self.roots))), np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            at = self._step(rows, places, at)
        return self.baseline + self.value[at].sum(axis=1)

    def contributions(self, rows: np.ndarray) -> np.ndarray:
        """(k, f): by how much each feature moved the sum away from the average row's, along each row's own paths.

        They add up to raw(rows) - average().
        """
        moved, places = np.zeros(rows.shape), np.arange(len(rows))[:, None]
        at = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        for _ in range(self.depth):
            after = self._step(rows, places, at)
            np.add.at(moved, (np.broadcast_to(places, at.shape), self.feature[at]), self.value[after] - self.value[at])
            at = after
        return moved

    def average(self) -> float:
        return float(self.baseline + self.value[self.roots].sum())

    def _step(self, rows: np.ndarray, places: np.ndarray, at: np.ndarray) -> np.ndarray:
        goes_left = rows[places, self.feature[at]] <= self.threshold[at]
        return np.where(goes_left, self.left[at], self.right[at])

    def encoded(self) -> dict[str, bytes | float | int]:
        arrays = {name: getattr(self, name).astype(kind).tobytes() for name, kind in _SHAPES.items()}
        return arrays | {"baseline": self.baseline, "depth": self.depth}


def decoded(told: dict, features: int) -> Trees:
    """Trees of their stored form. Raises msgspec.ValidationError where they are none over `features` features."""
    try:
        arrays = {name: np.frombuffer(told[name], kind) for name, kind in _SHAPES.items()}
        trees = Trees(**arrays, baseline=float(told["baseline"]), depth=int(told["depth"]))
    except (KeyError, TypeError, ValueError) as fault:
        raise msgspec.ValidationError(f"These are no trees: {fault}") from None
    nodes, here = len(trees.feature), np.arange(len(trees.feature))
    if not nodes or any(len(getattr(trees, name)) != nodes for name in ("threshold", "left", "right", "value")):
        raise msgspec.ValidationError("These are no trees: their arrays differ in length.")
    leaf = trees.left == here
    sound = (
        bool(((trees.feature >= 0) & (trees.feature < features)).all())
        and bool(((trees.roots >= 0) & (trees.roots < nodes)).all())
        and bool((leaf == (trees.right == here)).all())
        # Children come after their parents, so no path goes round.
        and bool((leaf | ((trees.left > here) & (trees.right > here))).all())
        and bool(((trees.left < nodes) & (trees.right < nodes)).all())
        and bool(np.isfinite(trees.value).all())
        and 0 <= trees.depth <= 64
    )
    if not sound:
        raise msgspec.ValidationError("These are no trees: their nodes do not fit together.")
    return trees

"""Trained models as plain numbers: what they say of a row of features, and which features said it."""

from dataclasses import dataclass

import msgspec
import numpy as np
from scipy.special import expit

from engagement.ml.features import FEATURES
from engagement.ml.trees import Trees, decoded

DAYS_SINCE = FEATURES.index("days since the last active day")


@dataclass(frozen=True, slots=True)
class Recency:
    """P by days since the last active day alone: shares at some numbers of days, a straight line between two."""

    days: tuple[float, ...]
    shares: tuple[float, ...]

    def predict(self, rows: np.ndarray) -> np.ndarray:
        """(k,) probabilities of rows (k, f)."""
        return np.interp(rows[:, DAYS_SINCE], self.days, self.shares)


@dataclass(frozen=True, slots=True)
class Logistic:
    """P = sigma(intercept + sum weight (x - mean)) over some columns of the features."""

    columns: tuple[int, ...]
    weights: tuple[float, ...]
    means: tuple[float, ...]
    intercept: float

    def predict(self, rows: np.ndarray) -> np.ndarray:
        """(k,) probabilities of rows (k, f)."""
        return expit(self.intercept + self.contributions(rows).sum(axis=1))

    def contributions(self, rows: np.ndarray) -> np.ndarray:
        """(k, f): weight (x - mean), in logits, 0 for columns it does not use."""
        moved = np.zeros(rows.shape)
        moved[:, self.columns] = (rows[:, self.columns] - np.array(self.means)) * np.array(self.weights)
        return moved


@dataclass(frozen=True, slots=True)
class Boosted:
    """A sum of trees behind a link: logit gives a probability, log an amount."""

    trees: Trees
    link: str

    def predict(self, rows: np.ndarray) -> np.ndarray:
        raw = self.trees.raw(rows)
        return expit(raw) if self.link == "logit" else np.exp(raw)

    def contributions(self, rows: np.ndarray) -> np.ndarray:
        return self.trees.contributions(rows)

    def packed(self) -> bytes:
        """MessagePack of the arrays and the names of the features they were trained on."""
        return msgspec.msgpack.encode({"link": self.link, "features": FEATURES, "trees": self.trees.encoded()})


def unpacked(stored: bytes) -> Boosted | None:
    """The model of its stored form; None where it was trained on other features than we have now.

    Raises msgspec.ValidationError or msgspec.DecodeError where the bytes are none of ours.
    """
    told = msgspec.msgpack.decode(stored, type=dict)
    if tuple(told.get("features", ())) != FEATURES:
        return None
    if told.get("link") not in ("logit", "log"):
        raise msgspec.ValidationError("This link is unknown.")
    return Boosted(decoded(told["trees"], len(FEATURES)), told["link"])

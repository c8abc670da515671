"""The figures that answers about crowds add up most, packed: a year of a crowd is thousands of rows.

A row's packed figures are the numbers of `_FIGURES`, then the numbers by word of `_Words` as JSON. To read and to add a
row's JSON of all statistics takes ten times as long, and the longer the fuller its histograms are.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from analytics.domain.bins import SCORE_EDGES, SECONDS_EDGES
from analytics.domain.counting import Values

# Statistics of which the sum over all subgroups is told.
SUMS = (
    *("activeSeconds", "wallSeconds", "unknownSeconds", "untimed"),
    *("completionSecondsSum", "scoresSum", "shallow"),
)
# Histograms, with the edges of their bins.
HISTOGRAMS = {"completionSeconds": SECONDS_EDGES, "scores": SCORE_EDGES}
_FIGURES = np.dtype(
    [(name, "<i8") for name in SUMS] + [(name, "<u4", (len(edges),)) for name, edges in HISTOGRAMS.items()]
)


class _Words(msgspec.Struct):
    """Statistics whose subgroups are words."""

    interactions: dict[str, int] = {}
    starts: dict[str, int] = {}


WORDS = _Words.__struct_fields__
TOTAL_STATS = (*WORDS, *SUMS, *HISTOGRAMS)
_read_words = msgspec.json.Decoder(_Words).decode


def packed_totals(values: Values) -> bytes:
    """The figures of a row, given all of its values."""
    figures = np.zeros((), _FIGURES)
    for name in SUMS:
        figures[name] = sum(values.get(name, {}).values())
    for name in HISTOGRAMS:
        for word, number in values.get(name, {}).items():
            figures[name][int(word)] = number
    words = _Words(*(values.get(name, {}) for name in WORDS))
    # In one order, so that the verifier can compare bytes.
    return figures.tobytes() + msgspec.json.encode(words, order="sorted")


def added_totals(packed: Sequence[bytes]) -> Values:
    """The figures of several rows together, as values; what is nothing is left out."""
    words: dict[str, dict[str, int]] = {name: {} for name in WORDS}
    for one in packed:
        told = _read_words(one[_FIGURES.itemsize :])
        for name, into in words.items():
            for word, number in getattr(told, name).items():
                into[word] = into.get(word, 0) + number
    figures = np.frombuffer(b"".join([one[: _FIGURES.itemsize] for one in packed]), _FIGURES)
    sums = {name: {"": number} for name in SUMS if (number := int(figures[name].sum()))}
    return {name: numbers for name, numbers in words.items() if numbers} | sums | _histograms(figures)


def _histograms(figures: np.ndarray) -> Values:
    bins = {name: figures[name].sum(axis=0, dtype=np.int64) for name in HISTOGRAMS}
    return {
        name: {str(place): int(counts[place]) for place in np.flatnonzero(counts)}
        for name, counts in bins.items()
        if counts.any()
    }

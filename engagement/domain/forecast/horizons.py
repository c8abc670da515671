"""Forecasts of nested spans that do not contradict each other.

Each horizon is forecast by a method of its own, so 28 days may be told a lower or a higher value than the 14 days in
them allow. No silence over 28 days is likelier than over the first 14 of them, and no fewer days are active.
"""

import numpy as np


def held(values: np.ndarray, *, rising: bool) -> tuple[np.ndarray, np.ndarray]:
    """The longest horizon's forecast held within the shorter ones', (n,), and whose value it is, (n,) rows of `values`.

    values  (h, n) forecasts of h horizons, shortest first
    rising  whether what is forecast can only grow with the horizon (amounts) or only fall (the chance of silence)

    Where several say the same it is the longest's.
    """
    longest_first = values[::-1]
    place = (longest_first.argmax if rising else longest_first.argmin)(axis=0)
    return np.take_along_axis(longest_first, place[None, :], axis=0)[0], len(values) - 1 - place

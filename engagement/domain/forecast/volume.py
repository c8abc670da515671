"""How much a learner does on an active day, drawn towards the cohort while little is known."""

import numpy as np

# As if every learner had had this many active days of the cohort's size before his first.
PRIOR_ACTIVE_DAYS = 3.0


def interactions_per_active_day(volume: np.ndarray, active_days: np.ndarray, cohort_mean: float) -> np.ndarray:
    """(sum + 3 g) / (active days + 3), (k,).

    volume       (k,) interactions on the days looked at
    active_days  (k,) active days among them
    cohort_mean  g, the cohort's interactions per active day
    """
    return (volume + PRIOR_ACTIVE_DAYS * cohort_mean) / (active_days + PRIOR_ACTIVE_DAYS)

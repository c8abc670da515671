"""What a night costs: every forecast of many learners from their arrays, by processor time."""

import time
from dataclasses import replace

import numpy as np

from benchmarks.prediction.oulad import Enrolments
from engagement.ml.cases import ACTIVE_DAYS, VOLUME, known_of
from engagement.ml.features import REACH_DAYS
from engagement.ml.outlook import BOOSTED, HORIZONS, SILENCE, amount, key_of, silence
from engagement.ml.training import Training

WEEKS_IN = 16


def report_nightly(tested: Enrolments, trained: Training, learners: int) -> None:
    """Learners of one day, repeated until there are enough: three horizons, trees for all of them."""
    cut = int(tested.start[0]) + 7 * WEEKS_IN
    present = np.flatnonzero(tested.histories.present(cut))
    histories = tested.histories.rows(np.resize(present, learners))
    trees = {choice.key.partition(":")[0]: choice.model for choice in trained.choices if choice.won}
    models = {key_of(target, days): model for target, model in trees.items() for days in HORIZONS}
    # All of them are shown: each horizon asks those that are shorter too.
    cohort = replace(trained.cohort, methods=trained.cohort.methods | {key: (BOOSTED,) for key in models})
    began, spent = time.perf_counter(), time.process_time()
    past = histories.as_of(cut, REACH_DAYS)
    for days in HORIZONS:
        known = known_of(past, cohort.peers, histories.group, days)
        silence(known, days, cohort, models)
        for target in (ACTIVE_DAYS, VOLUME):
            expected = amount(target, known, days, cohort, models).values
            band = cohort.bands.get(key_of(target, 7))
            if band is not None:
                band.interval(expected)
    if key_of(SILENCE, 14) in models:
        models[key_of(SILENCE, 14)].contributions(known.rows)
    print(
        f"\nA nightly run over {learners:,} learners, three horizons, trees for each, reasons: "
        f"{time.process_time() - spent:.1f} s of processor time, {time.perf_counter() - began:.1f} s"
    )

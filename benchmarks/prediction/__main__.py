"""Forecasts on real learners: trained on OULAD's 2013B, 2013J and 2014B with the product's own code, tested on 2014J.

    python -m benchmarks.prediction --help

Nothing of 2014J is seen in training, and no forecast sees a day after its cut-off. Printed beside recency alone and the
naive forecasts, with 95 % intervals from a bootstrap over learners. Exits with 1 where a promise is broken.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from benchmarks.prediction import oulad
from benchmarks.prediction.amounts import report_amount
from benchmarks.prediction.houses import report_houses
from benchmarks.prediction.nightly import report_nightly
from benchmarks.prediction.silence import report_silence
from engagement.ml.cases import ACTIVE_DAYS, VOLUME
from engagement.ml.outlook import SILENCE, key_of
from engagement.ml.training import Plan, train

PROJECT = Path(__file__).resolve().parent.parent.parent
TESTED = "2014J"
# A whole presentation judges and calibrates: 2014B.
PLAN = Plan(
    horizons=(7, 14),
    weeks=104,
    judge_weeks=34,
    # Of silence both horizons: 14 days are shown within what is shown for 7.
    only=frozenset({key_of(SILENCE, 7), key_of(SILENCE, 14), key_of(ACTIVE_DAYS, 7), key_of(VOLUME, 7)}),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("MEDSIM_DATA_DIR", PROJECT.parent / "shared" / "data")
    parser.add_argument("--data", type=Path, default=Path(default), help="folder of the data (MEDSIM_DATA_DIR)")
    parser.add_argument("--repeats", type=int, default=1000, help="draws of the bootstrap (1000)")
    parser.add_argument("--learners", type=int, default=20_000, help="learners of the nightly run (20,000)")
    parser.add_argument("--houses", action="store_true", help="only what small houses are shown, and what it costs")
    options = parser.parse_args()
    if absent := oulad.missing(options.data):
        sys.exit(f"There is no {absent[0]}; name the folder with --data or MEDSIM_DATA_DIR.")

    enrolments = oulad.read(options.data)
    if options.houses:
        report_houses(enrolments)
        return 0
    learning = enrolments.rows(enrolments.presentation != TESTED)
    tested = enrolments.rows(enrolments.presentation == TESTED)
    print(f"{len(learning.histories):,} enrolments to learn from, {len(tested.histories):,} to test on", flush=True)
    cut = int(learning.histories.closed.max()) - 1
    began, spent = time.perf_counter(), time.process_time()
    trained = train(learning.histories, learning.first_day, cut, in_use={}, plan=PLAN, progress=say)
    print(f"trained in {time.perf_counter() - began:.0f} s, {time.process_time() - spent:.0f} s of processor time")
    for choice in trained.choices:
        print(f"  {choice.key}: {choice.why}")

    broken = report_silence(learning, tested, cut, trained, options.repeats)
    for target in (ACTIVE_DAYS, VOLUME):
        broken += report_amount(target, learning, tested, cut, trained, PLAN, options.repeats)
    report_nightly(tested, trained, options.learners)
    print("\nBroken promises: " + "; ".join(broken) if broken else "\nEvery promise is kept.")
    return 1 if broken else 0


def say(text: str) -> None:
    print(f"  {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())

"""What a learner's patterns cost on a log of millions: processor time, wall time and queries of the whole read.

    DATABASE_URL=postgres://postgres@127.0.0.1:5432/postgres python -m benchmarks.pattern_reads --rows 1000000

Makes a database of its own beside the one that DATABASE_URL names, fills it, measures, and drops it again.
"""

import argparse
import os
import time

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medsim_tracking.settings")

LEARNERS = 30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    arguments = parser.parse_args()
    django.setup()

    from django.db import connection
    from django.utils import timezone

    from benchmarks.admin_data import fill

    name = "bench_patterns"
    connection.settings_dict["TEST"]["NAME"] = name if connection.vendor == "postgresql" else f"/tmp/{name}.sqlite3"
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        now = timezone.now()
        fill(arguments.rows, now)
        print(f"{arguments.rows:,} rows, {LEARNERS} learners each\n")
        print("range  interactions  queries   cpu ms: median    p95   wall ms: median    p95")
        for time_range in ("30d", "90d", "all"):
            _measure(time_range, now)
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def _measure(time_range: str, now) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from accounts.models import User
    from engagement.services import EngagementPatternService
    from interactions.models import UserInteractionTrackingModel
    from interactions.windows import read_window

    window = read_window({"timeRange": time_range}, now)
    spent, passed, rows, queries = [], [], [], []
    for learner in User.objects.filter(public_id__startswith="learner-").order_by("pk")[100 : 100 + LEARNERS]:
        cpu, wall = time.process_time(), time.perf_counter()
        EngagementPatternService.detect_engagement_patterns(learner, window=window, now=now)
        spent.append(1000 * (time.process_time() - cpu))
        passed.append(1000 * (time.perf_counter() - wall))
        with CaptureQueriesContext(connection) as asked:
            EngagementPatternService.detect_engagement_patterns(learner, window=window, now=now)
        queries.append(len(asked))
        logged = UserInteractionTrackingModel.objects.filter(user=learner).within(window.start, window.until)
        rows.append(logged.count())
    figures = [np.median(spent), np.quantile(spent, 0.95), np.median(passed), np.quantile(passed, 0.95)]
    print(
        f"{time_range:<7}{int(np.median(rows)):>12}{max(queries):>9}"
        + "{:>17.1f}{:>7.1f}{:>18.1f}{:>7.1f}".format(*figures)
    )


if __name__ == "__main__":
    main()

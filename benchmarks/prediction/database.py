"""What forecasts cost from the database: a nightly run over many learners, and one learner's answer.

    python -m benchmarks.prediction.database --learners 20000

In a temporary SQLite file with made-up days; DATABASE_URL names another, empty one.
"""

import argparse
import os
import tempfile
import time
from datetime import UTC, datetime, timedelta

import numpy as np

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)
DAYS, AT_ONCE = 90, 20_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, default=20_000, help="how many (20,000)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="medsim-prediction-") as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/night.sqlite3")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medsim_tracking.settings")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        measure(options.learners)


def measure(learners: int) -> None:
    from accounts.models import User
    from engagement.forecasts import forecast_of, forecasts_of
    from engagement.model_training import train_models

    keys = fill(learners)
    sample = timed("trained without trees", lambda: train_models(now=NOW, boosting=False, history_days=DAYS))
    print(f"  {sample.learners:,} learners; stored {', '.join(map(str, sample.stored))}")
    timed(f"forecasts of {learners:,} learners, read and made", lambda: forecasts_of(keys, now=NOW))
    timed("the same over 28 days, held within 7 and 14", lambda: forecasts_of(keys, now=NOW, horizon=28))
    timed("forecasts of a cohort of 200", lambda: forecasts_of(keys[:200], now=NOW))
    one = User.objects.get(pk=keys[3])
    forecast_of(one, now=NOW)
    for days in (14, 28):
        timed(
            f"one learner's answer over {days} days, mean of 20",
            lambda days=days: [forecast_of(one, now=NOW, horizon=days) for _ in range(20)],
            20,
        )


def timed(what: str, work, times: int = 1):
    spent, began = time.process_time(), time.perf_counter()
    done = work()
    spent, passed = (time.process_time() - spent) / times, (time.perf_counter() - began) / times
    print(f"{what}: {1000 * spent:,.0f} ms of processor time, {1000 * passed:,.0f} ms", flush=True)
    return done


def fill(learners: int) -> list[int]:
    """Learners who work now and then, one to three kinds of interaction on a day."""
    from accounts.models import User
    from interactions.models import DailyActivity

    rng = np.random.default_rng(1)
    people = [User(username=f"night-{number}", password="!") for number in range(learners)]
    User.objects.bulk_create(people, batch_size=2000)
    keys = list(User.objects.filter(username__startswith="night-").order_by("pk").values_list("pk", flat=True))
    chance, rows = rng.beta(1.2, 2.5, learners), []
    for place, key in enumerate(keys):
        for age in np.flatnonzero(rng.random(DAYS) < chance[place]).tolist():
            moment = NOW - timedelta(days=age + 1)
            for kind in ("case_complete", "resource_access", "search")[: 1 + (place + age) % 3]:
                told = dict.fromkeys(("active_seconds", "wall_seconds", "unknown_seconds", "untimed"), 0)
                rows.append(
                    DailyActivity(
                        user_id=key,
                        day=moment.date(),
                        interaction_type=kind,
                        policy_version="es-1",
                        interactions=2,
                        base_units=600_000,
                        best_units=500_000,
                        first_at=moment,
                        last_at=moment,
                        **told,
                    )
                )
        if len(rows) > AT_ONCE:
            DailyActivity.objects.bulk_create(rows, batch_size=2000)
            rows = []
    DailyActivity.objects.bulk_create(rows, batch_size=2000)
    print(f"{learners:,} learners, {DailyActivity.objects.count():,} daily rows", flush=True)
    return keys


if __name__ == "__main__":
    main()

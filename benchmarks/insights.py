"""What a learner's insights cost from cold, few rows beside many, and what judging every learner at once costs.

    python -m benchmarks.insights --rows 200000 10000000 --postgresql postgres://postgres@127.0.0.1:5432/postgres

Fills a database for each number of rows once, beside the named one, and keeps it: every learner has 500 interactions
over 400 days, so more rows are more learners. What recommendations rest on is not counted beforehand, so each
read folds it: the dear case. Processor time is this process's; PostgreSQL's own is told by the wall clock.
"""

import argparse
import logging
import os
import statistics
import time
from datetime import timedelta
from random import Random

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medsim_tracking.settings")
ROWS_A_LEARNER, COHORT_SIZE, BATCH = 500, 50, 500
RATIO = 1.3


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.insights", description=__doc__.split("\n")[0])
    parser.add_argument("--postgresql", required=True, help="URL of a server's database; others are made beside it")
    parser.add_argument("--rows", type=int, nargs="+", default=[200_000, 10_000_000], help="default: %(default)s")
    parser.add_argument("--learners", type=int, default=60, help="read of each database (default: %(default)s)")
    parser.add_argument("--range", default="30d", help="timeRange (default: %(default)s)")
    arguments = parser.parse_args()
    os.environ["DATABASE_URL"] = arguments.postgresql
    django.setup()
    logging.disable(logging.INFO)
    p95 = {}
    print("      rows  learners  queries  CPU ms p50   p95   wall ms p50   p95")
    for rows in arguments.rows:
        _use(f"medsim_insights_{rows}")
        _fill(rows)
        p95[rows] = _read(rows, arguments.learners, arguments.range)
    if len(p95) > 1:
        ratio = p95[rows] / p95[arguments.rows[0]]
        print(f"p95 of the last beside the first, by wall clock: {ratio:.2f} (at most {RATIO})")
    _judge_all()


def _use(name: str) -> None:
    from django.core.management import call_command
    from django.db import connection

    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    connection.settings_dict["NAME"] = name
    call_command("migrate", verbosity=0)


def _fill(rows: int) -> None:
    from django.core.cache import cache
    from django.utils import timezone

    from accounts.models import Cohort, Enrolment, User
    from benchmarks import admin_data

    cache.clear()
    if User.objects.learners().exists():
        return
    now = timezone.now()
    admin_data.LEARNERS = rows // ROWS_A_LEARNER
    admin_data.LEFT = admin_data.LEARNERS // 10
    started = time.perf_counter()
    admin_data.fill(rows, now)
    Cohort.objects.all().delete()
    learners = list(User.objects.learners().order_by("pk").values_list("pk", flat=True))
    groups = range(0, len(learners), COHORT_SIZE)
    cohorts = Cohort.objects.bulk_create(Cohort(slug=f"c-{n}", name=f"Cohort {n}") for n in groups)
    start = (now - admin_data.SPAN).date()
    for cohort, first in zip(cohorts, groups, strict=True):
        members = learners[first : first + COHORT_SIZE]
        Enrolment.objects.bulk_create(Enrolment(learner_id=one, cohort=cohort, start=start) for one in members)
    print(f"Filled {rows:,} rows in {time.perf_counter() - started:.0f} s.")


def _read(rows: int, number: int, range_name: str) -> float:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from accounts.models import User
    from engagement.api.insight_answers import insights_json
    from engagement.insights import learning_insights
    from interactions.models import DailyActivity
    from interactions.windows import read_window

    now = DailyActivity.objects.order_by("-day").values_list("last_at", flat=True)[0] + timedelta(minutes=1)
    window = read_window({"timeRange": range_name}, now)
    # No learner twice, so nothing of his is warm.
    learners = Random(1).sample(list(User.objects.learners().order_by("pk")), number + 5)
    with CaptureQueriesContext(connection) as captured:
        insights_json(learning_insights(learners[0], window=window, now=now), "UTC", to_the_learner=False)
    for learner in learners[1:5]:
        learning_insights(learner, window=window, now=now)
    walls, processor = [], []
    for learner in learners[5:]:
        wall, own = time.perf_counter(), time.process_time()
        insights_json(learning_insights(learner, window=window, now=now), "UTC", to_the_learner=False)
        walls.append(1000 * (time.perf_counter() - wall))
        processor.append(1000 * (time.process_time() - own))
    cpu, wall = _two(processor), _two(walls)
    people = User.objects.learners().count()
    told = f"{cpu[0]:>10.1f} {cpu[1]:>5.1f}   {wall[0]:>11.1f} {wall[1]:>5.1f}"
    print(f"{rows:>10,}  {people:>8,}  {len(captured):>7}  {told}")
    return wall[1]


def _two(values: list[float]) -> tuple[float, float]:
    """The median and the 95th percentile."""
    return statistics.median(values), statistics.quantiles(values, n=20)[-1]


def _judge_all() -> None:
    """Every learner of the last database: status, reasons, points, as a nightly run would, in blocks."""
    from accounts.models import User
    from engagement.selectors import reach, records_of, tenures_of
    from engagement.standing import LOOK_BACK_DAYS, standings_of
    from interactions.models import DailyActivity
    from interactions.policies import policy_book

    book = policy_book()
    today = DailyActivity.objects.order_by("-day").values_list("day", flat=True)[0]
    people = list(User.objects.learners().order_by("pk").values_list("pk", flat=True))
    wall, own, needing = time.perf_counter(), time.process_time(), 0
    for first in range(0, len(people), BATCH):
        block = people[first : first + BATCH]
        tenures = tenures_of(block, today)
        since = reach(tenures.values(), today, LOOK_BACK_DAYS)
        records = records_of(block, since=since, today=today, book=book, tenures=tenures)
        needing += sum(standing.points > 0 for standing in standings_of(list(records.values()), today, book))
    wall, own = time.perf_counter() - wall, time.process_time() - own
    told = f"{wall:.1f} s, {own:.1f} s of them this process; {needing:,} may need somebody."
    print(f"Judged {len(people):,} learners in {told}")


if __name__ == "__main__":
    main()

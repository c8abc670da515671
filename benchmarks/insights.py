"""What a learner's insights cost from cold, few rows beside many, and what judging every learner at once costs.

    python -m benchmarks.insights --rows 200000 10000000 --postgresql postgres://postgres@127.0.0.1:5432/postgres

Fills a database for each number of rows once, beside the named one, and keeps it: every learner has 500 interactions
over 400 days, so more rows are more learners. What recommendations rest on stands there as `count_progress` would
leave it, abilities made up. Processor time is this process's; PostgreSQL's own is told by the wall clock. Each
learner is read twice: from cold, and again.
"""

import argparse
import logging
import os
import statistics
import time
from datetime import timedelta
from importlib import import_module
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
    for rows in arguments.rows:
        _use(f"medsim_insights_{rows}")
        _fill(rows)
        _count()
    # As in the server's worker, which looks for circles of garbage as seldom, and gives no statement the time to fill.
    import_module("medsim_tracking.wsgi")
    p95: dict[int, list[float]] = {}
    print("Milliseconds, p50 and p95, of reads from cold by processor and wall clock, and of the same read again:")
    print("      rows  learners  queries  processor          cold              again")
    for rows in arguments.rows:
        _use(f"medsim_insights_{rows}")
        p95[rows] = _read(rows, arguments.learners, arguments.range)
    if len(p95) > 1:
        ratios = [many / few for many, few in zip(p95[rows], p95[arguments.rows[0]], strict=True)]
        names = ("insights cold", "again", "recommendations")
        told = ", ".join(f"{name} {ratio:.2f}" for name, ratio in zip(names, ratios, strict=True))
        print(f"p95 by the clock, the last beside the first: {told} (at most {RATIO})")
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


def _count() -> None:
    """What `count_progress` would leave, in a few statements instead of hours; abilities and statistics are made up."""
    from django.db import connection

    from accounts.models import User
    from engagement.models import ItemStatistic, LearnerAbility, ProgressMark
    from interactions.models import Case, UserInteractionTrackingModel

    if ProgressMark.objects.exists():
        return
    newest = UserInteractionTrackingModel.objects.order_by("-pk")[0]
    cases = list(Case.objects.order_by("pk").values_list("case_id", flat=True))
    specialties = {f"specialty {n}": (n / 10 - 0.5, 5 + n, 3, 2 + n, newest.occurred_at.isoformat()) for n in range(10)}
    LearnerAbility.objects.bulk_create(
        (
            LearnerAbility(
                user_id=user,
                general=0.3,
                attempts=95,
                specialties=specialties,
                recent=[("case", "", cases[(user + n) % len(cases)]) for n in range(5)],
            )
            for user in User.objects.learners().values_list("pk", flat=True)
        ),
        batch_size=2000,
    )
    ItemStatistic.objects.bulk_create(
        ItemStatistic(
            kind="case",
            item_id=case,
            difficulty=n % 9 / 5 - 0.8,
            attempts=200,
            openers=200,
            uptake=1 + n % 7,
            starts=100,
            completions=60 + n % 30,
            followers=[["case", "", cases[(n + step) % len(cases)], 1.0] for step in range(1, 21)],
            as_of=newest.occurred_at,
        )
        for n, case in enumerate(cases)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO engagement_learneritem (user_id, kind, resource_type, item_id, first_at, last_at, attempts, "
            "helps, completed_at, last_credit) SELECT user_id, 'case', '', case_id, min(occurred_at), "
            "max(occurred_at), 1, 0, max(occurred_at) FILTER (WHERE interaction_type = 'case_complete'), 0.7 "
            "FROM interactions_userinteractiontrackingmodel WHERE case_id <> '' "
            "GROUP BY user_id, case_id ORDER BY user_id"
        )
        cursor.execute("ANALYZE")
    ProgressMark.objects.create(last_id=newest.pk, received_at=newest.received_at)


def _read(rows: int, number: int, range_name: str) -> list[float]:
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
    cold, again, processor = [], [], []
    for learner in learners[5:]:
        for walls in (cold, again):
            wall, own = time.perf_counter(), time.process_time()
            insights_json(learning_insights(learner, window=window, now=now), "UTC", to_the_learner=False)
            walls.append(1000 * (time.perf_counter() - wall))
            if walls is cold:
                processor.append(1000 * (time.process_time() - own))
    told = "   ".join(f"{middle:>8.1f} {high:>6.1f}" for middle, high in map(_two, (processor, cold, again)))
    print(f"{rows:>10,}  {User.objects.learners().count():>8,}  {len(captured):>7}  {told}")
    return [_two(cold)[1], _two(again)[1], _recommend(number, window, now)]


def _recommend(number: int, window, now) -> float:
    """Prints what the list of recommendations alone costs other learners; its p95 by the clock."""
    from accounts.models import User
    from engagement.api.recommendations import recommendations_json
    from engagement.recommendations import recommendations

    walls, processor = [], []
    for learner in Random(2).sample(list(User.objects.learners().order_by("pk")), number):
        wall, own = time.perf_counter(), time.process_time()
        recommendations_json(recommendations(learner, window=window, now=now), "UTC")
        walls.append(1000 * (time.perf_counter() - wall))
        processor.append(1000 * (time.process_time() - own))
    (own_middle, own_high), (middle, high) = _two(processor), _two(walls)
    print(f"{'recommendations alone':>31}  {own_middle:>8.1f} {own_high:>6.1f}   {middle:>8.1f} {high:>6.1f}")
    return high


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

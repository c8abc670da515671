"""A large generated log for `benchmarks/admin.py`: the same rows for the same number, made inside the database.

Shaped to catch slow reads: learners who left long ago, a cohort of nobody else, a case and a clock flag that
occur only among the oldest rows, and one cohort of nearly everybody.
"""

from datetime import datetime, timedelta

from django.db import connection

from accounts.models import Cohort, Enrolment, User
from interactions.domain.policy import ES_1
from interactions.models import Case, DailyActivity, UserInteractionTrackingModel

LEARNERS, LEFT, CASES = 500, 50, 200
SPAN = timedelta(days=400)
CHUNK = 1_000_000
_EMPTY = (
    "resource_type",
    "resource_id",
    "resource_name",
    "case_title",
    "help_request_type",
    "session_id",
    "difficulty",
)
_TYPES = sorted({kind for kind, _ in ES_1.rules})


def fill(rows: int, now: datetime) -> None:
    """Enter people, cases and `rows` interactions that end at `now`, with their daily sums."""
    _people(now)
    Case.objects.bulk_create(
        Case(case_id=f"case-{n}", title=f"Case number {n}", specialty=f"specialty {n % 10}", first_seen=now)
        for n in range(CASES)
    )
    Case.objects.create(case_id="case-rare", title="The rare one", specialty="rarely", first_seen=now)
    log = UserInteractionTrackingModel
    # Building an index once is several times faster than keeping it up row by row.
    with connection.schema_editor() as editor:
        for index in log._meta.indexes:
            editor.remove_index(log, index)
    first = User.objects.filter(public_id="learner-0").values_list("pk", flat=True).get()
    start = int((now - SPAN).timestamp() * 1000)
    step = max(1, int(SPAN.total_seconds() * 1000) // rows)
    for low in range(0, rows, CHUNK):
        with connection.cursor() as cursor:
            cursor.execute(_statement(rows, first, start, step, low, min(low + CHUNK, rows)))
    with connection.schema_editor() as editor:
        for index in log._meta.indexes:
            editor.add_index(log, index)
    _daily_sums()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _people(now: datetime) -> None:
    User.objects.bulk_create(
        User(
            username=f"learner:learner-{number}",
            public_id=f"learner-{number}",
            name=f"Learner {number} {'Left' if number >= LEARNERS - LEFT else 'Here'}",
            email=f"learner{number}@example.org",
            password="!",
        )
        for number in range(LEARNERS)
    )
    learners = list(User.objects.learners().order_by("pk"))
    start = (now - SPAN).date()
    groups = {
        "Nearly everybody": learners[:400],
        "Those who left": learners[-LEFT:],
        "A few who left": learners[-10:],
        "Sixty": learners[100:160],
    }
    for name, members in groups.items():
        cohort = Cohort.objects.create(slug=name.lower().replace(" ", "-"), name=name)
        Enrolment.objects.bulk_create(Enrolment(learner=one, cohort=cohort, start=start) for one in members)


def _statement(rows: int, first_user: int, start: int, step: int, low: int, high: int) -> str:
    postgresql = connection.vendor == "postgresql"
    if postgresql:
        numbers = f"SELECT generate_series({low}, {high - 1})::bigint AS n"
        key = "(lpad(to_hex(at), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0') || '8' || lpad(to_hex(n), 15, '0'))"
        key += "::uuid"
        moment = "to_timestamp(at / 1000.0)"
        day = f"({moment} AT TIME ZONE 'UTC')::date"
        nothing, mark = "NULL::jsonb", "decode(md5(n::text), 'hex')"
    else:
        numbers = (
            f"WITH RECURSIVE c(n) AS (SELECT {low} UNION ALL SELECT n + 1 FROM c WHERE n < {high - 1}) SELECT n FROM c"
        )
        key = "printf('%012x7%03x8%015x', at, n % 4096, n)"
        moment = "strftime('%Y-%m-%d %H:%M:%f', at / 1000.0, 'unixepoch') || '000'"
        day = "date(at / 1000, 'unixepoch')"
        nothing, mark = "NULL", "randomblob(16)"
    types = " ".join(f"WHEN {number} THEN '{kind}'" for number, kind in enumerate(_TYPES))
    values = {
        "id": key,
        "user_id": f"{first_user} + h / (4294967296 / "
        f"CASE WHEN n < {rows // 12} THEN {LEARNERS} ELSE {LEARNERS - LEFT} END + 1)",
        "event_id": "'event-' || n",
        "fingerprint": mark,
        # Two of five are navigation, the rest are spread evenly.
        "interaction_type": f"CASE WHEN h % 5 < 2 THEN 'navigation' ELSE CASE h / 5 % {len(_TYPES)} {types} END END",
        "case_id": f"CASE WHEN n < {rows // 1000} AND n % 100 = 0 THEN 'case-rare' "
        f"WHEN h % 5 = 4 THEN 'case-' || (h / 7 % {CASES}) ELSE '' END",
        "specialty": "CASE WHEN h % 5 = 4 THEN 'specialty ' || (h / 7 % 10) ELSE '' END",
        "metadata": nothing,
        "time_spent_seconds": "h % 600",
        "occurred_at": moment,
        "received_at": moment,
        "clock_flag": f"CASE WHEN n < {rows // 1000} AND n % 100 = 3 THEN 'clamped' "
        "WHEN n % 50000 = 7 THEN 'corrected' ELSE '' END",
        "day": day,
        "engagement_score": "(h % 10001) / 100.0",
        "engagement_level": "CASE WHEN h % 10001 >= 8000 THEN 'very_high' WHEN h % 10001 >= 6000 THEN 'high' "
        "WHEN h % 10001 >= 4000 THEN 'medium' ELSE 'low' END",
        "consistency": "0.5",
        "base_units": "h % 1000000",
        "policy_version": "'es-1'",
        **dict.fromkeys(_EMPTY, "''"),
    }
    # An odd number of milliseconds, so that SQLite's text times always have their fraction.
    return (
        f"INSERT INTO {UserInteractionTrackingModel._meta.db_table} ({', '.join(values)}) "
        f"SELECT {', '.join(values.values())} FROM (SELECT n, h, ({start} + n * {step}) / 2 * 2 + 1 AS at FROM "
        f"(SELECT n, (n * 2654435761) % 4294967296 AS h FROM ({numbers}) AS counted) AS hashed) AS generated"
    )


def _daily_sums() -> None:
    log = UserInteractionTrackingModel._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {DailyActivity._meta.db_table} (user_id, day, interaction_type, policy_version, "
            "interactions, base_units, best_units, active_seconds, wall_seconds, unknown_seconds, untimed, "
            "first_at, last_at) "
            "SELECT user_id, day, interaction_type, policy_version, count(*), sum(base_units), max(base_units), 0, "
            "sum(time_spent_seconds), sum(time_spent_seconds), 0, min(occurred_at), max(occurred_at) "
            f"FROM {log} GROUP BY day, user_id, interaction_type, policy_version ORDER BY day"
        )

"""A year of a cohort through the writer, then as many copies of it as are asked for, inside the database.

The rows lie in the order of their moments, all learners among each other, under keys that tell the time, as a year of
receiving them would have left them. What the jobs found out about a learner is copied with him, by statements that
take a minute where the jobs would take hours; only the cohort's own learners make up how hard a case is.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zlib import crc32

from analytics.demo.days import learner_day, traits
from benchmarks.pages import people

# The demo's cases in so many versions each: as many cases as a school has.
VARIANTS = 6
DAYS = 365
# As many learners in one as do twenty thousand interactions a year together.
HEAVY_AS = 7
# Key of row `n` of a copy: the moment, then the copy and the row. Also tells the key of one from that of the other.
KEY = (
    "(lpad(to_hex((extract(epoch FROM {at}) * 1000)::bigint), 12, '0') || '7000' || '8' || lpad(to_hex({copy}), 7, '0')"
)
KEY += " || lpad(to_hex({n}), 8, '0'))::uuid"
COPIED_KEY = "(left(replace({key}::text, '-', ''), 17) || lpad(to_hex(copy), 7, '0') || right({key}::text, 8))::uuid"


def interactions_on(day: date, today: date, now: datetime) -> Iterator[dict]:
    """What the cohort did on a day, up to `now`."""
    from accounts.calendar import institution_zone

    zone = institution_zone()
    for number in range(people.SIZE):
        away = people.leave(number, today)
        if away and away[0] <= day < away[1]:
            continue
        for person, who in _as_many(number):
            for moment, told in learner_day(person, who, day, seed=people.SEED, anchor=today, zone=zone):
                if moment <= now:
                    yield _one_of_many(told) | {"userId": people.public_id(number)}


_kept: dict[int, list] = {}


def _as_many(number: int) -> list:
    """The learners of the demo that this one is: one, or many where he is the one who works very much."""
    if number not in _kept:
        person = people.learner(number)
        if number == people.HEAVY:
            several = [
                person._replace(number=number + one, username=f"{person.username}-{one}") for one in range(HEAVY_AS)
            ]
            _kept[number] = [(one, traits(one, people.SEED)._replace(diligence=1.0)) for one in several]
        else:
            who = traits(person, people.SEED)
            _kept[number] = [(person, who._replace(diligence=who.diligence * people.diligence(number)))]
    return _kept[number]


def _one_of_many(told: dict) -> dict:
    """The same, with one of the case's versions in its place: the same one all through a session."""
    if "caseId" in told:
        variant = 1 + crc32(told["sessionId"].encode()) % VARIANTS
        told |= {"caseId": f"{told['caseId']}-{variant}", "caseTitle": f"{told['caseTitle']}, {variant}"}
    return told


def write(today: date, now: datetime, heard) -> None:
    """The cohort's year through the writer, a day at a time, each received when it was over."""
    from accounts.models import User
    from interactions.services import track_bulk_interactions

    sender = User.objects.get(username=people.SENDER)
    for age in range(DAYS, -1, -1):
        day = today - timedelta(days=age)
        received = min(now, datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC))
        told = sorted(interactions_on(day, today, now), key=lambda one: one["occurredAt"])
        track_bulk_interactions(sender=sender, interactions=told, now=received, historical=True)
        heard()


def lay_out(copies: int) -> None:
    """The log anew, from what the cohort did, in the order of time: the cohort and so many copies of it."""
    from django.db import connection, models

    from interactions.models import UserInteractionTrackingModel as Log

    table, own = Log._meta.db_table, people.first_key()
    unique = [each for each in Log._meta.constraints if isinstance(each, models.UniqueConstraint)]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE UNLOGGED TABLE IF NOT EXISTS pages_cohort AS "
            f"SELECT row_number() OVER (ORDER BY occurred_at, id) AS n, log.* FROM {table} AS log"
        )
        cursor.execute(f"TRUNCATE {table}")
        cursor.execute("SELECT min(day), max(day) FROM pages_cohort")
        first, last = cursor.fetchone()
    # Building an index once is several times faster than keeping it up row by row.
    with connection.schema_editor() as editor:
        for index in Log._meta.indexes:
            editor.remove_index(Log, index)
        for constraint in unique:
            editor.remove_constraint(Log, constraint)
    told = {field.column: f"it.{field.column}" for field in Log._meta.concrete_fields}
    told |= {
        "id": KEY.format(at="it.occurred_at", copy="copy", n="it.n"),
        "user_id": f"it.user_id + copy * {people.SIZE}",
        "received_at": "it.occurred_at + interval '2 seconds'",
    }
    statement = (
        f"INSERT INTO {table} ({', '.join(told)}) SELECT {', '.join(told.values())} "
        f"FROM pages_cohort AS it CROSS JOIN generate_series(0, %s) AS copy "
        f"WHERE it.day BETWEEN %s AND %s AND (copy = 0 OR it.user_id < {own + people.HEAVY}) "
        "ORDER BY it.occurred_at, copy"
    )
    for start in range((last - first).days // 7 + 1):
        monday = first + timedelta(days=7 * start)
        with connection.cursor() as cursor:
            cursor.execute(statement, [copies, monday, monday + timedelta(days=6)])
    with connection.schema_editor() as editor:
        for index in Log._meta.indexes:
            editor.add_index(Log, index)
        for constraint in unique:
            editor.add_constraint(Log, constraint)


def copy_what_was_found(copies: int) -> None:
    """Daily sums, attempts and progress of the copies: those of the cohort, under the copies' keys."""
    from django.db import connection

    from engagement.models import LearnerAbility, LearnerItem
    from interactions.models import CaseAttempt, DailyActivity

    own = people.first_key()
    for model in (DailyActivity, CaseAttempt, LearnerItem, LearnerAbility):
        told = {field.column: f"it.{field.column}" for field in model._meta.concrete_fields if not field.primary_key}
        told |= {name: COPIED_KEY.format(key=f"it.{name}") for name in {"start", "ended_by", "stage_by"} & told.keys()}
        told["user_id"] = f"it.user_id + copy * {people.SIZE}"
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(told)}) SELECT {', '.join(told.values())} "
                f"FROM {table} AS it CROSS JOIN generate_series(1, %s) AS copy "
                f"WHERE it.user_id BETWEEN {own} AND {own + people.HEAVY - 1}",
                [copies],
            )


def rows_of() -> tuple[int, int]:
    """Interactions of the cohort, and of those who are copied."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE user_id < %s) FROM pages_cohort",
            [people.first_key() + people.HEAVY],
        )
        return cursor.fetchone()

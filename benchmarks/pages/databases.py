"""The databases that are read: made once beside the one that is named, with the project's own jobs run over them."""

import time
from datetime import timedelta
from functools import cache

from benchmarks.pages import log, people

OLDEST = timedelta(days=1)
REFUSED = 200


def ready(rows: int, small: int, say) -> None:
    """A database of about `rows` rows, made where it is not there, as it is now. `small` is the cohort alone."""
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    name, smallest = _name(rows), _name(small)
    _named()
    if rows != small and not _is_there(name):
        ready(small, small, say)
    if not _is_there(name):
        began = time.monotonic()
        say(f"filling {name}, once")
        _use(_named())
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"' + ("" if rows == small else f' TEMPLATE "{smallest}"'))
        _use(name)
        try:
            _make_cohort(say) if rows == small else _make_copies(rows, say)
        except BaseException:
            # Half a database is of no use to the next run.
            _use(_named())
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}"')
            raise
        say(f"filled in {time.monotonic() - began:.0f} s")
    _use(name)
    call_command("migrate", verbosity=0)
    _refuse_what_is_old(name)
    _keep_up(timezone.now())


def use(rows: int) -> None:
    _use(_name(rows))


@cache
def _named() -> str:
    """The database that the address names, from which others are made: asked for before any other is used."""
    from django.db import connection

    return connection.settings_dict["NAME"]


def _name(rows: int) -> str:
    return f"medsim_pages_{rows}"


def _is_there(name: str) -> bool:
    from django.db import connection

    _use(_named())
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _use(name: str) -> None:
    from django.core.cache import cache as kept
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = name
    kept.clear()


def _make_cohort(say) -> None:
    from django.core.management import call_command
    from django.utils import timezone

    from accounts.calendar import local_day
    from analytics.rollups.counting import count_changes
    from analytics.rollups.kept_days import keep_days
    from analytics.rollups.kept_standings import keep_standings
    from engagement.model_training import train_models
    from engagement.progress import count_progress
    from interactions.attempts import infer_abandonments
    from interactions.models import Case

    call_command("migrate", verbosity=0)
    now = timezone.now()
    today = local_day(now)
    people.enter(today)
    log.write(today, now, lambda: None)
    log.lay_out(0)
    # A case of the first specialty came in a new version.
    Case.objects.filter(case_id="card-01-1").update(changed_on=today - timedelta(days=70))
    _refuse_some(now)
    say("running the jobs over the cohort")
    for _ in infer_abandonments(now=now, lag=timedelta(), afresh=True):
        pass
    count_progress(now=now + timedelta(minutes=1), settled=timedelta())
    count_changes(now=now)
    keep_days(now=now)
    keep_standings(now=now)
    train_models(now=now, boosting=False)
    _settle()


def _make_copies(rows: int, say) -> None:
    from django.utils import timezone

    from accounts.calendar import local_day
    from analytics.rollups.counting import count_changes
    from analytics.rollups.kept_days import keep_days
    from analytics.rollups.kept_standings import keep_standings

    now = timezone.now()
    cohort, copied = log.rows_of()
    copies = round((rows - cohort) / copied)
    people.enter_copies(copies, local_day(now))
    log.lay_out(copies)
    log.copy_what_was_found(copies)
    _settle()
    say("counting everything")
    count_changes(now=now, everything=True)
    keep_days(now=now)
    keep_standings(now=now)
    _settle()


def _refuse_some(now) -> None:
    """Bodies for the quarantine, by the door that keeps them."""
    from accounts.models import User
    from interactions.services import track_bulk_interactions

    sender = User.objects.get(username=people.SENDER)
    refused = [{"eventId": f"refused-{n}", "userId": people.public_id(n)} for n in range(REFUSED)]
    track_bulk_interactions(sender=sender, interactions=refused, now=now)


def _settle() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _refuse_what_is_old(name: str) -> None:
    from django.utils import timezone

    from interactions.models import UserInteractionTrackingModel

    newest = UserInteractionTrackingModel.objects.order_by("-occurred_at").values_list("occurred_at", flat=True).first()
    if newest is None or timezone.now() - newest > OLDEST:
        raise SystemExit(f"{name} is older than a day, so all its learners are silent by now: drop it.")


def _keep_up(now) -> None:
    """What came in within the last minutes, and the jobs that run beside the pages."""
    from accounts.models import User
    from analytics.rollups.counting import count_changes
    from analytics.rollups.kept_standings import keep_standings
    from engagement.progress import count_progress
    from interactions.attempts import infer_abandonments
    from interactions.services import track_bulk_interactions

    sender = User.objects.get(username=people.SENDER)
    told = [
        {
            "userId": people.public_id(number),
            "eventId": f"now-{now.timestamp():.0f}-{number}",
            "interactionType": "case_start" if number % 2 else "navigation",
            "caseId": f"card-0{1 + number % 7}-1",
            "occurredAt": (now - timedelta(seconds=30 * number)).isoformat(),
        }
        for number in range(40)
    ]
    track_bulk_interactions(sender=sender, interactions=told, now=now)
    for _ in infer_abandonments(now=now, lag=timedelta()):
        pass
    count_changes(now=now)
    keep_standings(now=now)
    count_progress(now=now + timedelta(minutes=1), settled=timedelta())

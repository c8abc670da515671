"""Running what is due, each job by one worker at a time.

A worker holds a job by a row of its own for LEASE and renews it while it works; one that was killed loses it then.
No lock is kept in the database session, so a connection pooler may stand between.
"""

import logging
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from threading import Event, Thread
from time import monotonic
from uuid import uuid4

from django.core.management import call_command
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator

from accounts.told import Told
from analytics.jobs.registry import Job
from analytics.models import ScheduledJob

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
RENEWED_EVERY_SECONDS = 60
# A job rests nine times as long as it took: all of them together never take more than a part of a machine.
RESTS_TIMES_AS_LONG = 9
LONGEST_MESSAGE = 2000
Outcome = ScheduledJob.Outcome


@dataclass(frozen=True, slots=True)
class Ran:
    name: str
    outcome: str
    message: str


def new_holder() -> str:
    """A name for this worker that no other has."""
    return f"{socket.gethostname()[:12]}-{os.getpid()}-{uuid4().hex[:8]}"[:32]


def run_due(
    jobs: list[Job], *, holder: str, regardless: bool = False, stopped: Callable[[], bool] = lambda: False
) -> list[Ran]:
    """Run every job that is due and that nobody else holds; one that fails does not stop the others.

    regardless   whether their time has come or not
    stopped      asked before each job
    """
    ran = []
    for job in jobs:
        if stopped():
            break
        if _claim(job.command, holder, regardless):
            ran.append(_run(job, holder))
    return ran


def run_alone(command: str, work: Callable[[], object]) -> bool:
    """Do in a request what a job does, unless a worker is at it; whether it was done."""
    holder = new_holder()
    if not _claim(command, holder, regardless=True):
        return False
    try:
        work()
    finally:
        # Its time to run again is the worker's business.
        ScheduledJob.objects.filter(name=command, holder=holder).update(
            outcome=Outcome.DONE, finished_at=timezone.now(), holder="", held_until=None
        )
    return True


def note_by_hand(command: str, *, failed: bool, message: str, started_at: datetime) -> None:
    """Keep what became of a command that is no job, beside what became of the jobs."""
    outcome = Outcome.FAILED if failed else Outcome.DONE
    told = {"outcome": outcome} | _kept(message)
    told |= {"started_at": started_at, "finished_at": timezone.now()}
    ScheduledJob.objects.update_or_create(name=command, defaults=told)


def _claim(command: str, holder: str, regardless: bool) -> bool:
    now = timezone.now()
    ScheduledJob.objects.get_or_create(name=command)
    free = Q(held_until__isnull=True) | Q(held_until__lte=now)
    due = Q() if regardless else Q(next_at__isnull=True) | Q(next_at__lte=now)
    # One statement decides and takes.
    return bool(
        ScheduledJob.objects.filter(free & due, name=command).update(
            holder=holder, held_until=now + LEASE, outcome=Outcome.RUNNING, started_at=now, **_kept("")
        )
    )


def _run(job: Job, holder: str) -> Ran:
    began, output, said = monotonic(), StringIO(), None
    try:
        with _lease_renewed(job, holder):
            said = call_command(job.command, stdout=output)
        outcome, message = Outcome.DONE, output.getvalue().strip()
    except Exception as error:
        logger.exception("The job %s failed.", job.command)
        outcome, message = Outcome.FAILED, f"{type(error).__name__}: {error}"
    rest = max(job.period, timedelta(seconds=RESTS_TIMES_AS_LONG * (monotonic() - began)))
    now = timezone.now()
    told = _kept(message, said)
    ScheduledJob.objects.filter(name=job.command, holder=holder).update(
        outcome=outcome, finished_at=now, next_at=now + rest, holder="", held_until=None, **told
    )
    return Ran(job.command, outcome, told["message"])


def _kept(message: str, said: object = None) -> dict[str, object]:
    """The fields of a ScheduledJob that tell what it did. said: what the command gave back, a Told with a code."""
    if said is None:
        said = message
    code, figures = (said.code, dict(said.figures)) if isinstance(said, Told) else ("", {})
    message = Truncator(message.replace("\0", "")).chars(LONGEST_MESSAGE)
    return {"message": message, "code": code, "figures": figures}


@contextmanager
def _lease_renewed(job: Job, holder: str) -> Iterator[None]:
    done = Event()
    thread = Thread(target=_renew, args=(job, holder, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _renew(job: Job, holder: str, done: Event) -> None:
    """In a thread of its own, with a connection of its own that it opens only for a job that takes long."""
    while not done.wait(RENEWED_EVERY_SECONDS):
        until: datetime = timezone.now() + LEASE
        try:
            ScheduledJob.objects.filter(name=job.command, holder=holder).update(held_until=until)
        except Exception:
            # The lease is longer than several of these; what is wrong shows in the job itself.
            logger.warning("The lease of %s could not be renewed.", job.command, exc_info=True)
        finally:
            connection.close()

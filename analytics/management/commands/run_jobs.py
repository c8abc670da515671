"""`manage.py run_jobs`: the scheduled jobs, once or for ever."""

import os
import signal
from threading import Event

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections

from analytics.jobs.registry import jobs
from analytics.jobs.running import Outcome, Ran, new_holder, run_due


class Command(BaseCommand):
    help = (
        "Run the scheduled jobs that are due: once, as from cron, or again and again. Several workers may run at once, "
        "on several machines: each job is done by one of them. A job that fails is logged and does not stop the others."
    )

    def add_arguments(self, parser):
        parser.add_argument("--every", type=float, metavar="SECONDS", help="Look for due jobs so often, until ended.")
        parser.add_argument("--only", action="append", metavar="JOB", help="Only this job; may be repeated.")
        parser.add_argument("--now", action="store_true", help="Run them whether they are due or not.")
        parser.add_argument("--list", action="store_true", help="Only name the jobs and their periods.")
        parser.add_argument("--with-parent", action="store_true", help="End when the process that started it ends.")

    def handle(self, *, every: float | None, only: list[str] | None, now: bool, with_parent: bool, **options):
        chosen = [job for job in jobs() if not only or job.command in only]
        if unknown := set(only or ()) - {job.command for job in chosen}:
            known = ", ".join(job.command for job in jobs())
            raise CommandError(f"There is no job {', '.join(sorted(unknown))}. Known are {known}.")
        if every is not None and every <= 0:
            raise CommandError("--every is a number of seconds above 0.")
        if options["list"]:
            for job in chosen:
                self.stdout.write(f"{job.command}  every {job.period}")
            return
        holder = new_holder()
        if every is None:
            ran = run_due(chosen, holder=holder, regardless=now)
            self._tell(ran)
            if failed := [one.name for one in ran if one.outcome == Outcome.FAILED]:
                raise CommandError(f"Failed: {', '.join(failed)}.", returncode=1)
            return
        self._go_on(chosen, holder, every, with_parent)

    def _go_on(self, chosen, holder: str, every: float, with_parent: bool) -> None:
        ended, parent = Event(), os.getppid()
        for number in (signal.SIGTERM, signal.SIGINT):
            # The job that runs is finished first.
            signal.signal(number, lambda *_: ended.set())

        def over() -> bool:
            return ended.is_set() or (with_parent and os.getppid() != parent)

        while not over():
            try:
                self._tell(run_due(chosen, holder=holder, stopped=over), quiet=True)
            except Error as error:
                # The database is away: it will come back.
                self.stderr.write(f"The jobs wait: {error}".strip())
            close_old_connections()
            waited = 0.0
            while waited < every and not over():
                ended.wait(min(1.0, every - waited))
                waited += 1.0

    def _tell(self, ran: list[Ran], *, quiet: bool = False) -> None:
        for one in ran:
            if not quiet or one.outcome == Outcome.FAILED:
                self.stdout.write(f"{one.name}: {one.outcome}. {one.message}")

"""The table of scheduled jobs. Each is a management command that is also run by hand; to add one, add a line."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.management import get_commands


@dataclass(frozen=True, slots=True)
class Job:
    """command  what is run, in the order of the table
    period   from the end of one run to the next; longer where runs are long (analytics.jobs.running)
    """

    command: str
    period: timedelta


JOBS = (
    # Before counting, which reads what it finds.
    Job("infer_abandonments", timedelta(minutes=10)),
    Job("count_days", timedelta(seconds=10)),
    # Behind counting, which looks for what came late.
    Job("keep_days", timedelta(minutes=10)),
    # Behind the days that it judges.
    Job("keep_standings", timedelta(minutes=5)),
    Job("count_progress", timedelta(minutes=5)),
    Job("purge_quarantine", timedelta(days=1)),
    Job("train_models", timedelta(days=1)),
)


def jobs() -> list[Job]:
    """Those whose command is installed."""
    installed = get_commands()
    return [job for job in JOBS if job.command in installed]

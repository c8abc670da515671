"""`manage.py count_days`: brings the counts of cohorts and of everybody up to date."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from accounts.told import Told
from analytics.rollups.counting import count_between, count_changes


class Command(BaseCommand):
    help = (
        "Count anew the days that received interactions since the last run, and those whose enrolments changed. "
        "It may be stopped and run again at any time, and beside another one."
    )

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", dest="everything", help="Every day there is.")
        parser.add_argument("--from", type=date.fromisoformat, metavar="DATE", dest="first", help="Days from this on.")
        parser.add_argument("--to", type=date.fromisoformat, metavar="DATE", dest="last", help="Days up to this one.")

    def handle(self, *, everything: bool, first: date | None, last: date | None, **options) -> Told:
        if everything and (first or last):
            raise CommandError("Give --all, or --from and --to, not both.")
        if first and last and last < first:
            raise CommandError("--to lies before --from.")
        now = timezone.now()
        # disable=None: no bar where nobody watches.
        with tqdm(unit=" days", disable=None, leave=False) as bar:
            if first or last:
                counted = count_between(first, last, now=now, heard=bar.update)
            else:
                counted = count_changes(now=now, everything=everything, heard=bar.update)
        return Told(
            f"{counted.days} days counted, {counted.interactions:,} interactions; levels of "
            f"{counted.weeks_of_levels} weeks; complete through {counted.complete_through:%Y-%m-%d %H:%M:%S %Z}.",
            "days_counted",
            days=counted.days,
            interactions=counted.interactions,
            weeks=counted.weeks_of_levels,
            through=counted.complete_through.isoformat(),
        )

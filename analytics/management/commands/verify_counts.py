"""`manage.py verify_counts`: proves that the counts equal a recount of the interactions, or names where not."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from accounts.told import Told
from analytics.jobs.running import note_by_hand
from analytics.rollups.verify import Drift, verify


class Command(BaseCommand):
    help = (
        "Recount cohorts and everybody from the raw interactions and name every difference. Exits with 1 when "
        "something differs and was not repaired. Days that the next count_days will count anew are passed over."
    )

    def add_arguments(self, parser):
        parser.add_argument("--from", type=date.fromisoformat, metavar="DATE", dest="first", help="Days from this on.")
        parser.add_argument("--to", type=date.fromisoformat, metavar="DATE", dest="last", help="Days up to this one.")
        parser.add_argument("--repair", action="store_true", help="Make the counts equal to the recount.")

    def handle(self, *, first: date | None, last: date | None, repair: bool, **options):
        now = timezone.now()
        with tqdm(unit=" days", disable=None, leave=False) as bar:
            verified = verify(now=now, first=first, last=last, repair=repair, heard=bar.update)
        for drift in verified.drifts:
            self._print(drift)
        if verified.passed_over:
            self.stdout.write(f"{verified.passed_over} days have news and were passed over: run count_days.")
        count, done = len(verified.drifts), "differed and are repaired" if repair and verified.drifts else "differ"
        told = Told(
            f"{count} counts {done}; {verified.days} days compared.",
            "counts_verified",
            counts=count,
            repaired=repair,
            days=verified.days,
            passed_over=verified.passed_over,
        )
        self.stdout.write(told)
        failed = bool(verified.drifts) and not repair
        # The page of data quality tells it.
        note_by_hand("verify_counts", failed=failed, message=told, started_at=now)
        if failed:
            raise CommandError("The stored counts do not add up.", returncode=1)

    def _print(self, drift: Drift) -> None:
        told = "; ".join(f"{name} expected {expected}, found {found}" for name, expected, found in drift.differences)
        self.stdout.write(f"{drift.span} {drift.start} crowd {drift.crowd} {drift.what}: {told}")

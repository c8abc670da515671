"""`manage.py keep_days`: packs the past days of all who are enrolled, so that no page has to."""

from django.core.management.base import BaseCommand
from django.utils import timezone
from tqdm import tqdm

from accounts.told import Told
from analytics.rollups.kept_days import AT_ONCE, keep_days


class Command(BaseCommand):
    help = (
        "Keep what each enrolled learner did on past days in one row, for the first page and the cohorts' tables. "
        "Pages are right without it, and slow for hundreds of learners. Needs count_days to have run."
    )

    def handle(self, **options) -> Told:
        # disable=None: no bar where nobody watches.
        with tqdm(unit=" learners", disable=None, leave=False) as bar:
            learners = keep_days(now=timezone.now(), heard=lambda: bar.update(AT_ONCE))
        return Told(f"Days of {learners:,} learners are kept.", "days_kept", learners=learners)

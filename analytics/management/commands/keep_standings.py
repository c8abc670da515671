"""`manage.py keep_standings`: judges all who are enrolled, so that no page has to judge thousands."""

from django.core.management.base import BaseCommand
from django.utils import timezone
from tqdm import tqdm

from accounts.told import Told
from analytics.rollups.kept_standings import AT_ONCE, keep_standings


class Command(BaseCommand):
    help = (
        "Judge where every enrolled learner stands and keep it, for the first page of who sees many hundreds. "
        "Without it that page judges all of them itself, which is right and slow. Best run after keep_days."
    )

    def handle(self, **options) -> Told:
        # disable=None: no bar where nobody watches.
        with tqdm(unit=" learners", disable=None, leave=False) as bar:
            learners = keep_standings(now=timezone.now(), heard=lambda: bar.update(AT_ONCE))
        return Told(f"Standings of {learners:,} learners are kept.", "standings_kept", learners=learners)

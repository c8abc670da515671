"""Count what came in since the last count: abilities, difficulties, what is taken up."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.told import Told
from engagement.progress import count_progress, forget_progress


class Command(BaseCommand):
    help = (
        "Counts what learners can do and how hard and how much taken up cases and resources are, from the interactions "
        "received since the last count. Recommendations rest on it. Meant for every few minutes or every night."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--recount",
            action="store_true",
            help="Forget what is counted and count everything anew, as after correcting a case's specialty.",
        )

    def handle(self, *args, recount, **options) -> Told:
        if recount:
            forget_progress()
        counted = count_progress(now=timezone.now())
        through = counted.through
        told = f"complete through {through:%Y-%m-%d %H:%M:%S} UTC" if through else "nothing has come in yet"
        return Told(
            f"{counted.interactions:,} interactions counted; {told}.",
            "progress_counted",
            interactions=counted.interactions,
            through=through and through.isoformat(),
        )

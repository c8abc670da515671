"""`manage.py recount_daily_activity`: proves that the daily sums equal the raw rows, or names where not."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from accounts.models import User
from interactions.policies import policy_book
from interactions.recount import Drift, learner_blocks, recount
from interactions.rescore import Misscored, rescore


class Command(BaseCommand):
    help = (
        "Recount DailyActivity from the raw interactions and name every difference. Exits with 1 when something "
        "differs and was not repaired."
    )

    def add_arguments(self, parser):
        parser.add_argument("--since", type=date.fromisoformat, metavar="DATE", help="Only days from this one on.")
        parser.add_argument("--repair", action="store_true", help="Make the daily sums equal to the recount.")
        parser.add_argument(
            "--rescore",
            action="store_true",
            help="Also compute each stored score again from its stored inputs. Scores are never repaired.",
        )

    def handle(self, *, since: date | None, repair: bool, **options):
        book = policy_book() if options["rescore"] else None
        drifts = misscored = 0
        # disable=None: no bar where nobody watches.
        with tqdm(total=User.objects.count(), unit=" people", disable=None, leave=False) as bar:
            for learners in learner_blocks():
                for drift in recount(learners, since=since, repair=repair):
                    drifts += 1
                    self._print_drift(drift)
                for row in rescore(learners, book, since=since) if book else []:
                    misscored += 1
                    self._print_misscored(row)
                bar.update(len(learners))
        self.stdout.write(f"{drifts} daily rows {'differed and are repaired' if repair and drifts else 'differ'}.")
        if book:
            self.stdout.write(f"{misscored} interactions are scored otherwise than their inputs say.")
        if misscored or (drifts and not repair):
            raise CommandError("The stored figures do not add up.", returncode=1)

    def _print_drift(self, drift: Drift) -> None:
        where = f"{drift.public_id} {drift.day} {drift.interaction_type} ({drift.policy_version})"
        if drift.found is None:
            self.stdout.write(f"{where}: missing; expected {drift.expected.interactions} interactions")
        elif drift.expected is None:
            self.stdout.write(f"{where}: stands for {drift.found.interactions} interactions; expected none")
        else:
            told = "; ".join(f"{name} expected {a}, found {b}" for name, a, b in drift.differences())
            self.stdout.write(f"{where}: {told}")

    def _print_misscored(self, row: Misscored) -> None:
        expected = row.expected or f"no score: policy {row.policy_version} does not know the type"
        self.stdout.write(f"{row.public_id} {row.event_id}: expected {expected}, found {row.found}")

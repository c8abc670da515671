"""`manage.py train_models`: try methods for every forecast, show what beat recency alone twice."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.told import Told
from engagement.domain.insufficient import Insufficient
from engagement.ml.card import card_of, cohort_card
from engagement.model_training import HISTORY_DAYS, train_models
from engagement.models import TrainedModel


class Command(BaseCommand):
    help = (
        "Fits what forecasts rest on to all learners' days, and tries methods for each forecast in order, trees first. "
        "One is shown only where it beat recency alone on AUC and Brier (amounts: every naive forecast on RMSE) on two "
        "later spans of cut-offs; where none did, recency alone is shown (amounts: exponential smoothing). The same "
        "data gives the same models. Meant for every week or every night."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Train and judge, store nothing.")
        parser.add_argument("--card", action="store_true", help="Print the model cards.")
        parser.add_argument(
            "--only-cards", action="store_true", help="Print the cards of what is in use, train nothing."
        )
        parser.add_argument(
            "--days",
            type=int,
            default=HISTORY_DAYS,
            metavar="N",
            help=f"Days of history to learn from ({HISTORY_DAYS}).",
        )

    def handle(self, *, dry_run: bool, card: bool, only_cards: bool, days: int, **options) -> Told | None:
        if only_cards:
            for model in TrainedModel.objects.filter(chosen=True).order_by("kind").only("kind", "version", "card"):
                self.stdout.write(f"[{model.version}]\n{model.card}\n")
            return None
        done = train_models(now=timezone.now(), keep=not dry_run, history_days=days, progress=self._tell)
        if isinstance(done.outcome, Insufficient):
            needs = [(need.what, need.have, need.need) for need in done.outcome.needs]
            lacking = [f"Nothing was trained: {what}: {have:g} of {need:g}." for what, have, need in needs]
            return Told("\n".join(lacking), "nothing_trained", needs=needs)
        for choice in done.outcome.choices:
            self.stdout.write(f"{choice.key}: {choice.why}")
        if card:
            self.stdout.write(cohort_card(done.outcome.cohort, done.outcome.choices) + "\n")
            for choice in done.outcome.choices:
                if choice.won:
                    self.stdout.write(card_of(choice, done.outcome.cohort) + "\n")
        if dry_run:
            self.stdout.write("A dry run: nothing was stored.")
            return None
        stored = ", ".join(str(model) for model in done.stored)
        return Told(f"Stored: {stored}", "models_trained", models=len(done.stored))

    def _tell(self, said: str) -> None:
        self.stderr.write(said)

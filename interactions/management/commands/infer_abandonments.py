"""`manage.py infer_abandonments`: infers who left a case without a word, and takes back what proved wrong."""

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from accounts.told import Told
from interactions.attempts import Step, infer_abandonments


class Command(BaseCommand):
    help = (
        "Infer which started cases were abandoned without a word, and take it back where the learner has returned. "
        "Reads what has arrived since the last run; may be stopped, repeated and run twice at once. For an hourly job."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="Tell what would change and change nothing. On SQLite writers wait meanwhile.",
        )
        parser.add_argument(
            "--all",
            action="store_true",
            help="Judge all learners from all they did: after a change of the rule, or when in doubt.",
        )

    def handle(self, *, dry_run: bool, **options) -> Told:
        now = timezone.now()
        if dry_run:
            # The next step builds on what the last one wrote, so it is written and then undone.
            with transaction.atomic():
                done = self._run(now, options["all"])
                transaction.set_rollback(True)
        else:
            done = self._run(now, options["all"])
        would = "would be " if dry_run else ""
        return Told(
            f"{done.inferred:,} abandonments {would}inferred, {done.undone:,} {would}taken back; "
            f"{done.arrivals:,} new interactions read, {done.learners:,} times a learner judged.",
            "abandonments_inferred",
            inferred=done.inferred,
            undone=done.undone,
            arrivals=done.arrivals,
            learners=done.learners,
        )

    def _run(self, now, afresh: bool) -> Step:
        done = Step()
        # disable=None: no bar where nobody watches.
        with tqdm(unit=" steps", disable=None, leave=False) as bar:
            for step in infer_abandonments(now=now, afresh=afresh):
                done = Step(
                    done.arrivals + step.arrivals,
                    done.learners + step.learners,
                    done.inferred + step.inferred,
                    done.undone + step.undone,
                )
                bar.set_postfix_str(f"{done.arrivals:,} interactions, {done.learners:,} learners", refresh=False)
                bar.update()
        return done

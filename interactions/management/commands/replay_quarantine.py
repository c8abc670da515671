"""`manage.py replay_quarantine`: takes in what was refused for its content, after what refused it was put right."""

from django.core.management.base import BaseCommand
from django.utils import timezone
from tqdm import tqdm

from interactions.models import RejectedInteraction
from interactions.quarantine.replay import ReplayReport, replay


class Command(BaseCommand):
    help = (
        "Send refused bodies through the gate and the writer again, as their senders, at the time they were received. "
        "What goes in is removed from the quarantine; what does not stays, with its new reason."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--code", action="append", metavar="CODE", help="Only those refused for this, such as unknown_type."
        )
        parser.add_argument("--dry-run", action="store_true", help="Only say what would become of them.")

    def handle(self, *, code: list[str] | None, dry_run: bool, **options):
        rows = RejectedInteraction.objects.replayable(timezone.now()).order_by("received_at", "pk")
        if code:
            rows = rows.filter(code__in=code)
        keys = list(rows.values_list("pk", flat=True))
        # disable=None: no bar where nobody watches.
        with tqdm(total=len(keys), unit=" bodies", disable=None, leave=False) as bar:
            report = replay(keys, dry_run=dry_run, after_batch=bar.update)
        if dry_run:
            self.stdout.write("A dry run: nothing was changed.")
        for line in summary(report):
            self.stdout.write(line)


def summary(report: ReplayReport) -> list[str]:
    lines = [
        f"{report.outcomes['created']} interactions went in, {report.outcomes['duplicate']} were there already.",
        f"{sum(report.refused.values())} bodies are still refused.",
    ]
    lines += [f"  {code}: {count}" for code, count in report.refused.most_common()]
    if report.unavailable:
        lines.append(f"{report.unavailable} bodies are unavailable: their key is missing, or they were changed.")
    if report.cut:
        lines.append(f"{report.cut} bodies were too long to be kept whole.")
    if report.taken:
        lines.append(f"{report.taken} requests were replayed by somebody else meanwhile.")
    return lines

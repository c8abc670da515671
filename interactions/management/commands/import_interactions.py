"""`manage.py import_interactions FILE`: a historical log comes in."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone
from tqdm import tqdm

from accounts.import_files import folder_for, trouble_with
from interactions.formats import InteractionLog, LogUnreadable
from interactions.import_progress import ImportFiles, OtherImport
from interactions.imports import IMPORTER, OUTCOMES, ImportReport, NoSuchSender, import_log, importing_sender

GO_ON = "Run the same command again to go on; nothing counts twice."


class Command(BaseCommand):
    help = (
        "Import interactions from JSON Lines or CSV, plain or gzipped, through the validator and writer of the API. "
        "Learners not seen before are created. A killed import goes on where it stopped, and a log imported again "
        "changes nothing. Lines that were refused stand in FILE.refused.jsonl with the reason."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="JSON Lines or CSV, plain or gzipped.")
        parser.add_argument("--shift-days", type=int, default=0, metavar="N", help="Add N days to every time.")
        parser.add_argument("--batch-size", type=int, default=1000, metavar="N", help="Lines a transaction.")
        parser.add_argument("--restart", action="store_true", help="Begin at the first line, not where it stopped.")
        parser.add_argument("--sender", metavar="USERNAME", help=f"Import as this account; default: {IMPORTER}.")
        parser.add_argument("--dry-run", action="store_true", help="Report what would happen; write nothing.")
        parser.add_argument(
            "--allow-refused", action="store_true", help="Exit with 0 even when lines were refused (else 1)."
        )
        parser.add_argument(
            "--work-dir", type=Path, help="Folder for progress and refused lines; default: beside the input."
        )

    def handle(self, *, file: Path, shift_days: int, batch_size: int, dry_run: bool, **options):
        if batch_size < 1:
            raise CommandError("--batch-size is at least 1.")
        try:
            log = InteractionLog(file)
            sender = importing_sender(options["sender"], dry_run=dry_run)
        except OSError as error:
            raise CommandError(trouble_with(error)) from error
        except NoSuchSender as error:
            raise CommandError(str(error)) from error
        files = None
        if not dry_run:
            files = ImportFiles(
                log, folder_for(file, options["work_dir"]), {"shiftDays": shift_days, "sender": sender.username}
            )
            if options["restart"]:
                files.progress_path.unlink(missing_ok=True)
            elif files.progress_path.exists():
                self.stderr.write(f"Going on with {files.progress_path}")

        # disable=None: no bar where nobody watches.
        with tqdm(total=log.size, unit="B", unit_scale=True, disable=None, desc=file.name) as bar:

            def show(position: int, lines: int) -> None:
                bar.set_postfix_str(f"{lines:,} lines", refresh=False)
                bar.update(position - bar.n)

            try:
                report = import_log(
                    log=log,
                    sender=sender,
                    now=timezone.now(),
                    files=files,
                    shift_days=shift_days,
                    batch_size=batch_size,
                    after_batch=show,
                )
            except OtherImport as error:
                raise CommandError(f"{error} Use --restart to begin at the first line.") from error
            except LogUnreadable as error:
                raise CommandError(str(error)) from error
            except OSError as error:
                raise CommandError(f"{trouble_with(error)} {GO_ON}") from error
            except OperationalError as error:
                raise CommandError(f"The database did not take a batch: {error}. {GO_ON}") from error
            except KeyboardInterrupt:
                raise CommandError(f"Stopped. {GO_ON}", returncode=130) from None
        self._print(report, dry_run)
        if files and report.refused:
            self.stdout.write(f"Refused lines: {files.refused_path}")
        if report.refused and not options["allow_refused"]:
            raise CommandError(f"{report.refused} of {report.lines} lines were not stored.", returncode=1)

    def _print(self, report: ImportReport, dry_run: bool) -> None:
        if dry_run:
            self.stdout.write("Dry run: nothing is written. This would happen:")
        self.stdout.write(f"lines      {report.lines:>10,}")
        for name in OUTCOMES:
            self.stdout.write(f"{name:<10} {report.counts[name]:>10,}")
        for code, count in sorted(report.codes.items()):
            self.stdout.write(f"  {code}: {count:,}")
        rate = report.lines / report.seconds if report.seconds else 0
        self.stdout.write(f"{report.seconds:.1f} s, {rate:,.0f} lines/s")
        for refused in report.first_refused:
            for told in _faults(refused):
                self.stderr.write(f"  line {refused['line']}: {told}")
        if (more := report.refused - len(report.first_refused)) > 0:
            self.stderr.write(f"  and {more:,} more")


def _faults(refused: dict[str, Any]) -> list[str]:
    """One line of text for each error, without the control characters that a log may smuggle to a terminal."""
    told = [f"{error['pointer']} {error['code']}: {error['detail']}" for error in refused["errors"]]
    told = told or [f"{refused['code']}: {refused['detail']}"]
    return ["".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in line) for line in told]

"""`manage.py import_people FILE.csv`: a school's roster comes in."""

import csv
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from accounts.import_files import folder_for, trouble_with
from accounts.querysets import today
from accounts.roster import KINDS, RosterReport, import_roster
from accounts.roster_file import RosterFile, RosterUnreadable, read_roster

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Create and update people, cohorts and enrolments from a CSV file with the columns public id, name, "
        "e-mail, role, cohort, start, end. Importing a file again changes nothing. New people have no password: "
        "an admin sets one, or they are only recorded for. Their username is the public id unless it is taken."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="CSV in UTF-8; comma, semicolon or tab.")
        parser.add_argument("--dry-run", action="store_true", help="Report what would happen; write nothing.")
        parser.add_argument("--shift-days", type=int, default=0, metavar="N", help="Add N days to each start and end.")
        parser.add_argument(
            "--allow-refused", action="store_true", help="Exit with 0 even when lines were refused (else 1)."
        )
        parser.add_argument(
            "--work-dir", type=Path, help="Folder for the file of refused lines; default: beside the input."
        )

    def handle(self, *, file: Path, dry_run: bool, shift_days: int, **options):
        try:
            roster = read_roster(file.read_bytes())
        except OSError as error:
            raise CommandError(trouble_with(error)) from error
        except RosterUnreadable as error:
            raise CommandError(str(error)) from error
        try:
            report = import_roster(roster=roster, today=today(), shift_days=shift_days, dry_run=dry_run)
        except IntegrityError as error:
            raise CommandError(
                "Somebody changed the same people at the same moment; nothing was imported. Run it again."
            ) from error
        self._print(roster, report, dry_run, everything=options["verbosity"] > 1)
        if not dry_run:
            self._keep_refused(roster, report, folder_for(file, options["work_dir"]) / f"{file.name}.refused.csv")
        if report.refused and not options["allow_refused"]:
            raise CommandError(f"{len(report.refused)} of {report.lines} lines were refused.", returncode=1)

    def _print(self, roster: RosterFile, report: RosterReport, dry_run: bool, *, everything: bool) -> None:
        for title in roster.ignored:
            self.stdout.write(f"Column {title!r} means nothing here and is ignored.")
        if dry_run:
            self.stdout.write("Dry run: nothing is written. This would happen:")
        limit = None if everything else SHOWN
        for change in report.changes[:limit]:
            self.stdout.write(f"  line {change.line}: {'new' if change.created else 'changed'}: {change.what}")
        if limit and len(report.changes) > limit:
            self.stdout.write(f"  and {len(report.changes) - limit} more (--verbosity 2 shows all)")
        self.stdout.write(f"{report.lines} lines   {'created':>9} {'updated':>9} {'unchanged':>9}")
        for kind in KINDS:
            created, updated = report.count(kind, created=True), report.count(kind, created=False)
            self.stdout.write(f"  {kind:<12} {created:>9} {updated:>9} {report.unchanged[kind]:>9}")
        self.stdout.write(f"  repeated     {len(report.repeated):>9}")
        self.stdout.write(f"  refused      {len(report.refused):>9}")
        for line, earlier in report.repeated[:limit]:
            self.stdout.write(f"  line {line}: repeated, ignored: line {earlier} says the same")
        if limit and len(report.repeated) > limit:
            self.stdout.write(f"  and {len(report.repeated) - limit} more repeated")
        for refusal in report.refused[:limit]:
            self.stderr.write(f"  line {refusal.line}: {refusal.code}: {refusal.detail}")
        if limit and len(report.refused) > limit:
            self.stderr.write(f"  and {len(report.refused) - limit} more")

    def _keep_refused(self, roster: RosterFile, report: RosterReport, path: Path) -> None:
        """The refused lines as a CSV file that can be corrected and imported again; none: no file."""
        if not report.refused:
            path.unlink(missing_ok=True)
            return
        cells = dict(roster.rows)
        width = len(roster.header)
        with path.open("w", encoding="utf-8-sig", newline="") as target:
            writer = csv.writer(target)
            writer.writerow([*roster.header, "line", "code", "detail"])
            for refusal in report.refused:
                row = (cells[refusal.line] + [""] * width)[:width]
                writer.writerow([*row, refusal.line, refusal.code, refusal.detail])
        self.stdout.write(f"Refused lines: {path}")

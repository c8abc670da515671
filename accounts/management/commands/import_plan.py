"""`manage.py import_plan FILE.csv`: what each learner of a cohort is to complete, by specialty."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.import_files import trouble_with
from accounts.plans import PlanUnreadable, read_plan, set_plans


class Command(BaseCommand):
    help = (
        "Enter how many cases of each specialty the learners of a cohort are to complete, from a CSV file with the "
        "columns cohort (name or slug), specialty, cases. The file is the whole plan of every cohort it names; other "
        "cohorts keep theirs. A file with a fault changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="CSV in UTF-8; comma, semicolon or tab.")

    def handle(self, *, file: Path, **options):
        try:
            plans = set_plans(read_plan(file.read_bytes()))
        except OSError as error:
            raise CommandError(trouble_with(error)) from error
        except PlanUnreadable as error:
            raise CommandError("Nothing was changed.\n" + "\n".join(error.reasons)) from error
        for cohort, specialties in plans.items():
            self.stdout.write(f"{cohort.name}: {specialties} specialties planned.")

"""`manage.py load_demo`: a year of invented learners, so that every page has something to show."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from accounts.calendar import day_start
from analytics.demo.loading import NameTaken, load_days, plan_demo
from analytics.demo.people import DEMO_PASSWORD, GROUPS, STAFF, STORY_TELLERS
from analytics.rollups.counting import count_changes
from engagement.model_training import train_models
from engagement.progress import count_progress
from engagement.trained import models_in_use
from interactions.attempts import infer_abandonments

# With --today the day ends here, so that one day always gives one demo.
EVENING = timedelta(hours=18)


class Command(BaseCommand):
    help = (
        "Load sixty invented learners in three cohorts with a year of interactions up to now. A second run adds "
        "only the days that have passed since. Everybody's password is printed, so never on a public server."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--seed",
            type=int,
            default=7,
            metavar="N",
            help="Another seed is another year (default 7). Keep it for later runs on the same database.",
        )
        parser.add_argument(
            "--today",
            type=date.fromisoformat,
            metavar="DATE",
            help="Pretend it is the evening of this day: the same seed and day always give the same demo.",
        )

    def handle(self, *, seed: int, today: date | None, **options):
        if settings.PRODUCTION:
            raise CommandError("The demo's passwords are public; it is never loaded in production.")
        if seed < 0:
            raise CommandError("--seed is not negative.")
        now: datetime = timezone.now() if today is None else day_start(today) + EVENING
        try:
            plan = plan_demo(now=now)
        except NameTaken as error:
            raise CommandError(f"{error} Load it into a database of its own.") from error
        created = 0
        with tqdm(total=plan.days, unit=" days", disable=None, desc="demo") as bar:
            for progress in load_days(plan, seed=seed):
                created = progress.created
                bar.update(progress.days - bar.n)
        for _ in infer_abandonments(now=now, lag=timedelta()):
            pass
        self.stdout.write(f"{created:,} interactions added.")
        with tqdm(unit=" days counted", disable=None, leave=False) as bar:
            count_changes(now=now, heard=bar.update)
        # Nobody else writes here, so nothing has to settle first.
        count_progress(now=now, settled=timedelta())
        if models_in_use().cohort is None:
            # Forecasts need the cohort's fit; whether trees would beat it is for the nightly job to try.
            train_models(now=now, boosting=False)
        self._print_logins()

    def _print_logins(self) -> None:
        taught = {group.educator: [] for group in GROUPS}
        for group in GROUPS:
            taught[group.educator].append(group.name)
        self.stdout.write(f"Sign in with the password {DEMO_PASSWORD}")
        for person in STAFF:
            what = ", ".join([person.role, *taught.get(person.username, [])])
            self.stdout.write(f"  {person.username:<8} {person.name:<20} {what}")
        for learner in STORY_TELLERS:
            self.stdout.write(f"  {learner.username:<8} {learner.name:<20} {learner.group.name}: {learner.story.value}")

"""The counting house: what crowds of learners did, kept for ever, and how far it is counted. Diaries of jobs, exports.

Counts are written by `analytics.rollups` alone; that they are what a recount gives, `verify_counts` shows.
"""

from django.conf import settings
from django.db import models

from accounts.models import Cohort
from analytics.domain.stats import SLICES
from interactions.domain.fields import TEXT_LENGTH


class Crowd(models.Model):
    """The learners who are enrolled in exactly these cohorts on a day; without cohorts: everybody else.

    Each learner is in one crowd on each day, so crowds can be added up and nobody counts twice.
    """

    key = models.TextField(unique=True, help_text="Keys of the cohorts in their order, with commas.")
    cohorts = models.ManyToManyField(Cohort, related_name="crowds")

    def __str__(self) -> str:
        return self.key or "no cohort"


class Count(models.Model):
    """What one crowd did in one span of days, as a whole or in one specialty, difficulty or case."""

    class Span(models.TextChoices):
        DAY = "day", "Day"
        WEEK = "week", "Week"
        BLOCK = "block", "Four weeks"

    span = models.CharField(max_length=5, choices=Span)
    start = models.DateField(help_text="Its first day; weeks begin on Monday.")
    # The constraint below serves no read by crowd alone.
    crowd = models.ForeignKey(Crowd, on_delete=models.PROTECT, related_name="counts", db_index=False)
    by = models.CharField(max_length=10, choices=[(name, name) for name in SLICES])
    name = models.CharField(max_length=TEXT_LENGTH, blank=True)
    second_name = models.CharField(max_length=TEXT_LENGTH, blank=True)
    values = models.JSONField(help_text="Whole numbers by statistic and subgroup (analytics/domain/stats.py).")
    totals = models.BinaryField(
        default=b"",
        editable=False,
        help_text="Those of `values` that are read most, packed (analytics/domain/totals.py); not of days and cases.",
    )
    learners = models.BinaryField(
        help_text="Who did it, as bits by key; goes when the raw interactions go.", editable=False
    )
    size = models.IntegerField(help_text="How many learners did it.")
    shown = models.BooleanField(
        default=False, help_text="Of weeks and blocks of four weeks: whether it may be shown (docs/counting.md)."
    )
    pooled = models.BooleanField(
        default=False, help_text="Of all a crowd did in a week: whether it is shown with other small crowds only."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["span", "by", "name", "second_name", "start", "crowd"], name="one_count_per_crowd_and_span"
            ),
        ]
        # A span is written anew as a whole.
        indexes = [models.Index(fields=["span", "start"], name="count_span_start")]

    def __str__(self) -> str:
        return f"{self.span} {self.start} {self.by} {self.name} {self.second_name}".strip()


class LevelCount(models.Model):
    """How many learners of a crowd stood on each level of the index at the end of a week."""

    week = models.DateField(help_text="Its Monday.")
    crowd = models.ForeignKey(Crowd, on_delete=models.PROTECT, related_name="level_counts", db_index=False)
    as_of = models.DateField(help_text="Its Sunday, or the day of counting in the week that runs.")
    levels = models.JSONField(help_text="Learners by level; `unmeasured`: with too little data.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["week", "crowd"], name="one_level_count_per_crowd_and_week")]

    def __str__(self) -> str:
        return f"{self.week} {self.crowd_id}"


class RetentionRelease(models.Model):
    """What was told of who is still at work in one week, and of whom: so that what is told next can be measured by it.

    The first of a week is told when it has been over for a week; another follows only where ten learners' standing
    changed alike (analytics.domain.retention).
    """

    week = models.DateField(help_text="Its Monday.")
    number = models.PositiveSmallIntegerField(help_text="1 is the first.")
    released_at = models.DateTimeField()
    state = models.BinaryField(
        help_text="Who was counted where, as bits by key; goes when the raw interactions go.", editable=False
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["week", "number"], name="one_retention_release_per_number")]

    def __str__(self) -> str:
        return f"{self.week} {self.number}"


class RetentionCount(models.Model):
    """Of the learners who began in a cohort in one week, how many did anything in another: the newest release of it."""

    week = models.DateField(help_text="Its Monday.")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="retention_counts", db_index=False)
    start = models.DateField(help_text="The Monday of the week in which they began.")
    enrolled = models.IntegerField(help_text="Enrolled on any day of the week.")
    active = models.IntegerField(help_text="Of them, who did anything in it while enrolled.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "week", "start"], name="one_retention_count_per_start_and_week")
        ]
        # A week is written anew as a whole.
        indexes = [models.Index(fields=["week"], name="retention_count_week")]

    def __str__(self) -> str:
        return f"{self.cohort_id} {self.start} {self.week}"


class CountedDay(models.Model):
    """A day on which something happened, and whether it is to be counted anew."""

    day = models.DateField(unique=True)
    due = models.BooleanField(default=True)
    counted_at = models.DateTimeField(null=True, blank=True)
    interactions = models.IntegerField(default=0)
    sealed = models.BooleanField(default=False, help_text="Its raw interactions are purged: it is never counted again.")

    class Meta:
        indexes = [models.Index(fields=["day"], name="counted_day_due", condition=models.Q(due=True))]

    def __str__(self) -> str:
        return str(self.day)


class CountingProgress(models.Model):
    """How far the counting house has come. One row.

    settled           the system's clock: whatever was stored before was looked at
    complete_through  the moment up to which everything received is in the counts
    levels_from       the first week whose levels are to be counted anew; empty: none but the running one
    retention_from    the first week whose retention is to be released, or looked at anew; empty: all of them
    judged            the system's clock when it was last looked for starts of cases that were judged anew, and
    judged_through    how far the judge had read then
    newest            the newest interaction there was when days were last looked for
    standings_at      the moment as of which all `KeptStanding` are; empty: nobody was judged yet
    basis             the enrolments, pauses and catalogue words that the counts rest on
    """

    settled = models.DateTimeField(null=True, blank=True)
    complete_through = models.DateTimeField(null=True, blank=True)
    levels_from = models.DateField(null=True, blank=True)
    retention_from = models.DateField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    zone_changed = models.BooleanField(
        default=False, help_text="Days were cut in more than one zone; each is looked for in its neighbours too."
    )
    judged = models.DateTimeField(null=True, blank=True)
    judged_through = models.UUIDField(null=True, blank=True, editable=False)
    newest = models.UUIDField(null=True, blank=True, editable=False)
    standings_at = models.DateTimeField(null=True, blank=True)
    basis = models.BinaryField(default=b"", editable=False)

    class Meta:
        verbose_name_plural = "counting progress"

    def __str__(self) -> str:
        return f"complete through {self.complete_through}"


class KeptDays(models.Model):
    """What one learner did on each day from `first` through `through`, packed (analytics.rollups.kept_days).

    A copy of sums that can be made again at any time. first_ends: from which day on it says how cases ended.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="kept_days"
    )
    first = models.DateField()
    first_ends = models.DateField()
    through = models.DateField()
    last_at = models.DateTimeField(null=True, help_text="When the learner's last interaction up to then happened.")
    days = models.BinaryField()
    ends = models.BinaryField()

    class Meta:
        verbose_name_plural = "kept days"

    def __str__(self) -> str:
        return f"{self.user_id} through {self.through}"


class KeptStanding(models.Model):
    """How one learner stood when everybody was judged last (analytics.rollups.kept_standings).

    It says in which order to look and how many there are, where there are too many to judge for one page; nobody is
    named by it alone. `CountingProgress.standings_at` says of when all of them are.

    points                 how much it asks for somebody (engagement.standing.Standing.points)
    score, score_before    the index then and 28 days before, 0-100; None: not measured
    level, level_before    its word; empty: not measured
    kind                   the one thing that is said first (Standing.kind)
    active, active_before  whether any of the last 7 days was active, and of those 4 weeks before
    last_at                when his newest interaction happened
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="kept_standing"
    )
    points = models.PositiveSmallIntegerField()
    score = models.FloatField(null=True)
    score_before = models.FloatField(null=True)
    level = models.CharField(max_length=9, blank=True)
    level_before = models.CharField(max_length=9, blank=True)
    kind = models.CharField(max_length=10, blank=True)
    active = models.BooleanField()
    active_before = models.BooleanField()
    last_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "-points"], name="kept_standing_urgency")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.points}"


class ScheduledJob(models.Model):
    """One job of `run_jobs`: who holds it, when it ran last, and what became of it."""

    class Outcome(models.TextChoices):
        NEVER = "", "Never ran"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    name = models.CharField(max_length=40, unique=True)
    outcome = models.CharField(max_length=7, choices=Outcome, blank=True, default="")
    message = models.TextField(blank=True, help_text="What it did, or what went wrong.")
    code = models.CharField(
        max_length=40, blank=True, editable=False, help_text="What it did (accounts.told); empty: the message tells it."
    )
    figures = models.JSONField(default=dict, blank=True, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True, help_text="When it is due again.")
    holder = models.CharField(max_length=32, blank=True, help_text="The worker that runs it.")
    held_until = models.DateTimeField(
        null=True, blank=True, help_text="A worker that has not been heard of by then has lost it."
    )

    def __str__(self) -> str:
        return self.name


class PageViews(models.Model):
    """How often one page was read in one week, and by nobody in particular (analytics.usage)."""

    week = models.DateField(help_text="Its Monday.")
    page = models.CharField(max_length=40, help_text="The page's name in the URLconf.")
    views = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["week", "page"], name="one_count_of_views_per_week_and_page")]
        verbose_name_plural = "page views"

    def __str__(self) -> str:
        return f"{self.week} {self.page}"


class ExportLog(models.Model):
    """One export of a page's table. It outlives the account that asked: `viewer_name` says who it was.

    page, subject  the page's name in the URLconf, and whom or what it is about: a public id, a cohort's slug
    table          which of its tables
    filters        as they stood in the address
    rows           how many, without the headings
    """

    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="exports", editable=False
    )
    viewer_name = models.CharField("who", max_length=200)
    page = models.CharField(max_length=40)
    subject = models.CharField(max_length=64, blank=True)
    table = models.CharField(max_length=80)
    filters = models.JSONField(default=dict)
    rows = models.PositiveIntegerField()
    at = models.DateTimeField("when", db_index=True)

    class Meta:
        verbose_name, verbose_name_plural = "export", "exports"

    def __str__(self) -> str:
        return f"{self.page} {self.subject}".strip()

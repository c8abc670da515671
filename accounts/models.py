"""People: users in four roles, the cohorts they teach or learn in, and the pauses that stop the clock."""

from datetime import date

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from uuid_utils import uuid4

from accounts.querysets import CohortQuerySet, EnrolmentQuerySet, UserManager
from accounts.validators import validate_language, validate_public_id, validate_time_zone


def new_public_id() -> str:
    return str(uuid4())


class User(AbstractUser):
    """Anyone with an account. Learners that a simulator named first have one without a login."""

    class Role(models.TextChoices):
        STUDENT = "student", "Student"
        EDUCATOR = "educator", "Educator"
        ADMIN = "admin", "Admin"
        SERVICE = "service", "Service (a simulator)"

    # One field: where given and family names begin and end is not ours to decide.
    first_name = None
    last_name = None
    name = models.CharField("name", max_length=200, blank=True)
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.STUDENT)
    public_id = models.CharField(
        "public id",
        max_length=64,
        unique=True,
        default=new_public_id,
        validators=[validate_public_id],
        help_text="The simulator's or LMS's own id of this person. It is what the API calls userId.",
    )
    time_zone = models.CharField(
        max_length=64,
        blank=True,
        validators=[validate_time_zone],
        help_text="IANA name, such as Europe/Berlin; empty: the institution's.",
    )
    language = models.CharField(
        max_length=10,
        blank=True,
        validators=[validate_language],
        help_text="In which the pages are read, such as de; empty: the browser's.",
    )

    peer_comparison = models.BooleanField(
        "takes part in peer comparison",
        default=True,
        help_text="His own choice. Without: he sees no comparison; his figures are in nobody else's from Monday on.",
    )
    peer_choice_on = models.DateField(
        "chose about peer comparison on",
        null=True,
        editable=False,
        help_text="The institution's day of the last choice.",
    )
    peer_comparison_before = models.BooleanField(
        "took part before that week",
        default=True,
        editable=False,
        help_text="What holds for others until the week of the choice is over.",
    )

    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(public_id="") & ~Q(public_id="me"), name="public_id_is_a_name"),
        ]

    def __str__(self) -> str:
        return self.display_name

    def save(self, *args, **kwargs):
        # Django's own admin flags follow the role, so demoting an admin takes the admin site away too.
        self.is_staff = self.is_superuser = self.role == self.Role.ADMIN
        if (update_fields := kwargs.get("update_fields")) is not None and "role" in update_fields:
            kwargs["update_fields"] = {*update_fields, "is_staff", "is_superuser"}
        super().save(*args, **kwargs)

    @property
    def display_name(self) -> str:
        return self.name or self.public_id

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    @property
    def is_admin(self) -> bool:
        return self.role == self.Role.ADMIN

    @property
    def is_educator(self) -> bool:
        return self.role == self.Role.EDUCATOR

    @property
    def is_service(self) -> bool:
        return self.role == self.Role.SERVICE

    @property
    def is_student(self) -> bool:
        return self.role == self.Role.STUDENT

    @property
    def may_record_for_others(self) -> bool:
        return self.is_service or self.is_admin

    def taught_learners(self, on: date | None = None) -> models.QuerySet:
        """Primary keys of the learners enrolled on a day (today) in a cohort that this educator teaches."""
        cohorts = Cohort.educators.through.objects.filter(user=self).values("cohort")
        return Enrolment.objects.current(on).filter(cohort__in=cohorts).values("learner")


class Cohort(models.Model):
    """A group that is taught together: a clerkship block, a seminar, a year."""

    slug = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    educators = models.ManyToManyField(
        User, related_name="cohorts_taught", blank=True, limit_choices_to={"role": User.Role.EDUCATOR}
    )
    learners = models.ManyToManyField(User, through="Enrolment", related_name="cohorts")
    time_zone = models.CharField(
        max_length=64,
        blank=True,
        validators=[validate_time_zone],
        help_text="Where this group learns, if elsewhere: an IANA name, such as Europe/Berlin. Its pages tell hours of "
        "the day so; days are cut in the institution's zone all the same.",
    )

    objects = CohortQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Enrolment(models.Model):
    """A learner's time in a cohort, `[start, end)` in the institution's days."""

    learner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="enrolments")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="enrolments")
    start = models.DateField()
    end = models.DateField(null=True, blank=True, help_text="The first day no longer enrolled; empty: still enrolled.")

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner", "cohort", "start"], name="one_enrolment_per_start"),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="enrolment_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["cohort", "start", "end"], name="enrolment_cohort_days")]

    def __str__(self) -> str:
        return f"{self.learner} in {self.cohort} from {self.start}"

    def clean(self):
        if self.end and self.start and self.end < self.start:
            raise ValidationError({"end": "The enrolment ends before it starts."})


class Pause(models.Model):
    """Days of an enrolment that do not count, `[start, end)`: leave, exams, another rotation."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="pauses")
    start = models.DateField()
    end = models.DateField(help_text="The first day that counts again.")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="pause_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"

    def clean(self):
        if self.end and self.start and self.end <= self.start:
            raise ValidationError({"end": "The pause ends before it starts."})


class PlannedCases(models.Model):
    """How many cases of a specialty each learner of a cohort is to complete during his enrolment."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="plan")
    specialty = models.CharField(max_length=200, help_text="As the catalogue writes it; case does not matter.")
    cases = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(1000)], help_text="Different cases for each learner."
    )

    class Meta:
        verbose_name, verbose_name_plural = "planned cases of a specialty", "plan"
        constraints = [
            models.UniqueConstraint("cohort", Lower("specialty"), name="one_plan_per_cohort_and_specialty"),
            models.CheckConstraint(condition=Q(cases__gte=1), name="planned_cases_are_some"),
        ]

    def __str__(self) -> str:
        return f"{self.specialty}: {self.cases}"

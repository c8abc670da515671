"""Facts: what learners did, their daily sums, what they did it with, the policies that score it, what was refused."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from interactions.domain.attempts import ABANDONED, COMPLETED, INFERRED, OPEN, RESTARTED
from interactions.domain.clock import CLAMPED, CORRECTED
from interactions.domain.fact import score_parts
from interactions.domain.fields import ID_LENGTH, SESSION_ID_LENGTH, TEXT_LENGTH, TYPE_LENGTH
from interactions.domain.fingerprint import SIZE as FINGERPRINT_SIZE
from interactions.domain.policy import Policy
from interactions.querysets import (
    CaseAttemptQuerySet,
    DailyActivityQuerySet,
    InteractionQuerySet,
    RejectedInteractionQuerySet,
)

VERSION_LENGTH = 20


class UserInteractionTrackingModel(models.Model):
    """One interaction, as told and as scored on arrival. Never changed afterwards."""

    class Level(models.TextChoices):
        LOW = "low", "Low"
        MEDIUM = "medium", "Medium"
        HIGH = "high", "High"
        VERY_HIGH = "very_high", "Very high"

    class ClockFlag(models.TextChoices):
        AS_TOLD = "", "As told"
        CORRECTED = CORRECTED, "Corrected by sentAt"
        CLAMPED = CLAMPED, "Lay in the future: set to the time of receipt"

    # Version 7: ordered by time of receipt, so newest-first paging is a walk along the primary key.
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # The composite indexes below start with the user, so the key needs none of its own.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="interactions", db_index=False
    )
    event_id = models.CharField("event id", max_length=ID_LENGTH)
    fingerprint = models.BinaryField(max_length=FINGERPRINT_SIZE, editable=False)

    interaction_type = models.CharField(max_length=TYPE_LENGTH)
    resource_type = models.CharField(max_length=TEXT_LENGTH, blank=True)
    resource_id = models.CharField("resource id", max_length=TEXT_LENGTH, blank=True)
    resource_name = models.CharField(max_length=TEXT_LENGTH, blank=True)
    case_id = models.CharField("case id", max_length=TEXT_LENGTH, blank=True)
    case_title = models.CharField(max_length=TEXT_LENGTH, blank=True)
    help_request_type = models.CharField(max_length=TEXT_LENGTH, blank=True)
    session_id = models.CharField("session id", max_length=SESSION_ID_LENGTH, blank=True)
    specialty = models.CharField(max_length=TEXT_LENGTH, blank=True)
    difficulty = models.CharField(max_length=TEXT_LENGTH, blank=True)
    metadata = models.JSONField(null=True, blank=True)
    performance_metrics = models.JSONField(null=True, blank=True)
    performance = models.FloatField(null=True, blank=True, help_text="performanceMetrics.score, 0-100")

    start_time = models.DateTimeField(null=True, blank=True)
    end_time = models.DateTimeField(null=True, blank=True)
    time_spent_seconds = models.IntegerField(null=True, blank=True, help_text="Wall-clock seconds; empty: unknown.")
    active_seconds = models.IntegerField(
        null=True, blank=True, help_text="Seconds the page was visible and used; empty: unknown."
    )

    occurred_at = models.DateTimeField(help_text="When it happened, corrected for a wrong client clock.")
    told_at = models.DateTimeField(null=True, blank=True, help_text="The client's own word, where it was corrected.")
    sent_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    clock_flag = models.CharField(max_length=10, choices=ClockFlag, blank=True, default="")
    day = models.DateField(help_text="The institution's day on which it happened.")

    engagement_score = models.FloatField(help_text="0-100, rounded half up to 2 decimals.")
    engagement_level = models.CharField(max_length=10, choices=Level)
    consistency = models.FloatField(help_text="C, 0-1: how regular the two weeks before were.")
    base_units = models.IntegerField(help_text="Base points P in ten-thousandths of a point.")
    policy_version = models.CharField(max_length=VERSION_LENGTH)

    objects = InteractionQuerySet.as_manager()

    class Meta:
        verbose_name = "interaction"
        # No Meta.ordering: it would leak into every GROUP BY.
        constraints = [
            # Exactly once: the client's id counts within its learner, never across learners.
            models.UniqueConstraint(fields=["user", "event_id"], name="one_interaction_per_event_id"),
            models.CheckConstraint(
                condition=Q(time_spent_seconds__isnull=True) | Q(time_spent_seconds__range=(0, 86_400)),
                name="time_spent_within_a_day",
            ),
            models.CheckConstraint(
                condition=Q(active_seconds__isnull=True) | Q(active_seconds__range=(0, 86_400)),
                name="active_time_within_a_day",
            ),
            models.CheckConstraint(condition=Q(engagement_score__range=(0, 100)), name="score_0_to_100"),
        ]
        indexes = [
            # A learner's history, newest first, by key and without OFFSET.
            models.Index(F("user"), F("occurred_at").desc(), F("id").desc(), name="interaction_history"),
            # Everything that happened to one case; most interactions have none and stay out.
            models.Index(fields=["case_id", "occurred_at"], name="interaction_case", condition=~Q(case_id="")),
            # The admin's date hierarchy and every window over all learners.
            models.Index(fields=["occurred_at"], name="interaction_occurred"),
        ]

    def __str__(self) -> str:
        return f"{self.interaction_type} {self.event_id}"

    def score_parts(self, policy: Policy) -> dict[str, float]:
        """The parts that add up to the score (4 decimals). `policy`: the version that scored it."""
        return score_parts(self, policy)


class DailyActivity(models.Model):
    """What one learner did on one day with one type: sums of facts, moved only by the writer.

    Always equal to a recount of the raw rows; `manage.py recount_daily_activity` proves it.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="daily_activity", db_index=False
    )
    day = models.DateField()
    interaction_type = models.CharField(max_length=TYPE_LENGTH)
    policy_version = models.CharField(max_length=VERSION_LENGTH)
    interactions = models.IntegerField()
    base_units = models.BigIntegerField(help_text="Sum of base points in ten-thousandths of a point.")
    best_units = models.IntegerField(help_text="The highest base points of one interaction, likewise.")
    active_seconds = models.BigIntegerField(help_text="Seconds known to be active.")
    wall_seconds = models.BigIntegerField(help_text="Wall-clock seconds, active or not.")
    unknown_seconds = models.BigIntegerField(help_text="Wall-clock seconds of which nobody knows whether active.")
    untimed = models.IntegerField(help_text="Interactions that brought no time at all.")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    objects = DailyActivityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "daily activity"
        constraints = [
            # Scores of different policy versions are never added up, so the version is part of the key.
            models.UniqueConstraint(
                fields=["user", "day", "interaction_type", "policy_version"], name="one_sum_per_learner_day_type"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day} {self.interaction_type}"


class CaseAttempt(models.Model):
    """What became of one start of a case, as far as the log was read: an opinion that the next run may change.

    Made from the log by `manage.py infer_abandonments`, and by nobody else; no score or sum reads it.
    """

    class Outcome(models.TextChoices):
        OPEN = OPEN, "Open"
        COMPLETED = COMPLETED, "Completed"
        ABANDONED = ABANDONED, "Abandoned, declared"
        INFERRED = INFERRED, "Abandoned, inferred"
        RESTARTED = RESTARTED, "Started anew"

    # The constraint below starts with the user, so the key needs no index of its own.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="case_attempts", db_index=False
    )
    # No foreign keys to the log: it is purged by age, and a check for each deleted row would cost more than it holds.
    start = models.UUIDField(help_text="The interaction that started it.")
    case_id = models.CharField("case id", max_length=TEXT_LENGTH)
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(help_text="Until when the learner was on the case, as far as is known.")
    outcome = models.CharField(max_length=10, choices=Outcome, default=OPEN)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True, blank=True, help_text="The interaction that ended it.")
    stage = models.CharField(max_length=TEXT_LENGTH, blank=True, help_text="The last stage that was told.")
    stage_by = models.UUIDField(null=True, blank=True, help_text="The interaction that told it.")
    inferred_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was last inferred that the learner had left."
    )
    undone_at = models.DateTimeField(null=True, blank=True, help_text="When that was last taken back.")
    undone_by = models.UUIDField(null=True, blank=True, help_text="The interaction that showed otherwise.")

    objects = CaseAttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "start"], name="one_attempt_per_start"),
        ]
        indexes = [
            models.Index(fields=["user", "case_id", "started_at"], name="attempt_learner_case"),
            models.Index(fields=["case_id", "started_at"], name="attempt_case"),
            models.Index(fields=["started_at"], name="attempt_started"),
            # What the job looks through every time: only attempts that may yet fall silent.
            models.Index(fields=["last_seen_at"], name="attempt_open", condition=Q(outcome=OPEN)),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.outcome}"


class AttemptWalk(models.Model):
    """How far `infer_abandonments` has read the log. One row, changed only by compare and swap.

    Ids of interactions are ordered by arrival, so late ones are met like all others.
    """

    through = models.UUIDField(help_text="Every interaction up to this id is judged.")
    # While all learners are judged anew, in the order of their keys:
    until = models.UUIDField(null=True, help_text="Up to this id when done.")
    learner = models.BigIntegerField(null=True, help_text="Learners up to this key are done.")


class Case(models.Model):
    """A case of the simulator, learned from the interactions that name it."""

    case_id = models.CharField("case id", max_length=TEXT_LENGTH, unique=True)
    title = models.CharField(max_length=TEXT_LENGTH, blank=True)
    specialty = models.CharField(max_length=TEXT_LENGTH, blank=True)
    difficulty = models.CharField(max_length=TEXT_LENGTH, blank=True)
    by_hand = models.BooleanField(
        "corrected by hand",
        default=False,
        help_text="An admin's words stand: interactions fill what is empty and change nothing else.",
    )
    confirmed = models.BooleanField(
        default=True,
        help_text="Named by the simulator's own account, an import or an admin, not only by learners' own tokens.",
    )
    first_seen = models.DateTimeField()
    changed_on = models.DateField(
        null=True,
        blank=True,
        help_text="The first day of its present version: figures of before and after stand side by side.",
    )

    def __str__(self) -> str:
        return self.title or self.case_id


class Resource(models.Model):
    """A learning resource, learned from the interactions that name it."""

    resource_type = models.CharField(max_length=TEXT_LENGTH, blank=True)
    resource_id = models.CharField("resource id", max_length=TEXT_LENGTH)
    name = models.CharField(max_length=TEXT_LENGTH, blank=True)
    specialty = models.CharField(max_length=TEXT_LENGTH, blank=True)
    difficulty = models.CharField(max_length=TEXT_LENGTH, blank=True)
    by_hand = models.BooleanField(
        "corrected by hand",
        default=False,
        help_text="An admin's words stand: interactions fill what is empty and change nothing else.",
    )
    confirmed = models.BooleanField(
        default=True,
        help_text="Named by the simulator's own account, an import or an admin, not only by learners' own tokens.",
    )
    first_seen = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resource_type", "resource_id"], name="one_resource_per_type_and_id"),
        ]

    def __str__(self) -> str:
        return self.name or self.resource_id


class ScoringPolicy(models.Model):
    """A version of the scoring rules. Edited as a new version, never in place."""

    version = models.CharField(max_length=VERSION_LENGTH, unique=True)
    effective_from = models.DateField(
        null=True,
        blank=True,
        unique=True,
        help_text="The first day whose interactions it scores; empty: a draft that scores nothing.",
    )
    note = models.TextField(blank=True, help_text="What changed against the version before, and why.")

    class Meta:
        verbose_name_plural = "scoring policies"

    def __str__(self) -> str:
        return self.version


class ScoringRule(models.Model):
    """What one interaction type is worth under a policy, in general or with one resource type."""

    policy = models.ForeignKey(ScoringPolicy, on_delete=models.CASCADE, related_name="rules")
    interaction_type = models.CharField(max_length=TYPE_LENGTH)
    resource_type = models.CharField(
        max_length=TEXT_LENGTH, blank=True, help_text="Empty: the type's plain rule. Every type needs one."
    )
    weight = models.FloatField(validators=[MinValueValidator(0), MaxValueValidator(1)], help_text="0-1")
    half_life = models.FloatField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Seconds for half of the time points; empty: time does not count.",
    )
    cap = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(1)], help_text="Seconds after which time earns no more."
    )
    minimum_time = models.FloatField(
        default=0, validators=[MinValueValidator(0)], help_text="Seconds below which it earns only its share."
    )
    scored = models.BooleanField(default=False, help_text="Whether performanceMetrics.score counts.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "interaction_type", "resource_type"], name="one_rule_per_type_and_resource"
            ),
            models.CheckConstraint(condition=Q(weight__range=(0, 1)), name="weight_0_to_1"),
            models.CheckConstraint(
                condition=Q(half_life__isnull=True, cap__isnull=True) | Q(half_life__gt=0, cap__gt=0),
                name="half_life_and_cap_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.interaction_type} {self.resource_type}".strip()

    def clean(self):
        if (self.half_life is None) != (self.cap is None):
            raise ValidationError(
                "A half life and a cap come together, or time does not count at all.", code="half_timed"
            )
        if self.half_life is not None and self.half_life > self.cap:
            # Far beyond the cap the formula divides by nearly nothing.
            raise ValidationError("The half life lies beyond the cap.", code="half_life_beyond_cap")


class RejectedInteraction(models.Model):
    """A body that was refused for its content, kept encrypted for a while so that a fix can still take it in.

    A body that the same sender sends again is one row that counts.
    """

    class Door(models.TextChoices):
        TRACK = "track", "track"
        TRACK_BULK = "track-bulk", "track-bulk"

    # Known before the row is written: the encryption is bound to it.
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # The constraint below starts with the sender, so the key needs no index of its own.
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rejected_interactions", db_index=False
    )
    digest = models.BinaryField(max_length=FINGERPRINT_SIZE, editable=False)
    door = models.CharField(max_length=10, choices=Door)
    place = models.IntegerField(
        null=True, blank=True, help_text="Index within its bulk; empty: the whole body of a request."
    )
    owner = models.CharField(max_length=ID_LENGTH, blank=True, help_text="userId as told, where it can be read.")
    event_id = models.CharField("event id", max_length=ID_LENGTH, blank=True)
    status = models.CharField(max_length=10)
    code = models.CharField(max_length=40, help_text="The first reason, as the sender was told.")
    errors = models.JSONField(default=list, help_text="The first reasons with their JSON pointers.")
    received_at = models.DateTimeField()
    last_received_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When its bulk was sent by the client's clock.")
    expires_at = models.DateTimeField()
    times = models.IntegerField(default=1, help_text="How often the same body came.")
    size = models.IntegerField(help_text="Bytes that are kept.")
    complete = models.BooleanField(default=True, help_text="Whether the body was kept whole.")
    body = models.BinaryField(editable=False)

    objects = RejectedInteractionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "digest"], name="one_rejection_per_sender_and_body"),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="rejected_expires"),
            # How much of one sender is kept is asked at every refusal, and answered from this index alone.
            models.Index(fields=["sender", "size"], name="rejected_sender_size"),
            models.Index(fields=["-received_at", "-id"], name="rejected_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.id}"

    @property
    def pointer(self) -> str:
        """Where the first fault lies; "" is the whole."""
        return self.errors[0]["pointer"] if self.errors else ""

    @property
    def is_whole_bulk(self) -> bool:
        """Whether a bulk was refused as such, and not an item of it."""
        return self.door == self.Door.TRACK_BULK and self.place is None

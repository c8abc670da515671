"""What is counted about learners and items, so that a read never has to walk through raw interactions.

Everything here can be counted anew from the interactions: `manage.py count_progress --recount`.
"""

from django.conf import settings
from django.db import models

from interactions.domain.fields import TEXT_LENGTH

KIND_LENGTH = 10


class LearnerItem(models.Model):
    """One learner with one case or resource, from the first opening on."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="items", db_index=False)
    kind = models.CharField(max_length=KIND_LENGTH)
    resource_type = models.CharField(max_length=TEXT_LENGTH, blank=True)
    item_id = models.CharField(max_length=TEXT_LENGTH)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    attempts = models.IntegerField(help_text="Scored attempts.")
    helps = models.IntegerField(help_text="Since the last attempt was concluded.")
    completed_at = models.DateTimeField(null=True, help_text="The latest completion.")
    last_credit = models.FloatField(null=True, help_text="0-1, the latest score with help counted.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "resource_type", "item_id"], name="one_progress_per_learner_and_item"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.item_id}"


class LearnerAbility(models.Model):
    """What one learner can do, by Elo: in general and in each specialty."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ability")
    general = models.FloatField(help_text="G, logits.")
    attempts = models.IntegerField()
    specialties = models.JSONField(help_text="By specialty: L, attempts, passes, failures, last practice.")
    recent = models.JSONField(help_text="The items opened first most lately, the newest last.")

    class Meta:
        verbose_name_plural = "learner abilities"

    def __str__(self) -> str:
        return str(self.user_id)


class ItemStatistic(models.Model):
    """One case or resource over all learners. Decayed sums are as of `as_of`."""

    kind = models.CharField(max_length=KIND_LENGTH)
    resource_type = models.CharField(max_length=TEXT_LENGTH, blank=True)
    item_id = models.CharField(max_length=TEXT_LENGTH)
    difficulty = models.FloatField(help_text="D, logits.")
    attempts = models.IntegerField(help_text="First attempts that D rests on.")
    openers = models.IntegerField(help_text="Learners who ever opened it.")
    uptake = models.FloatField(help_text="Openers, decayed with a half-life of 4 days.")
    starts = models.FloatField(help_text="Decayed with a half-life of 90 days.")
    completions = models.FloatField(help_text="Decayed with a half-life of 90 days.")
    followers = models.JSONField(help_text="What was first opened after it, decayed with a half-life of 90 days.")
    as_of = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True, help_text="When anybody last did anything with it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "resource_type", "item_id"], name="one_statistic_per_item"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_id}"


class ProgressMark(models.Model):
    """Through which interaction progress is counted: their keys are in the order of receipt. One row."""

    last_id = models.UUIDField(null=True)
    received_at = models.DateTimeField(null=True, help_text="When the last counted interaction was received.")

    def __str__(self) -> str:
        return str(self.last_id)


class TrainedModel(models.Model):
    """What was learned from all learners, as numbers: a cohort's fit, or trees for one forecast.

    Parameters are MessagePack of numbers and names (engagement.ml); nothing in them can run.
    """

    kind = models.CharField(max_length=40, help_text="cohort, or what is forecast: silence:14d.")
    version = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    learned_through = models.DateField(help_text="The last day it saw.")
    chosen = models.BooleanField(default=False, help_text="Whether forecasts use it.")
    metrics = models.JSONField(default=dict)
    card = models.TextField(help_text="What it is, on what it was judged, what it must not be used for.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the parameters.")
    parameters = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="one_model_per_kind_and_version"),
            models.UniqueConstraint(fields=["kind"], condition=models.Q(chosen=True), name="one_chosen_model_per_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"

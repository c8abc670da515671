"""The same facts as told and the same kinds of index as UserInteractionTrackingModel; no score, no daily sums."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone


class Interaction(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    event_id = models.CharField(max_length=64)
    interaction_type = models.CharField(max_length=40)
    resource_type = models.CharField(max_length=200, blank=True)
    resource_id = models.CharField(max_length=200, blank=True)
    resource_name = models.CharField(max_length=200, blank=True)
    case_id = models.CharField(max_length=200, blank=True)
    case_title = models.CharField(max_length=200, blank=True)
    metadata = models.JSONField(null=True, blank=True)
    performance_metrics = models.JSONField(null=True, blank=True)
    help_request_type = models.CharField(max_length=200, blank=True)
    session_id = models.CharField(max_length=128, blank=True)
    time_spent_seconds = models.IntegerField(null=True, blank=True)
    active_seconds = models.IntegerField(null=True, blank=True)
    start_time = models.DateTimeField(null=True, blank=True)
    end_time = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    occurred_at = models.DateTimeField(default=timezone.now)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "event_id"], name="usual_once")]
        indexes = [
            models.Index(fields=["user", "-occurred_at"]),
            models.Index(fields=["case_id", "occurred_at"]),
            models.Index(fields=["occurred_at"]),
        ]

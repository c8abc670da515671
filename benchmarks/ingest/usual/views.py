"""The endpoints of the product's contract, all its fields, as a team would write them with DRF."""

from rest_framework import generics, serializers

from benchmarks.ingest.usual.models import Interaction

A_DAY = {"min_value": 0, "max_value": 86_400, "allow_null": True}
TEXT = {"max_length": 200, "allow_blank": True}


class InteractionListSerializer(serializers.ListSerializer):
    def create(self, validated_data):
        rows = [Interaction(**row) for row in validated_data]
        return Interaction.objects.bulk_create(rows, ignore_conflicts=True)


class InteractionSerializer(serializers.ModelSerializer):
    user = serializers.HiddenField(default=serializers.CurrentUserDefault())
    interactionType = serializers.CharField(source="interaction_type", max_length=40)
    eventId = serializers.CharField(source="event_id", max_length=64)
    occurredAt = serializers.DateTimeField(source="occurred_at", required=False)
    startTime = serializers.DateTimeField(source="start_time", required=False, allow_null=True)
    endTime = serializers.DateTimeField(source="end_time", required=False, allow_null=True)
    sentAt = serializers.DateTimeField(source="sent_at", required=False, allow_null=True)
    timeSpentSeconds = serializers.IntegerField(source="time_spent_seconds", required=False, **A_DAY)
    activeSeconds = serializers.IntegerField(source="active_seconds", required=False, **A_DAY)
    resourceType = serializers.CharField(source="resource_type", required=False, **TEXT)
    resourceId = serializers.CharField(source="resource_id", required=False, **TEXT)
    resourceName = serializers.CharField(source="resource_name", required=False, **TEXT)
    caseId = serializers.CharField(source="case_id", required=False, **TEXT)
    caseTitle = serializers.CharField(source="case_title", required=False, **TEXT)
    helpRequestType = serializers.CharField(source="help_request_type", required=False, **TEXT)
    sessionId = serializers.CharField(source="session_id", required=False, max_length=128, allow_blank=True)
    performanceMetrics = serializers.JSONField(source="performance_metrics", required=False)

    class Meta:
        model = Interaction
        list_serializer_class = InteractionListSerializer
        validators = ()
        fields = (
            *("id", "user", "interactionType", "eventId", "occurredAt", "startTime", "endTime", "sentAt"),
            *("timeSpentSeconds", "activeSeconds", "resourceType", "resourceId", "resourceName"),
            *("caseId", "caseTitle", "helpRequestType", "sessionId", "performanceMetrics", "metadata"),
        )


class TrackView(generics.CreateAPIView):
    serializer_class = InteractionSerializer


class TrackBulkView(TrackView):
    def get_serializer(self, *args, **kwargs):
        return super().get_serializer(*args, many=True, **kwargs)

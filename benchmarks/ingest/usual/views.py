from rest_framework import generics, serializers

from benchmarks.ingest.usual.models import Interaction


class InteractionListSerializer(serializers.ListSerializer):
    def create(self, validated_data):
        rows = [Interaction(**row) for row in validated_data]
        return Interaction.objects.bulk_create(rows, ignore_conflicts=True)


class InteractionSerializer(serializers.ModelSerializer):
    interactionType = serializers.CharField(source="interaction_type", max_length=40)
    eventId = serializers.CharField(source="event_id", max_length=64)
    occurredAt = serializers.DateTimeField(source="occurred_at")
    timeSpentSeconds = serializers.IntegerField(source="time_spent_seconds", min_value=0, max_value=86_400)
    caseId = serializers.CharField(source="case_id", max_length=200)
    caseTitle = serializers.CharField(source="case_title", max_length=200)
    performanceMetrics = serializers.JSONField(source="performance_metrics")
    user = serializers.HiddenField(default=serializers.CurrentUserDefault())

    class Meta:
        model = Interaction
        list_serializer_class = InteractionListSerializer
        validators = ()
        fields = (
            *("id", "user", "interactionType", "eventId", "occurredAt", "timeSpentSeconds"),
            *("caseId", "caseTitle", "performanceMetrics", "metadata"),
        )


class TrackView(generics.CreateAPIView):
    serializer_class = InteractionSerializer


class TrackBulkView(TrackView):
    def get_serializer(self, *args, **kwargs):
        return super().get_serializer(*args, many=True, **kwargs)

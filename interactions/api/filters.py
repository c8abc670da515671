"""What a history may be narrowed by. A name outside this list is refused, not ignored."""

import django_filters

from interactions.models import UserInteractionTrackingModel


class HistoryFilter(django_filters.FilterSet):
    interactionType = django_filters.CharFilter("interaction_type")
    resourceType = django_filters.CharFilter("resource_type")
    caseId = django_filters.CharFilter("case_id")

    class Meta:
        model = UserInteractionTrackingModel
        fields = ()

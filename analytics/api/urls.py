from django.urls import re_path

from analytics.api.views import CrowdEngagementView, GlobalPatternsView

urlpatterns = [
    re_path(r"^interaction-tracking/global-patterns/?$", GlobalPatternsView.as_view(), name="global-patterns"),
    re_path(r"^analytics/engagement/?$", CrowdEngagementView.as_view(), name="crowd-engagement"),
]

from django.urls import re_path

from engagement.api.views import EngagementView

urlpatterns = [
    re_path(r"^engagement/(?P<user_id>.{1,64}?)/?$", EngagementView.as_view(), name="engagement"),
]

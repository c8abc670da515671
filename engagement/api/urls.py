from django.urls import re_path

from engagement.api.insight_views import InsightsView
from engagement.api.pattern_views import PatternsView
from engagement.api.peers import PeersView
from engagement.api.prediction_views import PredictionView
from engagement.api.recommendations import RecommendationsView
from engagement.api.views import EngagementView

urlpatterns = [
    re_path(r"^engagement/(?P<user_id>.{1,64}?)/?$", EngagementView.as_view(), name="engagement"),
    re_path(r"^learning-insights/(?P<user_id>.{1,64}?)/?$", InsightsView.as_view(), name="learning-insights"),
    re_path(r"^patterns/(?P<user_id>.{1,64}?)/?$", PatternsView.as_view(), name="patterns"),
    re_path(r"^peers/(?P<user_id>.{1,64}?)/?$", PeersView.as_view(), name="peers"),
    re_path(r"^prediction/(?P<user_id>.{1,64}?)/?$", PredictionView.as_view(), name="prediction"),
    re_path(r"^recommendations/(?P<user_id>.{1,64}?)/?$", RecommendationsView.as_view(), name="recommendations"),
]

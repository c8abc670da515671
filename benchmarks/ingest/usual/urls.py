from django.urls import path
from rest_framework_simplejwt.views import TokenObtainPairView

from benchmarks.ingest.usual.views import TrackBulkView, TrackView

urlpatterns = [
    path("api/auth/token", TokenObtainPairView.as_view()),
    path("api/interaction-tracking/track", TrackView.as_view()),
    path("api/interaction-tracking/track-bulk", TrackBulkView.as_view()),
]

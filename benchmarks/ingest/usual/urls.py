from django.urls import include, path

from benchmarks.ingest.usual.views import TrackBulkView, TrackView

urlpatterns = [
    path("api/auth/", include("accounts.api.urls")),
    path("api/interaction-tracking/track", TrackView.as_view()),
    path("api/interaction-tracking/track-bulk", TrackBulkView.as_view()),
]

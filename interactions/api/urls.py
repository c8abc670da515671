from django.urls import re_path

from interactions.api.views import HistoryView, TrackBulkView, TrackView

# With and without a trailing slash. A public id may hold a slash of its own, so it takes all but the last.
urlpatterns = [
    re_path(r"^track/?$", TrackView.as_view(), name="track"),
    re_path(r"^track-bulk/?$", TrackBulkView.as_view(), name="track-bulk"),
    re_path(r"^history/(?P<user_id>.{1,64}?)/?$", HistoryView.as_view(), name="history"),
]

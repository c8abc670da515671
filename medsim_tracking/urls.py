"""Every address of the product. Each view behind them declares its policy (accounts/access.py)."""

from django.contrib import admin
from django.urls import include, path, re_path

from medsim_tracking.views import SchemaView, api_not_found

urlpatterns = [
    path("api/auth/", include("accounts.api.urls")),
    path("api/interaction-tracking/", include("interactions.api.urls")),
    path("api/interaction-tracking/", include("engagement.api.urls")),
    path("api/", include("analytics.api.urls")),
    re_path(r"^api/schema/?$", SchemaView.as_view(), name="schema"),
    re_path(r"^api/", api_not_found, name="api-not-found"),
    path("admin/", admin.site.urls),
    path("", include("analytics.urls")),
]
handler400 = "medsim_tracking.views.bad_request"
handler500 = "medsim_tracking.views.server_error"

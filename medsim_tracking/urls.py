"""Every address of the product. Each view behind them declares its policy (accounts/access.py)."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("api/auth/", include("accounts.api.urls")),
    path("admin/", admin.site.urls),
]

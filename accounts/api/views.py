"""Signing in by JSON: a token pair for a name and password, a new access token for a refresh token."""

from drf_spectacular.utils import extend_schema
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView

from accounts.access import Access
from accounts.api.serializers import RefreshSerializer


@extend_schema(tags=["auth"], summary="Sign in: a token pair for a user name and password")
class TokenView(TokenObtainPairView):
    access = Access.PUBLIC


@extend_schema(tags=["auth"], summary="A new access token for a refresh token")
class RefreshView(TokenRefreshView):
    access = Access.PUBLIC
    serializer_class = RefreshSerializer

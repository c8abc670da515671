"""Signing in by JSON: a token pair for a name and password, a new access token for a refresh token."""

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView

from accounts.access import Access
from accounts.api.openapi import JSON, answer, closed, problems
from accounts.api.serializers import RefreshSerializer

_REQUIRED = [{"pointer": "/password", "code": "required", "detail": "This field is required."}]
_UNREADABLE = (400, "invalid", "Some fields are at fault: see errors.", _REQUIRED)
_TOKEN = {"type": "string", "description": "A JSON Web Token."}
_EXAMPLE_TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJsZW5hIn0.x"


def _request(*names: str, **example: str) -> dict:
    told = {"type": "object", "required": list(names), "properties": {name: {"type": "string"} for name in names}}
    return {
        "request": {JSON: told},
        "examples": [OpenApiExample("A request", example, request_only=True)],
    }


_SIGN_IN = extend_schema(
    operation_id="signIn",
    tags=["auth"],
    summary="Sign in: a token pair for a user name and password",
    description="The access token goes into `Authorization: Bearer …` and lives ten minutes.",
    responses={
        **answer(
            200, closed({"refresh": _TOKEN, "access": _TOKEN}), {"refresh": _EXAMPLE_TOKEN, "access": _EXAMPLE_TOKEN}
        ),
        **problems(
            _UNREADABLE,
            (401, "no_active_account", "No active account found with the given credentials"),
            413,
            415,
            (429, "too_many_failures", "Too many failed attempts to sign in. Try again in 900 seconds."),
        ),
    },
    **_request("username", "password", username="sim", password="medsim-demo-2026"),
)
_REFRESH = extend_schema(
    operation_id="refreshToken",
    tags=["auth"],
    summary="A new access token for a refresh token",
    description="Ends with the person's account, and with a changed password.",
    responses={
        **answer(200, closed({"access": _TOKEN}), {"access": _EXAMPLE_TOKEN}),
        **problems(_UNREADABLE, (401, "token_not_valid", "Token is invalid"), 413, 415),
    },
    **_request("refresh", refresh=_EXAMPLE_TOKEN),
)


@extend_schema_view(post=_SIGN_IN)
class TokenView(TokenObtainPairView):
    access = Access.PUBLIC


@extend_schema_view(post=_REFRESH)
class RefreshView(TokenRefreshView):
    access = Access.PUBLIC
    serializer_class = RefreshSerializer

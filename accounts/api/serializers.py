"""What a refresh token is still worth."""

from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.serializers import TokenRefreshSerializer


class RefreshSerializer(TokenRefreshSerializer):
    """Refuses a token whose person is gone, deactivated or has a new password, by the rule of every other door."""

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        JWTAuthentication().get_user(self.token_class(attrs["refresh"]))
        return super().validate(attrs)

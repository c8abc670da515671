"""What a refresh token is still worth."""

from rest_framework_simplejwt.serializers import TokenRefreshSerializer

from accounts.api.authentication import TokenAuthentication


class RefreshSerializer(TokenRefreshSerializer):
    """Refuses a token whose person is gone, deactivated or has a new password, by the rule of every other door."""

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        TokenAuthentication().get_user(self.token_class(attrs["refresh"]))
        return super().validate(attrs)

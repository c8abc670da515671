"""Whose token this is. Whatever a token holds, it opens a door or is 401."""

from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import InvalidToken

from accounts.models import User
from accounts.validators import can_be_public_id


class TokenAuthentication(JWTAuthentication):
    """Simple JWT's, for claims of any kind: a token signed with our key may still hold what no database takes."""

    def get_validated_token(self, raw_token):
        try:
            return super().get_validated_token(raw_token)
        except (TypeError, ValueError, OverflowError, RecursionError, AttributeError) as error:
            raise InvalidToken() from error

    def get_user(self, validated_token) -> User:
        if not can_be_public_id(validated_token.get("sub")):
            raise InvalidToken()
        return super().get_user(validated_token)

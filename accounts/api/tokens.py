"""Whose a token is, where many are asked about at once.

The same rules as simplejwt's own authentication, which has the last word: None here means ask it. The signature of
a token is checked once per process; whether it has expired, and what its holder may, every time.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from time import time

from django.db import connection
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken
from rest_framework_simplejwt.utils import get_md5_hash_password

from accounts.models import User

KEPT = 10_000
_FIELDS = [field.attname for field in User._meta.concrete_fields]
_COLUMNS = ", ".join(connection.ops.quote_name(field.column) for field in User._meta.concrete_fields)


@dataclass(frozen=True, slots=True)
class Claims:
    """What a genuine access token says: the holder's public id, until when (seconds since 1970), his password then."""

    public_id: str
    expires: float
    password: str | None


def claims_of(authorization: str) -> Claims | None:
    """What the token in an Authorization header says; None where it is not plainly good."""
    kind, _, token = authorization.partition(" ")
    if kind != "Bearer":
        return None
    try:
        claims = _verified(token, api_settings.SIGNING_KEY)
    except (TokenError, ValueError):
        return None
    return claims if time() < claims.expires else None


@lru_cache(maxsize=KEPT)
def _verified(token: str, key: str) -> Claims:
    """Raises TokenError or ValueError. `key` is what it was signed with, so that a changed one asks again."""
    told = AccessToken(token)
    public_id = told.get(api_settings.USER_ID_CLAIM)
    if type(public_id) is not str or not public_id.isprintable():
        raise ValueError("No public id looks like this.")
    return Claims(public_id, told["exp"], told.get(api_settings.REVOKE_TOKEN_CLAIM))


def holders_of(claims: Collection[Claims]) -> dict[Claims, User]:
    """The people whose tokens still hold, as they are at this moment (1 query); the others are left out."""
    wanted = {each.public_id for each in claims}
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(wanted))
        cursor.execute(f"SELECT {_COLUMNS} FROM {User._meta.db_table} WHERE public_id IN ({marks})", list(wanted))
        people = {user.public_id: user for user in map(_user, cursor.fetchall())}
    return {each: user for each in claims if (user := people.get(each.public_id)) and _holds(each, user)}


def _user(row: tuple) -> User:
    return User.from_db(connection.alias, _FIELDS, row)


def _holds(claims: Claims, user: User) -> bool:
    return user.is_active and claims.password == get_md5_hash_password(user.password)

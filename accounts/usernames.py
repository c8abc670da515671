"""Usernames for people who come in by a public id."""

import re
from collections.abc import Sequence

from accounts.models import User

USERNAME_LENGTH = 150
_NOT_ALLOWED = re.compile(r"[^\w.@+-]+")


def usernames_for(public_ids: Sequence[str]) -> dict[str, str]:
    """A free username for each public id: the id itself where it can be one and nobody has it."""
    wanted = {public_id: _readable(public_id) for public_id in public_ids}
    taken = set(User.objects.in_bulk(set(wanted.values()), field_name="username"))
    usernames = {}
    for public_id, base in wanted.items():
        username, number = base, 2
        while username in taken or (username != base and User.objects.filter(username=username).exists()):
            username, number = f"{base}-{number}", number + 1
        taken.add(username)
        usernames[public_id] = username
    return usernames


def _readable(public_id: str) -> str:
    # The form that signs people in normalises what is typed, so the stored name must be normalised too.
    return _NOT_ALLOWED.sub("-", User.normalize_username(public_id))[: USERNAME_LENGTH - 10]

"""Requests of learners and of a simulator's service account, encoded before any clock starts."""

import itertools
import time

import msgspec

from benchmarks.ingest.events import interaction, mixed_bulk, one_learners_bulk
from benchmarks.ingest.load import request, token
from benchmarks.ingest.servers import Server, manage

SERVICE, PASSWORD = "bench", "a benchmark has no secrets"
SENDING = [f"learner-{number}" for number in range(8)]
# Whom the service account names: learners that benchmarks/admin_data.py gives a history, too.
LEARNERS = [f"learner-{number}" for number in range(400)]
PATH = "/api/interaction-tracking/track"
# Set by password as cheaply as signing in is measured: not at all.
MAKE_PEOPLE = f"""
from django.contrib.auth.hashers import make_password
from accounts.models import User
User.objects.filter(username={SERVICE!r}).exists() or User.objects.create_user(
    {SERVICE!r}, password={PASSWORD!r}, role="service")
for name in {SENDING!r}:
    learner, _ = User.objects.get_or_create(public_id=name, defaults={{"username": name}})
    learner.username, learner.password = name, make_password({PASSWORD!r})
    learner.save()
"""
_runs = itertools.count()


def prepare(database_url: str) -> None:
    manage(database_url, "migrate", "-v0")
    manage(database_url, "shell", "-v0", "-c", MAKE_PEOPLE)


class Senders:
    """Who sends to one server. Each call makes requests never made before."""

    def __init__(self, server: Server):
        self._learners = [token(server, name, PASSWORD) for name in SENDING]
        self._service = token(server, SERVICE, PASSWORD)

    def bulks(self, count: int, size: int) -> list[bytes]:
        """Of one learner each, by his own token."""
        return [self._by_learner(f"{PATH}-bulk", turn, one_learners_bulk(_name(), size)) for turn in range(count)]

    def mixed_bulks(self, count: int, size: int) -> list[bytes]:
        """Of several learners each, by the service account."""
        return [
            _request(f"{PATH}-bulk", self._service, mixed_bulk(_name(), size, LEARNERS, turn)) for turn in range(count)
        ]

    def singles(self, count: int) -> list[bytes]:
        return [self._by_learner(PATH, turn, interaction(_name(), turn)) for turn in range(count)]

    def _by_learner(self, path: str, turn: int, told: list | dict) -> bytes:
        return _request(path, self._learners[turn % len(self._learners)], told)


def _request(path: str, access: str, told: list | dict) -> bytes:
    return request(path, msgspec.json.encode(told), Authorization=f"Bearer {access}")


def _name() -> str:
    return f"{time.time_ns():x}-{next(_runs)}"

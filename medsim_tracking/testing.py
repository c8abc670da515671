"""The cast: the people every test is about, signed in and not, and what they did.

Lena learns in Edda's cohort. Otto teaches another, where Mia learns, and must see nothing of Lena. Ada is
admin. Sim is the simulator's service account. For each there is the person (`lena`), an API client with a
token got by signing in (`lena_api`) and a browser-like client that is signed in (`lena_client`).
"""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.test import Client
from django.utils import timezone

from accounts.limits import ledger
from accounts.models import Cohort, Enrolment, User
from analytics.usage import forget_views
from interactions.models import ScoringPolicy, UserInteractionTrackingModel
from interactions.policies import forget_policies
from interactions.services import CREATED, track_interaction

# A Monday noon. In every test the clock stands here until the test moves it.
NOW = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)
TERM_START = date(2025, 9, 1)
PASSWORD = "three calm herons wade"


class Clock:
    """The time that Django tells; a test moves it."""

    def __init__(self, now: datetime):
        self.now = now

    def forward(self, **step: float) -> datetime:
        """Move on by timedelta's keywords, such as `days=1`."""
        self.now += timedelta(**step)
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch) -> Clock:
    """`timezone.now()` is NOW: a test that passes today passes next year. Tokens expire by the real clock."""
    clock = Clock(NOW)
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


@receiver(post_migrate)
def restore_the_first_policy(sender, **kwargs):
    """A test with real transactions ends by emptying every table; what a migration entered goes with it."""
    if sender.name == "interactions" and not ScoringPolicy.objects.exists():
        import_module("interactions.migrations.0002_policy_es_1").enter_policy(apps, None)


@pytest.fixture(autouse=True)
def empty_cache():
    """What a process keeps in memory does not survive a test, as its rows do not."""
    cache.clear()
    forget_policies()
    forget_views()
    ledger().clear()


class ApiClient(Client):
    """Speaks JSON: bodies are Python values."""

    def post(self, path, data=None, content_type="application/json", **extra):
        return super().post(path, data, content_type, **extra)


def api_of(user: User) -> ApiClient:
    """An API client with a token of this person, got through the front door."""
    answer = ApiClient().post("/api/auth/token", {"username": user.username, "password": PASSWORD})
    assert answer.status_code == 200, answer.content
    return ApiClient(headers={"Authorization": f"Bearer {answer.json()['access']}"})


def client_of(user: User) -> Client:
    """A client with a session of this person, as a browser has."""
    client = Client()
    client.force_login(user)
    return client


def person(username: str, role: str = User.Role.STUDENT, **fields) -> User:
    """A new person who can sign in with PASSWORD; his public id is his user name."""
    told = {"public_id": username, "name": username.title(), "role": role} | fields
    return User.objects.create_user(username, password=PASSWORD, **told)


def enrol(learner: User, cohort: Cohort, start: date = TERM_START, end: date | None = None) -> Enrolment:
    return Enrolment.objects.create(learner=learner, cohort=cohort, start=start, end=end)


def track(user: User, interaction_type: str, *, now: datetime = NOW, **fields):
    """Let Sim record one interaction of `user`, received at `now`, and return its row.

    Fields are the API's in snake_case: `case_id="c1"`, `occurred_at=NOW - timedelta(days=1)`.
    """
    told = {"userId": user.public_id, "interactionType": interaction_type}
    for name, value in fields.items():
        first, *rest = name.split("_")
        json_name = first + "".join(word.title() for word in rest)
        told[json_name] = value.isoformat() if isinstance(value, datetime) else value
    outcome = track_interaction(sender=User.objects.get(username="sim"), interaction=told, now=now)
    assert outcome.status == CREATED, outcome
    return UserInteractionTrackingModel.objects.get(pk=outcome.row.id)


@pytest.fixture
def cast(db) -> dict[str, User | Cohort]:
    """Everybody at once: a test about one person still has the others there to be confused with."""
    Role = User.Role
    people = {
        "lena": person("lena"),
        "mia": person("mia"),
        "edda": person("edda", Role.EDUCATOR),
        "otto": person("otto", Role.EDUCATOR),
        "ada": person("ada", Role.ADMIN),
        "sim": person("sim", Role.SERVICE),
    }
    cardiology = Cohort.objects.create(slug="cardiology", name="Cardiology")
    surgery = Cohort.objects.create(slug="surgery", name="Surgery")
    cardiology.educators.add(people["edda"])
    surgery.educators.add(people["otto"])
    enrol(people["lena"], cardiology)
    enrol(people["mia"], surgery)
    return people | {"cardiology": cardiology, "surgery": surgery}


@pytest.fixture
def cardiology(cast) -> Cohort:
    """Edda's cohort, where Lena learns."""
    return cast["cardiology"]


@pytest.fixture
def surgery(cast) -> Cohort:
    """Otto's cohort, where Mia learns."""
    return cast["surgery"]


@pytest.fixture
def anonymous_api() -> ApiClient:
    return ApiClient()


@pytest.fixture
def lena(cast) -> User:
    return cast["lena"]


@pytest.fixture
def lena_api(lena) -> ApiClient:
    return api_of(lena)


@pytest.fixture
def lena_client(lena) -> Client:
    return client_of(lena)


@pytest.fixture
def mia(cast) -> User:
    return cast["mia"]


@pytest.fixture
def mia_api(mia) -> ApiClient:
    return api_of(mia)


@pytest.fixture
def mia_client(mia) -> Client:
    return client_of(mia)


@pytest.fixture
def edda(cast) -> User:
    return cast["edda"]


@pytest.fixture
def edda_api(edda) -> ApiClient:
    return api_of(edda)


@pytest.fixture
def edda_client(edda) -> Client:
    return client_of(edda)


@pytest.fixture
def otto(cast) -> User:
    return cast["otto"]


@pytest.fixture
def otto_api(otto) -> ApiClient:
    return api_of(otto)


@pytest.fixture
def otto_client(otto) -> Client:
    return client_of(otto)


@pytest.fixture
def ada(cast) -> User:
    return cast["ada"]


@pytest.fixture
def ada_api(ada) -> ApiClient:
    return api_of(ada)


@pytest.fixture
def ada_client(ada) -> Client:
    return client_of(ada)


@pytest.fixture
def sim(cast) -> User:
    return cast["sim"]


@pytest.fixture
def sim_api(sim) -> ApiClient:
    return api_of(sim)


@pytest.fixture
def sim_client(sim) -> Client:
    return client_of(sim)

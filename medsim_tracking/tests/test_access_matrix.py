"""Who may open which door: every role and nobody, at every route, about himself, one he teaches, a stranger, nobody.

The routes come from the URLconf and the expectation from the policy each view declares, so a new route is
in the matrix by itself, and one without a declared policy fails.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.access import Access
from accounts.models import User
from interactions.models import UserInteractionTrackingModel
from medsim_tracking.testing import api_of, client_of, enrol, person, track

ROLES = ("nobody", "lena", "edda", "ada", "sim")
METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
# What stands at each kind of subject, by the name its URL gives it.
LEARNERS = ("own", "lena", "nils", "mia", "missing")
SUBJECTS = {"user_id": LEARNERS, "public_id": LEARNERS, "slug": ("cardiology", "surgery", "missing")}
# Nothing in the catalogue is hidden from anybody.
CASES = ("case-of-lena", "case-of-mia", "missing")
SUBJECTS |= {"case_id": CASES}


@dataclass(frozen=True)
class Route:
    """One pattern of the URLconf: its path with {holes}, its name, its view."""

    path: str
    name: str
    view: object

    @property
    def access(self):
        return getattr(declaring(self.view), "access", None)

    @property
    def is_api(self):
        return self.path.startswith("api/")

    @property
    def subject(self):
        return next((name for name in SUBJECTS if f"{{{name}}}" in self.path), None)

    def url(self, subject=None):
        hole = "" if self.subject is None else f"{{{self.subject}}}"
        return "/" + (self.path.replace(hole, quote(subject, safe="")) if hole else self.path)


def declaring(view):
    """What a view declares its policy on: its class, or the function itself."""
    return getattr(view, "view_class", None) or getattr(view, "cls", None) or view


def routes(resolver=None, before=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                yield from routes(pattern, path)
        elif isinstance(pattern, URLPattern):
            yield Route(readable(path), pattern.name or path, pattern.callback)


def readable(path):
    """A pattern as a path with {holes}, without a trailing slash that may be left out."""
    path = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", path)
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)
    return path.replace("/?$", "").replace("^", "").replace("$", "")


ROUTES = list(routes())
NAMED = pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)


@pytest.fixture
def doors(cast):
    """A client of each role: with a token for the API, with a session for the pages."""
    nils = person("nils")
    enrol(nils, cast["cardiology"])
    for learner in (cast["lena"], cast["mia"], nils):
        # What a door could let slip: whose it is and what he did. The catalogue of cases is everybody's.
        secret = f"secret-of-{learner.username}"
        User.objects.filter(pk=learner.pk).update(name=secret)
        track(learner, "case_start", case_id=f"case-of-{learner.username}", event_id=secret, session_id=secret)
    people = {role: cast[role] for role in ROLES if role != "nobody"}
    return {
        True: {"nobody": Client()} | {role: api_of(user) for role, user in people.items()},
        False: {"nobody": Client()} | {role: client_of(user) for role, user in people.items()},
    }


@NAMED
def test_every_route_declares_a_policy(route):
    assert isinstance(route.access, Access), f"{route.path} declares no access policy"


def may_see(role, subject):
    """The visibility rule in a table: himself, his own learners, all for an admin."""
    if subject in ("own", role) or subject in CASES[:-1]:
        return True
    return subject != "missing" and (role == "ada" or (role == "edda" and subject in ("lena", "nils", "cardiology")))


def expected(route, role, subject):
    """The status of a GET, as the policy promises it."""
    is_staff = role in ("edda", "ada")
    admitted = route.access is Access.PUBLIC or (
        role != "nobody"
        and (is_staff or route.access not in (Access.EDUCATOR, Access.COHORT_SUBJECT))
        and (role == "ada" or route.access is not Access.ADMIN)
    )
    if not admitted:
        if role == "nobody":
            return 401 if route.is_api else 302
        return 403
    return 200 if subject is None or may_see(role, subject) else 404


def cases():
    for route in ROUTES:
        if route.access in (Access.SENDER, Access.PUBLIC):
            continue
        for role in ROLES:
            yield pytest.param(route, role, id=f"{route.name}-{role}")


@pytest.mark.parametrize(("route", "role"), list(cases()))
def test_a_read_answers_as_the_policy_says(doors, route, role):
    answered, promised = {}, {}
    for subject in SUBJECTS.get(route.subject, (None,)):
        url = route.url(role if subject == "own" else subject)
        answer = doors[route.is_api][role].get(url)
        # A page may send on to another one that this role is meant to see, such as a learner's own.
        sent_on = answer.status_code == 302 and role != "nobody" and subject is None
        answered[url] = 200 if sent_on else answer.status_code
        promised[url] = expected(route, role, subject)
        seen = answer.getvalue().decode()
        for learner in ("lena", "nils", "mia"):
            assert may_see(role, learner) or f"secret-of-{learner}" not in seen
    assert answered == promised


HIDING = [route for route in ROUTES if route.subject not in (None, "case_id")]


@pytest.mark.parametrize("route", HIDING, ids=lambda route: route.name)
def test_what_is_hidden_reads_like_what_is_missing(doors, route):
    client = doors[route.is_api]["edda"]
    hidden, missing = (client.get(route.url(subject)) for subject in (SUBJECTS[route.subject][-2], "missing"))
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert neutral(hidden) == neutral(missing)


def neutral(answer):
    """An answer without what differs on every request: its id, a form's token."""
    return re.sub(r"[0-9a-f]{32}|value=\"\w{64}\"", "", answer.content.decode())


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("owner", ["own", "lena", "mia", "unheard-of"])
@pytest.mark.parametrize("name", ["track", "track-bulk"])
def test_a_sender_records_for_himself_and_only_services_and_admins_for_others(doors, name, role, owner):
    told = {"interactionType": "search"}
    if owner != "own":
        told["userId"] = owner
    url = f"/api/interaction-tracking/{name}"
    answer = doors[True][role].post(url, told if name == "track" else [told], content_type="application/json")
    for_others = role in ("ada", "sim")
    if role == "nobody":
        assert answer.status_code == 401
    elif owner in ("own", role) or for_others:
        assert answer.status_code == 201
    elif name == "track":
        assert answer.status_code == 403
    else:
        assert (answer.status_code, answer.json()["refused"]) == (207, 1)


@NAMED
def test_no_method_on_any_route_breaks_the_server_and_none_changes_or_deletes(doors, route):
    subject = None if route.subject is None else SUBJECTS[route.subject][0].replace("own", "lena")
    for role in ROLES:
        for method in METHODS:
            answer = getattr(doors[route.is_api][role], method)(route.url(subject))
            assert answer.status_code < 500
            if method in ("put", "patch", "delete", "trace") and role != "nobody":
                # The sign-in page sends on whoever is signed in already; a learner's choice needs a body.
                told = (route.name, answer.status_code)
                assert answer.status_code in (403, 404, 405) or told in (("sign-in", 302), ("peers", 400))
    assert UserInteractionTrackingModel.objects.count() == 3


ADMIN_ROUTES = [
    "admin:index",
    *(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist" for model in admin.site._registry),
]


@pytest.mark.parametrize("name", ADMIN_ROUTES)
@pytest.mark.parametrize("role", ROLES)
def test_only_an_admin_enters_the_admin(doors, name, role):
    answer = doors[False][role].get(reverse(name))
    assert answer.status_code == {"ada": 200, "nobody": 302}.get(role, 403)


@NAMED
def test_no_answer_about_people_may_be_kept_by_a_cache(doors, route):
    subject = None if route.subject is None else SUBJECTS[route.subject][0].replace("own", "lena")
    answer = doors[route.is_api]["ada"].get(route.url(subject))
    assert "no-store" in answer["Cache-Control"]

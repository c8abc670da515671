"""Putting the demo into the database: people once, interactions through the one writer, missing days later."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Max, Q

from accounts.calendar import institution_zone, local_day
from accounts.models import Cohort, Enrolment, Pause, PlannedCases, User
from analytics.demo.catalogue import NEW_VERSION, NEW_VERSION_BEFORE
from analytics.demo.days import SESSION_PREFIX, interactions_between
from analytics.demo.people import DEMO_PASSWORD, GROUPS, LEARNERS, LEAVE, MAIL_DOMAIN, PLANNED, PLANNED_OWN, STAFF
from analytics.demo.terms import year_start
from interactions.models import Case, UserInteractionTrackingModel
from interactions.services import CREATED, track_bulk_interactions

BATCH = 2000
SENDER = "sim"


class NameTaken(Exception):
    """Somebody who is not of the demo has one of its names; its text is a sentence."""


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """Which days are missing: `first` to `last`, inclusive. `anchor` is the day the demo was first loaded."""

    anchor: date
    first: date
    last: date
    now: datetime

    @property
    def days(self) -> int:
        return max(0, (self.last - self.first).days + 1)


def plan_demo(*, now: datetime) -> DemoPlan:
    """Make the people of the demo unless they are there, and see which days are missing."""
    sender = User.objects.filter(username=SENDER, role=User.Role.SERVICE).first()
    # Whoever was loaded with the demo carries its day, so a later run tells the same stories on.
    anchor = local_day(sender.date_joined) if sender else local_day(now)
    if sender is None:
        _make_people(anchor, now)
    return DemoPlan(anchor, _first_missing_day(anchor), local_day(now), now)


@dataclass(frozen=True, slots=True)
class DemoProgress:
    """How many days are done, and how many interactions were new on them."""

    days: int
    created: int


def load_days(plan: DemoPlan, *, seed: int) -> Iterator[DemoProgress]:
    """Record the planned days, telling how far it is as it goes.

    The last day that is stored is told again: it may have been cut off in its middle, and event ids make
    the repetition harmless.
    """
    sender = User.objects.get(username=SENDER)
    told = interactions_between(
        LEARNERS, plan.first, plan.last, seed=seed, anchor=plan.anchor, now=plan.now, zone=institution_zone()
    )
    waiting: list[dict[str, Any]] = []
    created = 0
    for done, interactions in enumerate(told, start=1):
        waiting += interactions
        if len(waiting) >= BATCH or done == plan.days:
            created += _record(waiting, sender, plan.now)
            waiting = []
            yield DemoProgress(done, created)


def _record(interactions: list[dict[str, Any]], sender: User, now: datetime) -> int:
    outcomes = track_bulk_interactions(sender=sender, interactions=interactions, now=now, historical=True)
    return sum(outcome.status == CREATED for outcome in outcomes)


def _first_missing_day(anchor: date) -> date:
    last = UserInteractionTrackingModel.objects.filter(
        # Not what somebody tried out as one of these learners.
        user__username__in=[learner.username for learner in LEARNERS],
        session_id__startswith=SESSION_PREFIX,
    ).aggregate(last=Max("occurred_at"))["last"]
    return local_day(last) if last else year_start(anchor)


@transaction.atomic
def _make_people(anchor: date, now: datetime) -> None:
    names = [person.username for person in (*STAFF, *LEARNERS)]
    taken = User.objects.filter(Q(username__in=names) | Q(public_id__in=names)).values_list("username", flat=True)
    slugs = Cohort.objects.filter(slug__in=[group.slug for group in GROUPS]).values_list("slug", flat=True)
    if found := sorted([*taken, *slugs]):
        raise NameTaken(f"The demo needs names that others have here already: {', '.join(found)}.")

    # One hash for all: it is the same word, and hashing it is slow on purpose.
    password = make_password(DEMO_PASSWORD)
    staff = [_user(person.username, person.name, person.role, password, now) for person in STAFF]
    learners = [_user(learner.username, learner.name, User.Role.STUDENT, password, now) for learner in LEARNERS]
    users = {user.username: user for user in User.objects.bulk_create([*staff, *learners])}
    cohorts = {group.slug: Cohort(slug=group.slug, name=group.name) for group in GROUPS}
    Cohort.objects.bulk_create(cohorts.values())
    for group in GROUPS:
        cohorts[group.slug].educators.add(users[group.educator])
        PlannedCases.objects.bulk_create(
            PlannedCases(cohort=cohorts[group.slug], specialty=specialty, cases=cases)
            for specialty, cases in (PLANNED | {group.specialty: PLANNED_OWN}).items()
        )
    enrolments = {
        learner.username: Enrolment(
            learner=users[learner.username],
            cohort=cohorts[learner.group.slug],
            start=learner.enrolled_from(anchor),
        )
        for learner in LEARNERS
    }
    Enrolment.objects.bulk_create(enrolments.values())
    for username, leave in LEAVE.items():
        start, end = leave.days(anchor)
        Pause.objects.create(enrolment=enrolments[username], start=start, end=end, reason=leave.reason)
    changed = {"changed_on": anchor - NEW_VERSION_BEFORE}
    Case.objects.update_or_create(case_id=NEW_VERSION, defaults=changed, create_defaults=changed | {"first_seen": now})


def _user(username: str, name: str, role: str, password: str, now: datetime) -> User:
    is_admin = role == User.Role.ADMIN
    return User(
        username=username,
        public_id=username,
        name=name,
        email=f"{username}@{MAIL_DOMAIN}",
        role=role,
        password=password,
        date_joined=now,
        # bulk_create passes save() by, which would set these by the role.
        is_staff=is_admin,
        is_superuser=is_admin,
    )

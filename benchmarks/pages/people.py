"""Who is in the log: a cohort of five hundred with stories of the demo, one learner who works very much, and copies.

A copy is a learner who did what one of the cohort did, under a key and a name of his own.
"""

from datetime import date, timedelta

import numpy as np

from analytics.demo.people import GROUPS, PLANNED, PLANNED_OWN, Learner
from analytics.demo.stories import Story

SEED = 7
SIZE, COHORT = 500, "year-four"
EDUCATOR, ADMIN, SENDER = "edda", "ada", "sim"
# Of the copies; counting takes longer with every cohort.
COHORTS = 6
# In the place of the last learner of the cohort: one with twenty thousand interactions.
HEAVY = SIZE - 1
# Of a hundred learners.
STORIES = {
    Story.STEADY: 46,
    Story.KEEN: 12,
    Story.QUIET: 15,
    Story.CRAMMER: 6,
    Story.CLICKS_THROUGH: 6,
    Story.STRUGGLING: 5,
    Story.FADING: 4,
    Story.NEW: 3,
    Story.RETURNED: 2,
    Story.NEVER_STARTED: 1,
}
SPREAD = [story for story, number in STORIES.items() for _ in range(number)]
# Days before today, [start, end): every fifty-first is on leave, and who returned was away until lately.
ON_LEAVE, RETURNED = (20, -14), (91, 17)
GIVEN = ("Aisha", "Mateo", "Ingrid", "Rohan", "Chloé", "Emeka", "Mei-Ling", "Oskar", "Layla", "Daniel", "Freya", "Luca")
FAMILY = ("Bello", "Fernández", "Solheim", "Desai", "Laurent", "Obi", "Zhou", "Wiśniewski", "Mansour", "Osei", "Kaya")


def learner(number: int) -> Learner:
    story = SPREAD[np.random.default_rng([SEED, number]).integers(len(SPREAD))] if number != HEAVY else Story.KEEN
    since = {Story.NEW: 4 + number % 15, Story.NEVER_STARTED: 40}.get(story)
    name = f"{GIVEN[number % len(GIVEN)]} {FAMILY[number // len(GIVEN) % len(FAMILY)]}-{number}"
    return Learner(number, public_id(number), name, GROUPS[number % len(GROUPS)], story, since)


def public_id(number: int, copy: int = 0) -> str:
    return f"learner-{copy}-{number}" if copy else f"learner-{number}"


def diligence(number: int) -> float:
    """Most do little and few do much, as in real logs: some 340 interactions a year, on average."""
    return float(np.random.default_rng([SEED, number, 1]).random() ** 2.8)


def leave(number: int, today: date) -> tuple[date, date] | None:
    """The pause of a learner, `[start, end)`."""
    days = RETURNED if learner(number).story is Story.RETURNED else ON_LEAVE if number % 51 == 7 else None
    return days and (today - timedelta(days=days[0]), today - timedelta(days=days[1]))


def enter(today: date) -> None:
    """The cohort with its plan, who teaches it, who sends."""
    from accounts.models import Cohort, Enrolment, Pause, PlannedCases, User

    User.objects.create(username=ADMIN, name="Ada Okonkwo", role=User.Role.ADMIN)
    User.objects.create(username=SENDER, name="Simulator", role=User.Role.SERVICE)
    educator = User.objects.create(username=EDUCATOR, name="Dr Edda Lindqvist", role=User.Role.EDUCATOR)
    cohort = Cohort.objects.create(slug=COHORT, name="Year four")
    cohort.educators.add(educator)
    plan = PLANNED | {group.specialty: PLANNED_OWN for group in GROUPS}
    PlannedCases.objects.bulk_create(
        PlannedCases(cohort=cohort, specialty=name, cases=cases) for name, cases in plan.items()
    )
    people = [learner(number) for number in range(SIZE)]
    keys = _make([(person.username, person.name) for person in people])
    Enrolment.objects.bulk_create(
        Enrolment(learner_id=key, cohort=cohort, start=person.enrolled_from(today))
        for key, person in zip(keys, people, strict=True)
    )
    enrolments = dict(cohort.enrolments.values_list("learner", "pk"))
    Pause.objects.bulk_create(
        Pause(enrolment_id=enrolments[key], start=away[0], end=away[1])
        for number, key in enumerate(keys)
        if (away := leave(number, today))
    )


def first_key() -> int:
    """The key of the cohort's first learner; the others' follow it, and those of each copy after another."""
    from accounts.models import User

    return User.objects.values_list("pk", flat=True).get(public_id=public_id(0))


def enter_copies(copies: int, today: date) -> None:
    """The copies of the cohort in a few cohorts of their own, under keys that follow the others'."""
    from django.db import connection

    from accounts.models import Cohort, Enrolment, User

    first = first_key()
    cohorts = [Cohort.objects.create(slug=f"copies-{number}", name=f"Copies {number}") for number in range(COHORTS)]
    for copy in range(1, copies + 1):
        people = [learner(number) for number in range(SIZE)]
        named = [(public_id(number, copy), person.name) for number, person in enumerate(people)]
        keys = _make(named, first + copy * SIZE)
        Enrolment.objects.bulk_create(
            Enrolment(learner_id=key, cohort=cohorts[copy % COHORTS], start=person.enrolled_from(today))
            for key, person in zip(keys, people, strict=True)
        )
    with connection.cursor() as cursor:
        table = User._meta.db_table
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")


def _make(named: list[tuple[str, str]], first: int | None = None) -> list[int]:
    from accounts.models import User

    User.objects.bulk_create(
        User(
            pk=None if first is None else first + place,
            username=f"learner:{public_id}",
            public_id=public_id,
            name=name,
            password="!",
        )
        for place, (public_id, name) in enumerate(named)
    )
    wanted = [public_id for public_id, _ in named]
    keys = dict(User.objects.filter(public_id__in=wanted).values_list("public_id", "pk"))
    return [keys[public_id] for public_id in wanted]

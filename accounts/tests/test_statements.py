from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db.models import Count, Sum

from accounts.models import Cohort, Enrolment, User
from accounts.statements import statement
from interactions.models import DailyActivity, UserInteractionTrackingModel

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 16)
NOON = datetime(2026, 3, 16, 12, 0, 0, 250_000, tzinfo=UTC)


@pytest.fixture
def learners() -> list[User]:
    found = [User.objects.create(username=name, last_login=NOON) for name in ("ines", "jan", "kim")]
    cohort = Cohort.objects.create(slug="ward", name="Ward")
    days = (MONDAY, MONDAY, MONDAY + timedelta(days=1))
    Enrolment.objects.bulk_create(
        Enrolment(learner=one, cohort=cohort, start=day) for one, day in zip(found, days, strict=True)
    )
    return found


def test_a_statement_is_written_once_and_asked_with_other_values(learners, django_assert_num_queries):
    written = []

    @statement
    def enrolled(learner, since):
        written.append((learner, since))
        return Enrolment.objects.filter(learner=learner, start__gte=since).values_list("learner", "start")

    with django_assert_num_queries(3):
        assert enrolled(learners[0].pk, MONDAY) == [(learners[0].pk, MONDAY)]
        assert enrolled(learners[2].pk, MONDAY) == [(learners[2].pk, MONDAY + timedelta(days=1))]
        assert enrolled(learners[1].pk, MONDAY + timedelta(days=1)) == []
    assert len(written) == 1


def test_what_is_none_is_written_into_the_statement(learners):
    @statement
    def enrolled(since):
        rows = Enrolment.objects.order_by("learner").values_list("learner")
        return rows if since is None else rows.filter(start__gte=since)

    everybody = [(one.pk,) for one in learners]
    assert enrolled(None) == everybody
    assert enrolled(MONDAY + timedelta(days=1)) == everybody[2:]
    assert enrolled(None) == everybody


@pytest.mark.parametrize("kind", [list, set, dict.fromkeys])
def test_keys_go_as_one_value_whatever_their_number(learners, kind):
    @statement
    def names(keys):
        return User.objects.filter(pk__among=keys).order_by("pk").values_list("username")

    assert names(kind([learners[0].pk, learners[2].pk])) == [("ines",), ("kim",)]
    assert names(kind([learners[1].pk])) == [("jan",)]
    assert names(kind([])) == []


def test_every_kind_of_value_is_told_as_the_orm_tells_it(learners):
    @statement
    def asked(name, moment, key):
        earlier = UserInteractionTrackingModel.objects.filter(pk__gt=key).values("user")
        rows = User.objects.filter(username=name, last_login=moment).exclude(pk__in=earlier)
        return rows.values_list("username", "last_login")

    assert asked("ines", NOON, UUID(int=7)) == [("ines", NOON)]
    assert asked("ines", NOON + timedelta(microseconds=1), UUID(int=7)) == []
    assert asked("o'hara; --%s", NOON, UUID(int=7)) == []


def test_values_come_as_the_orm_brings_them(learners):
    sums = dict.fromkeys(
        ("base_units", "best_units", "active_seconds", "wall_seconds", "unknown_seconds", "untimed"), 1
    )
    DailyActivity.objects.create(
        user=learners[0],
        day=MONDAY,
        interaction_type="navigation",
        policy_version="es-1",
        interactions=3,
        first_at=NOON,
        last_at=NOON,
        **dict.fromkeys(sums, 1),
    )

    @statement
    def done(learner):
        rows = (
            DailyActivity.objects.filter(user=learner).values("user").annotate(n=Count("pk"), units=Sum("base_units"))
        )
        return rows.values_list("user", "n", "units", "day", "last_at")

    [row] = done(learners[0].pk)
    assert row == (learners[0].pk, 1, 1, MONDAY, NOON)
    assert [type(value) for value in row] == [int, int, int, date, datetime]


def test_a_slice_stays_in_the_statement(learners):
    @statement
    def first(since):
        return Enrolment.objects.filter(start__gte=since).order_by("-learner").values_list("learner")[:2]

    assert first(MONDAY) == [(learners[2].pk,), (learners[1].pk,)]

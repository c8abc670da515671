from datetime import date

import pytest

from accounts.models import Cohort, Enrolment, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def learners() -> list[User]:
    found = [User.objects.create(username=name) for name in ("ines", "jan", "kim")]
    cohort = Cohort.objects.create(slug="ward", name="Ward")
    Enrolment.objects.bulk_create(Enrolment(learner=one, cohort=cohort, start=date(2026, 3, 16)) for one in found)
    return found


def test_among_finds_the_rows_of_the_people_asked_for(learners):
    wanted = {learners[0].pk, learners[2].pk}
    assert set(Enrolment.objects.filter(learner__among=wanted).values_list("learner", flat=True)) == wanted
    assert set(User.objects.filter(pk__among=[*wanted, -1]).values_list("pk", flat=True)) == wanted
    assert Enrolment.objects.exclude(learner__among=wanted).get().learner == learners[1]


def test_among_nobody_finds_nothing_and_asks_nothing(learners, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert not list(Enrolment.objects.filter(learner__among=[]))


def test_among_hundreds_is_sent_as_one_value():
    sql, params = Enrolment.objects.filter(learner__among=range(1, 501)).query.sql_with_params()
    assert len(params) == 1, sql

"""The one visibility rule: who sees whom, from which day to which day, and in how many queries."""

from datetime import date, timedelta

import pytest

from accounts.models import Cohort, Enrolment, User
from medsim_tracking.testing import TERM_START, enrol, person

A_DAY = timedelta(days=1)
EVERYBODY = ["ada", "edda", "lena", "mia", "otto", "sim"]


def seen_by(viewer: User, on: date | None = None) -> list[str]:
    return sorted(User.objects.visible_to(viewer, on).values_list("public_id", flat=True))


@pytest.mark.parametrize(
    ("viewer", "seen"),
    [
        ("lena", ["lena"]),
        ("mia", ["mia"]),
        ("edda", ["edda", "lena"]),
        ("otto", ["mia", "otto"]),
        ("ada", EVERYBODY),
        ("sim", ["sim"]),
    ],
)
def test_people_are_visible_by_role(cast, viewer, seen):
    assert seen_by(cast[viewer]) == seen


@pytest.mark.parametrize(
    ("viewer", "seen"),
    [
        ("lena", []),
        ("edda", ["cardiology"]),
        ("otto", ["surgery"]),
        ("ada", ["cardiology", "surgery"]),
        ("sim", []),
    ],
)
def test_cohorts_are_visible_by_role(cast, viewer, seen):
    assert sorted(Cohort.objects.visible_to(cast[viewer]).values_list("slug", flat=True)) == seen


def test_an_enrolment_counts_from_its_start_until_the_day_before_its_end(cast, edda, lena):
    end = TERM_START + 10 * A_DAY
    Enrolment.objects.filter(learner=lena).update(end=end)
    days = (TERM_START - A_DAY, TERM_START, end - A_DAY, end)
    assert ["lena" in seen_by(edda, on=day) for day in days] == [False, True, True, False]


def test_a_learner_who_left_is_hidden_the_day_the_clock_says_so(cast, edda, lena, clock):
    Enrolment.objects.filter(learner=lena).update(end=clock.now.date() + A_DAY)
    assert seen_by(edda) == ["edda", "lena"]
    clock.forward(days=1)
    assert seen_by(edda) == ["edda"]


def test_today_is_the_institutions_day(cast, edda, lena, clock, settings):
    """At 12:00 UTC it is already tomorrow on Kiritimati, fourteen hours ahead."""
    Enrolment.objects.filter(learner=lena).update(end=clock.now.date() + A_DAY)
    settings.MEDSIM_TIME_ZONE = "Pacific/Kiritimati"
    assert seen_by(edda) == ["edda"]


def test_a_learner_in_two_taught_cohorts_appears_once(cast, edda, lena, surgery):
    surgery.educators.add(edda)
    enrol(lena, surgery)
    assert seen_by(edda) == ["edda", "lena", "mia"]


def test_a_cohort_of_two_educators_appears_once(cast, edda, otto, cardiology):
    cardiology.educators.add(otto)
    assert list(Cohort.objects.visible_to(edda)) == [cardiology]


def test_an_educator_does_not_see_the_other_educator_of_his_cohort(cast, otto, edda, surgery):
    surgery.educators.add(edda)
    assert "edda" not in seen_by(otto)


def test_a_demoted_educator_sees_only_himself(cast, edda):
    edda.role = User.Role.STUDENT
    edda.save()
    assert seen_by(edda) == ["edda"]
    assert list(Cohort.objects.visible_to(edda)) == []


def test_learners_are_the_students(cast):
    assert sorted(User.objects.learners().values_list("public_id", flat=True)) == ["lena", "mia"]


def test_enrolled_in_is_the_cohort_of_a_day(cast, cardiology, lena):
    past = person("past")
    enrol(past, cardiology, end=TERM_START + A_DAY)
    future = person("future")
    enrol(future, cardiology, start=date(2030, 1, 1))
    assert list(User.objects.enrolled_in(cardiology)) == [lena]
    first_day = User.objects.enrolled_in(cardiology, on=TERM_START)
    assert sorted(first_day.values_list("public_id", flat=True)) == ["lena", "past"]


@pytest.mark.parametrize("learners", [1, 30])
def test_visibility_is_one_query_however_many_are_taught(cast, edda, cardiology, learners, django_assert_num_queries):
    for number in range(learners):
        enrol(person(f"learner-{number}"), cardiology)
    with django_assert_num_queries(1):
        assert len(User.objects.visible_to(edda)) == learners + 2

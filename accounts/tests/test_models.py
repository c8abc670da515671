"""People, cohorts and what the database itself refuses."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Cohort, Enrolment, Pause, User
from medsim_tracking.testing import TERM_START, enrol, person

A_DAY = timedelta(days=1)


def refused_by_database():
    """A context in which the database must refuse; the transaction around it goes on."""

    class Refused:
        def __enter__(self):
            self.atomic = transaction.atomic()
            self.raises = pytest.raises(IntegrityError)
            self.raises.__enter__()
            self.atomic.__enter__()

        def __exit__(self, *error):
            self.atomic.__exit__(*error)
            return self.raises.__exit__(*error)

    return Refused()


def test_roles_say_what_a_person_is(cast):
    names = ("lena", "edda", "ada", "sim")
    told = {
        name: (cast[name].is_student, cast[name].is_educator, cast[name].is_admin, cast[name].is_service)
        for name in names
    }
    assert told == {
        "lena": (True, False, False, False),
        "edda": (False, True, False, False),
        "ada": (False, False, True, False),
        "sim": (False, False, False, True),
    }


def test_only_the_simulator_and_the_admin_may_record_for_others(cast):
    people = ("lena", "mia", "edda", "otto", "ada", "sim")
    assert [name for name in people if cast[name].may_record_for_others] == ["ada", "sim"]


def test_admin_flags_follow_the_role_up_and_down(edda):
    edda.role = User.Role.ADMIN
    edda.save()
    edda.refresh_from_db()
    assert (edda.is_staff, edda.is_superuser) == (True, True)

    edda.role = User.Role.EDUCATOR
    edda.save(update_fields=["role"])
    edda.refresh_from_db()
    assert (edda.is_staff, edda.is_superuser) == (False, False)


def test_admin_flags_cannot_be_given_without_the_role(lena):
    lena.is_staff = lena.is_superuser = True
    lena.save()
    lena.refresh_from_db()
    assert (lena.is_staff, lena.is_superuser) == (False, False)


def test_createsuperuser_makes_an_admin(db):
    root = User.objects.create_superuser("root", password="three calm herons wade")
    assert (root.role, root.is_staff, root.is_superuser) == (User.Role.ADMIN, True, True)


def test_public_ids_are_made_where_none_is_told_and_never_twice(db):
    first = User.objects.create_user("first")
    second = User.objects.create_user("second")
    assert len(first.public_id) == 36
    assert first.public_id != second.public_id


def test_a_person_without_a_name_is_shown_by_public_id(db):
    nameless = person("u-17", name="")
    assert (str(nameless), nameless.get_full_name(), nameless.get_short_name()) == ("u-17",) * 3


@pytest.mark.parametrize("public_id", ["", "me"])
def test_database_refuses_public_ids_that_are_no_names(db, public_id):
    with refused_by_database():
        User.objects.create_user("somebody", public_id=public_id)


def test_database_refuses_a_public_id_twice(lena):
    with refused_by_database():
        User.objects.create_user("another", public_id="lena")


def test_public_ids_differ_by_case(lena):
    assert User.objects.create_user("another", public_id="Lena").pk != lena.pk


def test_database_refuses_an_enrolment_that_ends_before_it_starts(cardiology, mia):
    with refused_by_database():
        enrol(mia, cardiology, end=TERM_START - A_DAY)


def test_database_refuses_the_same_enrolment_twice(cardiology, lena):
    with refused_by_database():
        enrol(lena, cardiology)


def test_database_refuses_a_pause_of_no_days(cardiology, lena):
    enrolment = Enrolment.objects.get(learner=lena, cohort=cardiology)
    with refused_by_database():
        Pause.objects.create(enrolment=enrolment, start=TERM_START, end=TERM_START)


def test_forms_say_what_the_database_would_refuse(cardiology, lena):
    backwards = Enrolment(learner=lena, cohort=cardiology, start=TERM_START, end=TERM_START - A_DAY)
    with pytest.raises(ValidationError, match="The enrolment ends before it starts"):
        backwards.full_clean()
    empty = Pause(enrolment=Enrolment.objects.get(learner=lena), start=TERM_START, end=TERM_START)
    with pytest.raises(ValidationError, match="The pause ends before it starts"):
        empty.full_clean()


def test_a_learner_leaves_with_enrolments_but_the_cohort_stays(cardiology, lena):
    lena.delete()
    assert not Enrolment.objects.filter(cohort=cardiology).exists()
    assert Cohort.objects.filter(pk=cardiology.pk).exists()

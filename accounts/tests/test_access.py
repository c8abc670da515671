"""Which role may stand at which door."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.access import Access

ROLES = ("lena", "edda", "ada", "sim")
EVERY_ROLE = set(ROLES)


@pytest.mark.parametrize(
    ("policy", "admitted"),
    [
        (Access.PUBLIC, EVERY_ROLE),
        (Access.SIGNED_IN, EVERY_ROLE),
        (Access.SENDER, EVERY_ROLE),
        (Access.LEARNER_SUBJECT, EVERY_ROLE),
        (Access.COHORT_SUBJECT, {"edda", "ada"}),
        (Access.EDUCATOR, {"edda", "ada"}),
        (Access.ADMIN, {"ada"}),
    ],
)
def test_policy_admits_its_roles(cast, policy, admitted):
    assert {name for name in ROLES if policy.admits(cast[name])} == admitted


def test_every_policy_stands_in_the_matrix_above():
    [matrix] = (mark for mark in test_policy_admits_its_roles.pytestmark if mark.name == "parametrize")
    assert {policy for policy, _ in matrix.args[1]} == set(Access)


@pytest.mark.parametrize("nobody", [None, AnonymousUser()])
def test_nobody_is_admitted_to_the_public_doors_only(nobody):
    assert [policy for policy in Access if policy.admits(nobody)] == [Access.PUBLIC]


def test_a_deactivated_admin_is_admitted_to_the_public_doors_only(ada):
    ada.is_active = False
    assert [policy for policy in Access if policy.admits(ada)] == [Access.PUBLIC]

"""Who may open which door. Every view names one policy; a view that names none answers nobody.

The access matrix in the tests reads the same declarations, so what is promised is what is enforced.
"""

from enum import Enum

from accounts.models import User


class Access(Enum):
    """A policy a view declares as `access = Access.…`."""

    PUBLIC = "public"  # anybody, signed in or not
    SIGNED_IN = "signed in"  # any account
    SENDER = "sender"  # any account; whom it may record for is the writer's rule
    LEARNER_SUBJECT = "learner subject"  # any account; the learner must be visible to it, else 404
    COHORT_SUBJECT = "cohort subject"  # educators and admins; the cohort must be visible, else 404
    EDUCATOR = "educator"  # educators and admins
    ADMIN = "admin"  # admins

    def admits(self, user: User | None) -> bool:
        """Whether this role may stand at the door at all; objects behind it are narrowed by `visible_to`."""
        if self is Access.PUBLIC:
            return True
        if user is None or not user.is_authenticated or not user.is_active:
            return False
        if self is Access.ADMIN:
            return user.is_admin
        if self in (Access.EDUCATOR, Access.COHORT_SUBJECT):
            return user.is_educator or user.is_admin
        return True

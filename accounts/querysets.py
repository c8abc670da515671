"""Who may see whom: the one visibility rule that every door uses."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.calendar import local_day

if TYPE_CHECKING:
    from accounts.models import User


def today() -> date:
    return local_day(timezone.now())


class EnrolmentQuerySet(models.QuerySet):
    def current(self, on: date | None = None) -> EnrolmentQuerySet:
        """Enrolments running on a day (today by default): `[start, end)`, an open end runs on."""
        on = on or today()
        return self.filter(Q(end__isnull=True) | Q(end__gt=on), start__lte=on)


class CohortQuerySet(models.QuerySet):
    def visible_to(self, viewer: User) -> CohortQuerySet:
        """All for an admin, the taught ones for an educator, none for anybody else."""
        if viewer.is_admin:
            return self
        if viewer.is_educator:
            # A subquery, not a join: two educators of one cohort must not double it.
            return self.filter(pk__in=self.model.educators.through.objects.filter(user=viewer).values("cohort"))
        return self.none()


class UserQuerySet(models.QuerySet):
    def learners(self) -> UserQuerySet:
        return self.filter(role=self.model.Role.STUDENT)

    def visible_to(self, viewer: User, on: date | None = None) -> UserQuerySet:
        """People whose learning `viewer` may see: himself, those he teaches today, all for an admin."""
        if viewer.is_admin:
            return self
        if viewer.is_educator:
            return self.filter(Q(pk=viewer.pk) | Q(pk__in=viewer.taught_learners(on)))
        return self.filter(pk=viewer.pk)

    def enrolled_in(self, cohort, on: date | None = None) -> UserQuerySet:
        return self.filter(pk__in=cohort.enrolments.current(on).values("learner"))


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):
    def create_superuser(self, username, email=None, password=None, **extra):
        """`createsuperuser` makes an admin: the role and Django's own flags never disagree."""
        extra.setdefault("role", self.model.Role.ADMIN)
        return super().create_superuser(username, email, password, **extra)

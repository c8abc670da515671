"""Reads of facts: by whom they may be seen, and in which window."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User


class InteractionQuerySet(models.QuerySet):
    def visible_to(self, viewer: User) -> InteractionQuerySet:
        """Interactions of the learners that `viewer` may see."""
        if viewer.is_admin:
            return self
        # A subquery, not a join: a learner in two cohorts must not appear twice.
        return self.filter(user__in=type(viewer).objects.visible_to(viewer).values("pk"))

    def within(self, start: datetime | None, end: datetime | None) -> InteractionQuerySet:
        """Those that happened in `[start, end)`; None leaves a side open."""
        queryset = self
        if start is not None:
            queryset = queryset.filter(occurred_at__gte=start)
        if end is not None:
            queryset = queryset.filter(occurred_at__lt=end)
        return queryset

    def newest_first(self) -> InteractionQuerySet:
        # The id breaks ties, so a page border never falls between two equal keys.
        return self.order_by("-occurred_at", "-id")


class DailyActivityQuerySet(models.QuerySet):
    def within_days(self, start: date | None, end: date | None) -> DailyActivityQuerySet:
        """Days in `[start, end)`; None leaves a side open."""
        queryset = self
        if start is not None:
            queryset = queryset.filter(day__gte=start)
        if end is not None:
            queryset = queryset.filter(day__lt=end)
        return queryset

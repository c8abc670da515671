"""Reads of facts: by whom they may be seen, and in which window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import BigIntegerField, Exists, F, Func, Max, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Least

from interactions.domain.attempts import ABANDON, COMPLETE, INFERRED, LONGEST, OPEN

if TYPE_CHECKING:
    from accounts.models import User
    from interactions.policies import PolicyBook


class InteractionQuerySet(models.QuerySet):
    def visible_to(self, viewer: User) -> InteractionQuerySet:
        """Interactions of the learners that `viewer` may see."""
        if viewer.is_admin:
            return self
        # A subquery, not a join: a learner in two cohorts must not appear twice. Not type(): a request's user is lazy.
        return self.filter(user__in=viewer.__class__.objects.visible_to(viewer).values("pk"))

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


# Policy version, the most that counts of a type on a day (ten-thousandths of a point), the types of which that is so.
Cap = tuple[str, int, tuple[str, ...]]


def daily_cap(kind: str, version: str, caps: Sequence[Cap]) -> tuple[str, list]:
    """SQL for what counts at most of a day's units of one type, 0 of one that its policy does not name; its values."""
    cases, values = [], []
    for of, cap, kinds in caps:
        cases.append(f"WHEN {version} = %s AND {kind} IN ({', '.join(['%s'] * len(kinds))}) THEN %s")
        values += [of, *kinds, cap]
    return (f"CASE {' '.join(cases)} ELSE 0 END" if cases else "0"), values


class DailyCap(Func):
    """`daily_cap` in a query of the ORM.

    One part of a query, where `Case` and `When` would be forty, made anew for each read.

    kind, version   columns: the interaction type and the policy version
    """

    output_field = BigIntegerField()

    def __init__(self, kind: str, version: str, caps: Sequence[Cap]):
        super().__init__(kind, version)
        self.caps = caps

    def as_sql(self, compiler, connection):
        (kind, _), (version, _) = (compiler.compile(column) for column in self.get_source_expressions())
        return daily_cap(kind, version, self.caps)


class DailyActivityQuerySet(models.QuerySet):
    def within_days(self, start: date | None, end: date | None) -> DailyActivityQuerySet:
        """Days in `[start, end)`; None leaves a side open."""
        queryset = self
        if start is not None:
            queryset = queryset.filter(day__gte=start)
        if end is not None:
            queryset = queryset.filter(day__lt=end)
        return queryset

    def per_day(self, book: PolicyBook) -> DailyActivityQuerySet:
        """One row per learner, day and policy version, as dicts: `user`, `day`, `policy_version`,

        `points`        D in ten-thousandths: base points, each type capped at 300 times its plain weight
        `best`          the highest base points of one interaction, likewise
        `count`         how many interactions
        `last`          when the last of them happened
        """
        cap = DailyCap("interaction_type", "policy_version", book.daily_caps)
        return self.values("user", "day", "policy_version").annotate(
            points=Sum(Least("base_units", cap)),
            best=Max("best_units"),
            count=Sum("interactions"),
            last=Max("last_at"),
        )

    def with_case_ends(self) -> DailyActivityQuerySet:
        """After `per_day`: how cases ended on each day.

        `abandoned`                         how many were declared abandoned; None without any
        `first_abandoned`, `last_abandoned` when
        `last_completed`                    when one was last worked to its end
        """
        left, done = Q(interaction_type=ABANDON), Q(interaction_type=COMPLETE)
        return self.annotate(
            abandoned=Sum("interactions", filter=left),
            first_abandoned=Min("first_at", filter=left),
            last_abandoned=Max("last_at", filter=left),
            last_completed=Max("last_at", filter=done),
        )


class CaseAttemptQuerySet(models.QuerySet):
    def visible_to(self, viewer: User) -> CaseAttemptQuerySet:
        """Attempts of the learners that `viewer` may see."""
        if viewer.is_admin:
            return self
        return self.filter(user__in=viewer.__class__.objects.visible_to(viewer).values("pk"))

    def started_within(self, start: datetime | None, end: datetime | None) -> CaseAttemptQuerySet:
        """Those begun in `[start, end)`; None leaves a side open."""
        queryset = self
        if start is not None:
            queryset = queryset.filter(started_at__gte=start)
        if end is not None:
            queryset = queryset.filter(started_at__lt=end)
        return queryset

    def standing(self) -> CaseAttemptQuerySet:
        """Abandonments that are inferred and hold now: not where the learner has come back since the last run."""
        return self.filter(outcome=INFERRED).without_news()

    def silent_since(self, moment: datetime) -> CaseAttemptQuerySet:
        """Those left open, of which nothing was seen after `moment`."""
        return self.filter(outcome=OPEN, last_seen_at__lte=moment)

    def without_news(self) -> CaseAttemptQuerySet:
        """Those to whose learner and case nothing has arrived that the job has not judged yet.

        Looks once for each attempt: for the attempts of a few learners. `shaken` is the same for many.
        """
        judged = apps.get_model("interactions", "AttemptWalk").objects.values("through")[:1]
        arrived = apps.get_model("interactions", "UserInteractionTrackingModel").objects.filter(
            user=OuterRef("user"),
            case_id=OuterRef("case_id"),
            id__gt=Subquery(judged),
            # For the index of a learner's history. A span that ends an attempt may have begun before it.
            occurred_at__gte=OuterRef("started_at") - LONGEST,
        )
        return self.filter(~Exists(arrived))

    def shaken(self, through: UUID) -> CaseAttemptQuerySet:
        """Inferred abandonments that do not stand, for there is news of them behind `through`, the job's last id.

        Reads all that has arrived since, once: for the attempts of many learners. `through` is a value, so that
        the database sees how little that is.
        """
        arrived = apps.get_model("interactions", "UserInteractionTrackingModel").objects.filter(
            id__gt=through,
            user__case_attempts__outcome=INFERRED,
            user__case_attempts__case_id=F("case_id"),
            user__case_attempts__started_at__lte=F("occurred_at") + LONGEST,
        )
        return self.filter(outcome=INFERRED, pk__in=arrived.values("user__case_attempts"))


class RejectedInteractionQuerySet(models.QuerySet):
    def expired(self, now: datetime) -> RejectedInteractionQuerySet:
        return self.filter(expires_at__lte=now)

    def replayable(self, now: datetime) -> RejectedInteractionQuerySet:
        """Those that are not to be deleted already."""
        return self.filter(expires_at__gt=now)

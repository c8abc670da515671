"""Which policy scores which day. Policies are rows; here they become the domain's plain data."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from interactions.domain.policy import Policy, Rule
from interactions.models import ScoringPolicy, ScoringRule


@dataclass(frozen=True)
class PolicyBook:
    """All policies in force, oldest first. Each day is scored by one: the one in force on that day.

    So a score depends on when something happened and not on when it arrived, and no day mixes versions.
    """

    policies: tuple[Policy, ...]

    def on(self, day: date) -> Policy:
        """The policy of a day; days before the first one belong to the first."""
        position = bisect_right([policy.effective_from for policy in self.policies], day) - 1
        return self.policies[max(position, 0)]

    def named(self, version: str) -> Policy:
        return next(policy for policy in self.policies if policy.version == version)

    @property
    def interaction_types(self) -> frozenset[str]:
        """Every type that some policy in force scores."""
        return frozenset().union(*(policy.interaction_types for policy in self.policies))


def policy_book() -> PolicyBook:
    """Read all policies in force (2 queries)."""
    rows = (
        ScoringPolicy.objects.filter(effective_from__isnull=False)
        .order_by("effective_from")
        .prefetch_related(Prefetch("rules", queryset=ScoringRule.objects.order_by("pk")))
    )
    return PolicyBook(tuple(_policy(row) for row in rows))


def _policy(row: ScoringPolicy) -> Policy:
    return Policy(
        version=row.version,
        effective_from=row.effective_from,
        rules={
            (rule.interaction_type, rule.resource_type): Rule(
                weight=rule.weight,
                half_life=rule.half_life,
                cap=rule.cap,
                minimum_time=rule.minimum_time,
                scored=rule.scored,
            )
            for rule in row.rules.all()
        },
    )

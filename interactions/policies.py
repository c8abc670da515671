"""Which policy scores which day. Policies are rows; here they become the domain's plain data."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from time import monotonic

from django.db.models import Prefetch

from interactions.domain.policy import Policy, Rule
from interactions.domain.scoring import DAILY_CAP_POINTS, POINT_UNITS
from interactions.models import ScoringPolicy, ScoringRule
from interactions.querysets import Cap

KEPT_SECONDS = 30


@dataclass(frozen=True)
class PolicyBook:
    """All policies in force, oldest first. Each day is scored by one: the one in force on that day.

    So a score depends on when something happened and not on when it arrived, and no day mixes versions.
    """

    policies: tuple[Policy, ...]

    def __hash__(self) -> int:
        # Equal books name the same versions; rules are a mapping, which has no hash.
        return hash(tuple(policy.version for policy in self.policies))

    @cached_property
    def _first_days(self) -> list[date]:
        return [policy.effective_from for policy in self.policies]

    def on(self, day: date) -> Policy:
        """The policy of a day; days before the first one belong to the first."""
        position = bisect_right(self._first_days, day) - 1
        return self.policies[max(position, 0)]

    def named(self, version: str) -> Policy:
        return next(policy for policy in self.policies if policy.version == version)

    @cached_property
    def daily_caps(self) -> tuple[Cap, ...]:
        """What counts at most of each type on a day, in ten-thousandths of a point; types of the same cap together."""
        kinds: dict[tuple[str, int], list[str]] = {}
        for policy in self.policies:
            for kind in sorted(policy.interaction_types):
                cap = round(DAILY_CAP_POINTS * policy.plain_weight(kind) * POINT_UNITS)
                kinds.setdefault((policy.version, cap), []).append(kind)
        return tuple((*of, tuple(alike)) for of, alike in kinds.items())

    @cached_property
    def interaction_types(self) -> frozenset[str]:
        """Every type that some policy in force scores."""
        return frozenset().union(*(policy.interaction_types for policy in self.policies))


_kept: tuple[float, PolicyBook] | None = None


def policy_book() -> PolicyBook:
    """All policies in force (2 queries, at most every half minute).

    Other processes may see a new policy half a minute late, which no score notices: a policy comes into
    force on the day after it was entered at the earliest.
    """
    global _kept
    now = monotonic()
    if _kept is None or now - _kept[0] > KEPT_SECONDS:
        _kept = now, _read_book()
    return _kept[1]


def forget_policies(**kwargs) -> None:
    """Read them anew the next time. Also a signal's receiver."""
    global _kept
    _kept = None


def _read_book() -> PolicyBook:
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

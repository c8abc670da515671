"""A fact: one interaction as it is stored. The writer's own shape, a tenth of the cost of a model instance."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from interactions.domain.policy import Policy
from interactions.domain.scoring import score_one


class Fact(msgspec.Struct, gc=False):
    """The columns of UserInteractionTrackingModel, by the same names and in the same units."""

    id: UUID
    user_id: int
    event_id: str
    fingerprint: bytes
    interaction_type: str
    resource_type: str
    resource_id: str
    resource_name: str
    case_id: str
    case_title: str
    help_request_type: str
    session_id: str
    specialty: str
    difficulty: str
    metadata: dict[str, Any] | None
    performance_metrics: dict[str, Any] | None
    performance: float | None
    start_time: datetime | None
    end_time: datetime | None
    time_spent_seconds: int | None
    active_seconds: int | None
    occurred_at: datetime
    told_at: datetime | None
    sent_at: datetime | None
    received_at: datetime
    clock_flag: str
    day: date
    engagement_score: float
    engagement_level: str
    consistency: float
    base_units: int
    policy_version: str

    def score_parts(self, policy: Policy) -> dict[str, float]:
        """The parts that add up to the score (4 decimals). `policy`: the version that scored it."""
        return score_parts(self, policy)


def score_parts(fact: Any, policy: Policy) -> dict[str, float]:
    """The parts of a Fact or of the model's row, computed again from what is stored (4 decimals)."""
    seconds = fact.time_spent_seconds if fact.active_seconds is None else fact.active_seconds
    kind = fact.interaction_type, fact.resource_type
    return score_one(policy, kind, seconds, fact.performance, fact.consistency).parts(0)

"""Facts: interactions as they are stored, column by column, and one of them as a row.

The writer's own shapes, a tenth of the cost of model instances.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
import numpy as np

from interactions.domain.moments import NOT_TOLD, moment_of
from interactions.domain.policy import Policy
from interactions.domain.scoring import Scores, base_scores, score_one


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


@dataclass(slots=True)
class Facts:
    """n facts; the columns of Fact, each of n values. `received_at` is one for all.

    id                                            uint8 (n, 16)
    metadata, performance_metrics                 JSON as bytes, or None
    start_time, end_time, occurred_at, told_at, sent_at
                                                  int64 microseconds (n,), NOT_TOLD where absent
    engagement_score, consistency, base_units     arrays (n,)
    scores                                        of the same, with their parts; no column
    """

    id: np.ndarray
    user_id: Sequence[int]
    event_id: Sequence[str]
    fingerprint: Sequence[bytes]
    interaction_type: Sequence[str]
    resource_type: Sequence[str]
    resource_id: Sequence[str]
    resource_name: Sequence[str]
    case_id: Sequence[str]
    case_title: Sequence[str]
    help_request_type: Sequence[str]
    session_id: Sequence[str]
    specialty: Sequence[str]
    difficulty: Sequence[str]
    metadata: Sequence[bytes | None]
    performance_metrics: Sequence[bytes | None]
    performance: Sequence[float | None]
    start_time: np.ndarray
    end_time: np.ndarray
    time_spent_seconds: Sequence[int | None]
    active_seconds: Sequence[int | None]
    occurred_at: np.ndarray
    told_at: np.ndarray
    sent_at: np.ndarray
    received_at: datetime
    clock_flag: Sequence[str]
    day: Sequence[date]
    engagement_score: np.ndarray
    engagement_level: Sequence[str]
    consistency: np.ndarray
    base_units: np.ndarray
    policy_version: Sequence[str]
    scores: Scores | None = None

    def __len__(self) -> int:
        return len(self.user_id)

    def row(self, place: int) -> Fact:
        values = {name: _value(name, getattr(self, name), place) for name in Fact.__struct_fields__}
        return Fact(**values)


_MOMENTS = ("start_time", "end_time", "occurred_at", "told_at", "sent_at")


def _value(name: str, column: Any, place: int) -> Any:
    if name == "received_at":
        return column
    if name == "id":
        return UUID(bytes=column[place].tobytes())
    value = column[place]
    if name in _MOMENTS:
        return None if value == NOT_TOLD else moment_of(int(value))
    if name in ("metadata", "performance_metrics"):
        return None if value is None else msgspec.json.decode(value)
    return value.item() if isinstance(value, np.generic) else value


def score_parts_of(facts: Sequence[Any], policy: Policy) -> list[dict[str, float]]:
    """The parts of several rows that one policy scored, as `score_parts` has them."""
    if not facts:
        return []

    def column(values: Iterable[float | None]) -> np.ndarray:
        return np.array([np.nan if value is None else value for value in values], dtype=float)

    seconds = column(one.time_spent_seconds if one.active_seconds is None else one.active_seconds for one in facts)
    kinds = [(one.interaction_type, one.resource_type) for one in facts]
    scores = base_scores(policy, kinds, seconds, column(one.performance for one in facts))
    scores = scores.with_consistency(column(one.consistency for one in facts))
    return [scores.parts(place) for place in range(len(facts))]


def score_parts(fact: Any, policy: Policy) -> dict[str, float]:
    """The parts of a Fact or of the model's row, computed again from what is stored (4 decimals)."""
    seconds = fact.time_spent_seconds if fact.active_seconds is None else fact.active_seconds
    kind = fact.interaction_type, fact.resource_type
    return score_one(policy, kind, seconds, fact.performance, fact.consistency).parts(0)

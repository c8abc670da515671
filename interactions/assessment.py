"""From drafts to facts: every new interaction of a batch scored at once, each under the policy of its day."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from uuid_utils.compat import uuid7

from interactions.consistency import consistency_values
from interactions.domain.fact import Fact
from interactions.domain.policy import Policy
from interactions.domain.scoring import BaseScores, base_scores, levels_of
from interactions.intake import Draft
from interactions.policies import PolicyBook


def facts_of(drafts: Sequence[Draft], book: PolicyBook, now: datetime) -> list[Fact]:
    """Scored facts of n new interactions, in their order. One query, for the learners' two weeks before."""
    bases = _base_scores(drafts)
    units = bases.base_units
    consistency = consistency_values(
        [(draft.user_id, draft.day) for draft in drafts],
        [draft.event.interaction_type for draft in drafts],
        units,
        book,
    )
    totals = bases.with_consistency(consistency).total
    rows = zip(drafts, totals.tolist(), levels_of(totals), consistency.tolist(), units.tolist(), strict=True)
    return [_fact(draft, now, score, level, regular, base) for draft, score, level, regular, base in rows]


def _base_scores(drafts: Sequence[Draft]) -> BaseScores:
    """What the drafts are worth by themselves."""
    by_policy: dict[str, tuple[Policy, list[int]]] = {}
    for position, draft in enumerate(drafts):
        by_policy.setdefault(draft.policy.version, (draft.policy, []))[1].append(position)
    if len(by_policy) == 1:
        return _scored(drafts[0].policy, drafts)
    merged = BaseScores(*(np.empty(len(drafts)) for _ in range(4)))
    for policy, positions in by_policy.values():
        scored = _scored(policy, [drafts[position] for position in positions])
        for part in ("type", "time", "performance", "base"):
            getattr(merged, part)[positions] = getattr(scored, part)
    return merged


def _scored(policy: Policy, drafts: Sequence[Draft]) -> BaseScores:
    events = [draft.event for draft in drafts]
    return base_scores(
        policy,
        [(event.interaction_type, event.resource_type) for event in events],
        # None becomes NaN: unknown.
        np.array([event.scored_seconds for event in events], dtype=float),
        np.array([event.performance for event in events], dtype=float),
    )


def _fact(draft: Draft, now: datetime, score: float, level: str, consistency: float, base_units: int) -> Fact:
    event = draft.event
    return Fact(
        uuid7(),
        draft.user_id,
        draft.event_id,
        draft.fingerprint,
        event.interaction_type,
        event.resource_type,
        event.resource_id,
        event.resource_name,
        event.case_id,
        event.case_title,
        event.help_request_type,
        event.session_id,
        event.specialty,
        event.difficulty,
        event.metadata,
        event.performance_metrics,
        event.performance,
        event.start_time,
        event.end_time,
        event.seconds,
        event.active_seconds,
        draft.occurred_at,
        draft.told_at,
        draft.sent_at,
        now,
        draft.clock_flag,
        draft.day,
        score,
        level,
        consistency,
        base_units,
        draft.policy.version,
    )

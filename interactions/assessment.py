"""From drafts to facts: every new interaction of a batch scored at once, each under the policy of its day."""

import time
from collections.abc import Sequence
from datetime import datetime

import numpy as np

from interactions.consistency import consistency_values
from interactions.domain.fact import Facts
from interactions.domain.identifiers import identifiers
from interactions.domain.moments import micros_of, numbers_of
from interactions.domain.policy import Policy
from interactions.domain.scoring import BaseScores, base_scores, levels_of
from interactions.intake import Drafts
from interactions.policies import PolicyBook
from interactions.storage import Rows


def facts_of(drafts: Drafts, before: Sequence[Rows | None], book: PolicyBook, now: datetime) -> Facts:
    """Scored facts of n new interactions, in their order. `before`: the answers to `two_weeks_before_asked`."""
    told = drafts.telling
    bases = _base_scores(drafts)
    consistency = consistency_values(drafts.user_id, drafts.day, told.interaction_type, bases.base_units, before, book)
    scores = bases.with_consistency(consistency)
    return Facts(
        id=identifiers(len(drafts), _milliseconds()),
        user_id=drafts.user_id,
        event_id=drafts.event_id,
        fingerprint=drafts.fingerprint,
        interaction_type=told.interaction_type,
        resource_type=told.resource_type,
        resource_id=told.resource_id,
        resource_name=told.resource_name,
        case_id=told.case_id,
        case_title=told.case_title,
        help_request_type=told.help_request_type,
        session_id=told.session_id,
        specialty=told.specialty,
        difficulty=told.difficulty,
        metadata=told.metadata,
        performance_metrics=told.performance_metrics,
        performance=told.performance,
        start_time=micros_of(told.start_time),
        end_time=micros_of(told.end_time),
        time_spent_seconds=told.seconds,
        active_seconds=told.active_seconds,
        occurred_at=drafts.occurred_at,
        told_at=drafts.told_at,
        sent_at=drafts.sent_at,
        received_at=now,
        clock_flag=drafts.clock_flag,
        day=drafts.day,
        engagement_score=scores.total,
        engagement_level=levels_of(scores.total),
        consistency=consistency,
        base_units=scores.base_units,
        policy_version=[policy.version for policy in drafts.policy],
        scores=scores,
    )


_last_milliseconds = 0


def _milliseconds() -> int:
    """The real clock, but never the same twice nor backwards: what this process stores later is ordered later."""
    global _last_milliseconds
    _last_milliseconds = max(_last_milliseconds + 1, time.time_ns() // 10**6)
    return _last_milliseconds


def _base_scores(drafts: Drafts) -> BaseScores:
    """What the drafts are worth by themselves."""
    told = drafts.telling
    kinds = list(zip(told.interaction_type, told.resource_type, strict=True))
    seconds, performance = numbers_of(told.scored_seconds), numbers_of(told.performance)
    if len(set(map(id, drafts.policy))) == 1:
        return base_scores(drafts.policy[0], kinds, seconds, performance)
    by_version: dict[str, tuple[Policy, list[int]]] = {}
    for place, policy in enumerate(drafts.policy):
        by_version.setdefault(policy.version, (policy, []))[1].append(place)
    merged = BaseScores(*(np.empty(len(drafts)) for _ in range(4)))
    for policy, places in by_version.values():
        scored = base_scores(policy, [kinds[place] for place in places], seconds[places], performance[places])
        for part in ("type", "time", "performance", "base"):
            getattr(merged, part)[places] = getattr(scored, part)
    return merged

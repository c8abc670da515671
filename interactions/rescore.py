"""Scoring again: whether each stored score follows from the inputs stored beside it and its policy version."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
from operator import attrgetter

import numpy as np

from interactions.domain.policy import Policy
from interactions.domain.scoring import base_scores, level_of
from interactions.models import UserInteractionTrackingModel
from interactions.policies import PolicyBook
from interactions.recount import ROWS_AT_ONCE, stable_snapshot

_SCORED = (
    *("user_id", "event_id", "policy_version", "interaction_type", "resource_type", "time_spent_seconds"),
    *("active_seconds", "performance", "consistency", "engagement_score", "engagement_level", "base_units"),
)


@dataclass(frozen=True, slots=True)
class Misscored:
    """A row whose score is not what its inputs give.

    expected, found   (score, level, base units); expected is None where no policy of its version scores it
    """

    public_id: str
    event_id: str
    policy_version: str
    expected: tuple[float, str, int] | None
    found: tuple[float, str, int]


def rescore(learners: dict[int, str], book: PolicyBook, *, since: date | None = None) -> list[Misscored]:
    """The misscored rows of these learners (public ids by key). Facts are never changed, so nor are these."""
    rows = UserInteractionTrackingModel.objects.filter(user__in=learners)
    if since is not None:
        rows = rows.filter(day__gte=since)
    policies = {policy.version: policy for policy in book.policies}
    misscored = []
    with stable_snapshot():
        stream = rows.values_list(*_SCORED, named=True).iterator(chunk_size=ROWS_AT_ONCE)
        while chunk := list(islice(stream, ROWS_AT_ONCE)):
            chunk.sort(key=attrgetter("policy_version"))
            for version, some in groupby(chunk, key=attrgetter("policy_version")):
                misscored += _compare(list(some), policies.get(version), learners)
    return misscored


def _compare(rows: list, policy: Policy | None, learners: dict[int, str]) -> Iterator[Misscored]:
    known = [row for row in rows if policy and (row.interaction_type, "") in policy.rules]
    # By both: an event id counts within its learner only.
    keys = ((row.user_id, row.event_id) for row in known)
    scores = dict(zip(keys, _scores(known, policy), strict=True)) if known else {}
    for row in rows:
        expected = scores.get((row.user_id, row.event_id))
        found = (row.engagement_score, row.engagement_level, row.base_units)
        if expected != found:
            yield Misscored(learners[row.user_id], row.event_id, row.policy_version, expected, found)


def _scores(rows: list, policy: Policy) -> Iterable[tuple[float, str, int]]:
    scores = base_scores(
        policy,
        [(row.interaction_type, row.resource_type) for row in rows],
        _numbers(row.time_spent_seconds if row.active_seconds is None else row.active_seconds for row in rows),
        _numbers(row.performance for row in rows),
    ).with_consistency(_numbers(row.consistency for row in rows))
    for total, units in zip(scores.total.tolist(), scores.base_units.tolist(), strict=True):
        yield total, level_of(total), units


def _numbers(values: Iterable[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)

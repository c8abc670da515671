"""A learner's interactions, newest first, folded by session."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np

from accounts.models import User
from analytics.selectors.titles import titled
from interactions.domain.fact import score_parts_of
from interactions.domain.sessions import find_sessions
from interactions.models import UserInteractionTrackingModel
from interactions.policies import PolicyBook
from interactions.querysets import InteractionQuerySet
from interactions.windows import Window

# Interactions read for one page of the timeline: its folded parts are most of what a learner's page weighs.
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One interaction, with the parts that its score is made of (points, 4 decimals)."""

    row: UserInteractionTrackingModel
    parts: dict[str, float]


@dataclass(frozen=True, slots=True)
class Session:
    """Interactions with no gap of more than 30 minutes, newest first.

    is_cut   older interactions of the same session follow on the next page
    """

    entries: list[Entry]
    is_cut: bool

    @property
    def start(self) -> datetime:
        return self.entries[-1].row.occurred_at

    @property
    def end(self) -> datetime:
        return self.entries[0].row.occurred_at

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()

    @property
    def topics(self) -> list[str]:
        """The cases worked on, in order of time, each once; without any, the resources."""
        rows = [entry.row for entry in reversed(self.entries)]
        cases = dict.fromkeys(row.case_title or row.case_id for row in rows if row.case_id or row.case_title)
        resources = dict.fromkeys(row.resource_name or row.resource_id for row in rows if row.resource_id)
        return list(cases or resources)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Sessions, newest first. last: the row behind which the next page begins, None on the last page."""

    sessions: list[Session]
    last: UserInteractionTrackingModel | None


def interactions_in(learner: User, window: Window) -> InteractionQuerySet:
    window = window.in_whole_days()
    return UserInteractionTrackingModel.objects.filter(user=learner).within(window.start, window.end)


def interactions_behind(learner: User, ids: Collection[UUID]) -> InteractionQuerySet:
    """Those that a finding rests on, 50 at most."""
    return UserInteractionTrackingModel.objects.filter(user=learner, pk__in=ids)


def timeline(interactions: InteractionQuerySet, book: PolicyBook, size: int = PAGE_SIZE) -> Timeline:
    """The first page of `interactions` (1 query), in whole sessions where one page can hold them."""
    rows = titled(interactions.newest_first()[: size + 1])
    more = len(rows) > size
    sessions = _folded(rows[:size])
    if more and len(sessions) > 1:
        # The oldest session may go on behind the page: it opens the next one, whole.
        sessions.pop()
    is_cut = more and len(sessions) == 1 and len(sessions[0]) == size
    parts = _parts([row for session in sessions for row in session], book)
    folded = [
        Session([Entry(row, parts[row.pk]) for row in session], is_cut and session is sessions[-1])
        for session in sessions
    ]
    return Timeline(folded, sessions[-1][-1] if more else None)


def _folded(rows: list[UserInteractionTrackingModel]) -> list[list[UserInteractionTrackingModel]]:
    """Runs of rows, newest first in and out."""
    found = find_sessions(np.array([row.occurred_at.timestamp() for row in reversed(rows)]))
    ends = [len(rows) - int(first) for first in found.first[::-1]]
    return [rows[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _parts(rows: list[UserInteractionTrackingModel], book: PolicyBook) -> dict[UUID, dict[str, float]]:
    """The parts of each row's score, by key; scored together, for one by one takes many times as long."""
    found: dict[UUID, dict[str, float]] = {}
    for version in {row.policy_version for row in rows}:
        scored = [row for row in rows if row.policy_version == version]
        found |= zip((row.pk for row in scored), score_parts_of(scored, book.named(version)), strict=True)
    return found

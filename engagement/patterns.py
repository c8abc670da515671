"""Patterns in what a learner did: one history read, every detector asked once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from accounts.calendar import local_day
from accounts.models import User
from engagement.domain.insufficient import Insufficient
from engagement.domain.patterns.finding import Finding, Outcome
from engagement.domain.patterns.history import CaseTimes
from engagement.domain.patterns.table import detect_all
from engagement.pattern_history import history_of
from engagement.selectors import Record
from interactions.policies import policy_book
from interactions.windows import Window

FOUND, NOT_FOUND, INSUFFICIENT = "found", "not_found", "insufficient_data"


@dataclass(frozen=True, slots=True)
class Pattern:
    """What one detector answered."""

    kind: str
    outcome: Outcome

    @property
    def status(self) -> str:
        if self.outcome is None:
            return NOT_FOUND
        return INSUFFICIENT if isinstance(self.outcome, Insufficient) else FOUND

    @property
    def finding(self) -> Finding | None:
        return self.outcome if isinstance(self.outcome, Finding) else None


@dataclass(frozen=True, slots=True)
class EngagementPatterns:
    """The answers of all detectors about one learner, in the order of their table."""

    learner: User
    window: Window
    complete_through: datetime
    policy_version: str
    patterns: tuple[Pattern, ...]

    def of(self, kind: str) -> Pattern:
        return next(pattern for pattern in self.patterns if pattern.kind == kind)


def engagement_patterns(
    learner: User,
    *,
    window: Window,
    now: datetime,
    case_times: Mapping[str, CaseTimes] | None = None,
    deadlines: Sequence[date] = (),
    record: Record | None = None,
) -> EngagementPatterns:
    """The patterns of a learner in a window cut to whole days (9 queries at most, whatever the window holds).

    What needs weeks looks at the last 8 to 16 whole ones that end with the window, however short that is; each
    finding tells its first and last day. `case_times`, `deadlines` and `record` as in `history_of`.
    """
    window, book = window.in_whole_days(), policy_book()
    known = {"case_times": case_times, "deadlines": deadlines, "record": record}
    history = history_of(learner, window=window, now=now, book=book, **known)
    return EngagementPatterns(
        learner=learner,
        window=window,
        complete_through=now,
        policy_version=book.on(min(window.last_day, local_day(now))).version,
        patterns=tuple(Pattern(kind, outcome) for kind, outcome in detect_all(history).items()),
    )

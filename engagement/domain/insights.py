"""What goes well, what may be worth a talk or a try, and what the data cannot say: rules over what is known already.

Each rule tells the figures it rests on. Risk is not here: its points are engagement.domain.attention's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from engagement.domain.attention import LEAST_SILENT_DAYS, rhythm_of
from engagement.domain.elo import MASTERED, Mastery
from engagement.domain.index import ACTIVITY_POINTS, DEPTH_POINTS, REGULARITY_POINTS, WINDOW_DAYS
from engagement.domain.insufficient import Insufficient, Need
from engagement.domain.patterns.finding import Finding, Outcome

# From here on a part of the index is a strength; below it there is room.
STRONG_SHARE = 0.70
LEAST_STREAK_DAYS, LEAST_FULL_WEEKS = 3, 2
RISE_POINTS = 20
LEAST_COMPLETIONS = 3
# Who came back has worked on two days since: one may be chance.
LEAST_DAYS_BACK = 2
# Findings that are a question or an offer, in the order in which they are told.
OPENINGS = (
    "shallow_completion",
    "abandonment_loop",
    "help_avoidance",
    "help_abuse",
    "cramming",
    "binge_then_silence",
    "trend",
)
# Unknown time below this share of all changes no picture.
LEAST_UNKNOWN_SHARE = 0.10


@dataclass(frozen=True, slots=True)
class Insight:
    """One thing that is told, by the word of its rule, with figures (units in their names) and dates.

    interactions   ids of those behind it, newest first, 50 at most
    missing        of a limit: what is short
    """

    kind: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    interactions: tuple = ()
    missing: Insufficient | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the rules look at.

    parts            of the index, 0-1 by name; None: not enough data
    change           index points against 28 days ago; None where one of the two is not measured
    current_streak, longest_streak   active days in a row
    ages             counting days since each active one of the newest 84 counting days, ascending
    findings         the answer of every detector, by kind
    mastery          of each specialty in which enough was scored
    scored           scored attempts ever
    completed, abandoned   cases, declared, in the range
    wall_seconds, unknown_seconds, untimed, interactions   of the range
    back             whether a pause ended within the last 28 days
    needed           scored attempts that a mastery takes
    next_level       the level above and the active days that lead there, None where there is none to tell
    """

    parts: Mapping[str, float] | None
    change: int | None
    current_streak: int
    longest_streak: int
    ages: tuple[int, ...]
    findings: Mapping[str, Outcome]
    mastery: Mapping[str, Mastery]
    scored: int
    needed: int
    completed: int
    abandoned: int
    wall_seconds: int
    unknown_seconds: int
    untimed: int
    interactions: int
    back: bool
    next_level: Mapping[str, Any] | None = None


def strengths_of(known: Known) -> list[Insight]:
    """What goes well, most of it the learner's own doing."""
    return [*_strengths(known)]


def _strengths(known: Known) -> Iterator[Insight]:
    parts = known.parts or {}
    if returned := _returned(known.ages):
        yield Insight("returned", returned)
    if known.change is not None and known.change >= RISE_POINTS:
        yield Insight("risen", {"points": known.change})
    if parts.get("regularity", 0.0) >= STRONG_SHARE:
        yield Insight("regular", {"regularity_part": parts["regularity"]})
    streak = _found(known, "streak")
    weeks = streak.evidence["weeks_with_four_active_days"] if streak else 0
    if known.current_streak >= LEAST_STREAK_DAYS or weeks >= LEAST_FULL_WEEKS:
        figures = {"current_days": known.current_streak, "longest_days": known.longest_streak}
        yield Insight("streak", {**figures, "weeks_with_four_active_days": weeks})
    if parts.get("depth", 0.0) >= STRONG_SHARE:
        yield Insight("depth", {"depth_part": parts["depth"]})
    if known.completed >= LEAST_COMPLETIONS and not known.abandoned:
        yield Insight("sees_through", {"completed": known.completed})
    mastered = {name: found for name, found in known.mastery.items() if name and found.probability >= MASTERED}
    for name, found in sorted(mastered.items(), key=lambda item: (-item[1].probability, item[0])):
        figures = {"specialty": name, "mastery": found.probability, "attempts": found.attempts}
        yield Insight("mastery", figures)
    trend = _found(known, "trend")
    if trend and trend.evidence["direction"] == "up":
        yield Insight("rising", trend.evidence, trend.interactions)


def _returned(ages: tuple[int, ...]) -> dict[str, int] | None:
    """A silence of the last 28 counting days that ended, judged by the gaps before it, as while it lasted."""
    for newer, (after, before) in enumerate(pairwise(ages)):
        if after >= WINDOW_DAYS:
            return None
        gap, days_back = before - after, newer + 1
        limit, _ = rhythm_of(ages[newer + 1 :])
        # The day of the return is none of silence.
        if gap - 1 > max(limit, LEAST_SILENT_DAYS) and days_back >= LEAST_DAYS_BACK:
            return {"silent_days": gap - 1, "active_days_since": days_back}
    return None


def opportunities_of(known: Known) -> list[Insight]:
    """What may be worth a question, or a try: no point of risk comes from any of these."""
    return [*_opportunities(known)]


def _opportunities(known: Known) -> Iterator[Insight]:
    if known.next_level:
        yield Insight("next_level", known.next_level)
    if known.parts and (room := _most_room(known.parts)):
        yield Insight("room", room)
    for kind in OPENINGS:
        found = _found(known, kind)
        if found and not (kind == "trend" and found.evidence["direction"] == "up"):
            yield Insight(kind, found.evidence, found.interactions)


def _most_room(parts: Mapping[str, float]) -> dict[str, Any] | None:
    """The part of the index with the most points to gain; None where all are strong."""
    weights = {"activity": ACTIVITY_POINTS, "regularity": REGULARITY_POINTS, "depth": DEPTH_POINTS}
    open_to = {name: weights[name] * (1 - share) for name, share in parts.items() if share < STRONG_SHARE}
    if not open_to:
        return None
    part = max(open_to, key=lambda name: open_to[name])
    return {"part": part, "points": weights[part] * parts[part], "of_points": weights[part]}


def limits_of(known: Known) -> list[Insight]:
    """What the data cannot say about this learner, each with what is missing where more data would help."""
    return [*_limits(known)]


def _limits(known: Known) -> Iterator[Insight]:
    yield Insight("not_competence")
    if known.wall_seconds and known.unknown_seconds >= LEAST_UNKNOWN_SHARE * known.wall_seconds:
        share = known.unknown_seconds / known.wall_seconds
        figures = {"unknown_seconds": known.unknown_seconds, "wall_clock_seconds": known.wall_seconds}
        yield Insight("unknown_time", {**figures, "share": share})
    if known.untimed:
        yield Insight("untimed", {"untimed": known.untimed, "interactions": known.interactions})
    if known.scored < known.needed:
        need = Need("scored attempts", known.scored, known.needed)
        yield Insight("no_performance", missing=Insufficient((need,)))
    if known.abandoned:
        yield Insight("order_within_a_day")
    if known.back:
        yield Insight("after_leave")
    for kind, outcome in known.findings.items():
        if isinstance(outcome, Insufficient):
            yield Insight("pattern", {"pattern": kind}, missing=outcome)


def _found(known: Known, kind: str) -> Finding | None:
    outcome = known.findings.get(kind)
    return outcome if isinstance(outcome, Finding) else None

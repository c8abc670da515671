"""Attempts: what was done on one case from its start until it was completed, given up or begun anew."""

from collections.abc import Iterator
from dataclasses import dataclass

from engagement.domain.patterns.history import ABANDON, COMPLETE, HELP, START, Events

OPENS = {START, COMPLETE, ABANDON, HELP}
ENDS = {COMPLETE, ABANDON}
# A result below this, 0-100, is more wrong than right.
HALF_RIGHT = 50.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """places   of its interactions, in order of time
    end      COMPLETE, ABANDON, or "" where nobody knows how it ended
    started  whether it was begun or ended for certain; help asked after the end makes no new attempt
    """

    case_id: str
    places: tuple[int, ...]
    end: str
    started: bool


def attempts_of(events: Events) -> list[Attempt]:
    """All attempts, in the order in which they ended or were left."""
    return sorted(_attempts(events), key=lambda attempt: attempt.places[-1])


def _attempts(events: Events) -> Iterator[Attempt]:
    unfinished: dict[str, list[int]] = {}
    for place, (kind, case) in enumerate(zip(events.kinds, events.case_ids, strict=True)):
        if not case or (case not in unfinished and kind not in OPENS):
            continue
        if kind == START and case in unfinished:
            yield _attempt(events, case, unfinished.pop(case))
        unfinished.setdefault(case, []).append(place)
        if kind in ENDS:
            yield _attempt(events, case, unfinished.pop(case))
    for case, places in unfinished.items():
        yield _attempt(events, case, places)


def _attempt(events: Events, case: str, places: list[int]) -> Attempt:
    last = events.kinds[places[-1]]
    end = last if last in ENDS else ""
    return Attempt(case, tuple(places), end, bool(end) or events.kinds[places[0]] == START)

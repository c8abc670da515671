"""Who of a cohort is still at work, in parts of ten learners or more that are told once.

A week's learners are parted by what is told of them elsewhere: the crowds they were in, and the week each of their
enrolments began. Parts have no learner in common and leave none of a crowd out, so neither cohorts nor the number of
active learners of the same crowd say more than the parts do. Who moves between crowds within the week is a part with
those who moved alike, where they are LEAST; else he is counted in each of his crowds, for what he did there.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from analytics.domain.release import LEAST

WEEK_DAYS = 7
# The cohorts of which everybody in it is a learner, by key.
Crowd = tuple[int, ...]


class Part(NamedTuple):
    """crowds   those its learners were in during the week
    starts   of each of their cohorts, the Monday of the week in which its learners began
    """

    crowds: tuple[Crowd, ...]
    starts: tuple[tuple[int, date], ...]


class Standing(NamedTuple):
    """A learner's place in a part. active: whether he did anything, in each of its crowds."""

    part: Part
    active: tuple[bool, ...]


# What is told of one week: each learner's standing, of those who move alone one in each crowd.
State = dict[int, tuple[Standing, ...]]


class Figure(NamedTuple):
    """Of those who began in a cohort in the week of `start`: how many there were, and how many did anything."""

    cohort: int
    start: date
    enrolled: int
    active: int


def state_of(
    monday: date, enrolments: Iterable[tuple[int, int, date, date | None]], active: Mapping[Crowd, frozenset[int]]
) -> State:
    """A week as it stands now.

    enrolments  (learner, cohort, start, end)
    active      who did anything in the week, by crowd
    """
    units: dict[tuple[Crowd, ...], dict[int, dict[int, date]]] = {}
    for learner, rows in _enrolled_in(monday, enrolments).items():
        units.setdefault(_crowds(monday, rows), {})[learner] = _starts(rows)
    for crowds in [crowds for crowds, unit in units.items() if len(crowds) > 1 and len(unit) < LEAST]:
        for learner, starts in units.pop(crowds).items():
            for crowd in crowds:
                units.setdefault((crowd,), {})[learner] = {cohort: starts[cohort] for cohort in crowd}
    state: dict[int, list[Standing]] = {}
    for crowds, unit in sorted(units.items()):
        for starts, learners in _intakes({one: tuple(sorted(starts.items())) for one, starts in unit.items()}).items():
            part = Part(crowds, starts)
            for learner in learners:
                did = tuple(learner in active.get(crowd, ()) for crowd in crowds)
                state.setdefault(learner, []).append(Standing(part, did))
    return {learner: tuple(standings) for learner, standings in state.items()}


def sizes_of_crowds(monday: date, enrolments: Iterable[tuple[int, int, date, date | None]]) -> Counter[Crowd]:
    """How many learners were in each crowd on any day of a week."""
    return Counter(crowd for rows in _enrolled_in(monday, enrolments).values() for crowd in _crowds(monday, rows))


def _enrolled_in(monday: date, enrolments: Iterable[tuple]) -> dict[int, list[tuple]]:
    next_monday = monday + timedelta(days=WEEK_DAYS)
    found: dict[int, list[tuple]] = {}
    for learner, cohort, start, end in enrolments:
        if start < next_monday and (end is None or end > max(start, monday)):
            found.setdefault(learner, []).append((cohort, start, end))
    return found


def _crowds(monday: date, rows: Sequence[tuple]) -> tuple[Crowd, ...]:
    """The crowds of a learner on the days of a week, without that of those in no cohort."""
    changes = {day for _, start, end in rows for day in (start, end) if day}
    week = (monday + timedelta(days=step) for step in range(WEEK_DAYS))
    days = [day for day in week if day == monday or day in changes]
    crowds = {
        tuple(sorted({cohort for cohort, start, end in rows if start <= day and (end is None or day < end)}))
        for day in days
    }
    return tuple(sorted(crowds - {()}))


def _starts(rows: Sequence[tuple]) -> dict[int, date]:
    """Of each cohort, the Monday of the newest enrolment."""
    newest: dict[int, date] = {}
    for cohort, start, _ in rows:
        newest[cohort] = max(start, newest.get(cohort, start))
    return {cohort: start - timedelta(days=start.weekday()) for cohort, start in newest.items()}


def _intakes(starts: Mapping[int, tuple]) -> dict[tuple, list[int]]:
    """Learners by when they began, LEAST at least together: who are fewer are counted with the nearest, as the more.

    This looks at enrolments alone, so it tells nothing of what anybody did.
    """
    intakes: dict[tuple, list[int]] = {}
    for learner, began in starts.items():
        intakes.setdefault(began, []).append(learner)
    while len(intakes) > 1:
        few = min(intakes, key=lambda began: (len(intakes[began]), began))
        if len(intakes[few]) >= LEAST:
            break
        near = min(intakes.keys() - {few}, key=lambda began: (_apart(few, began), -len(intakes[began]), began))
        joined = intakes.pop(few) + intakes[near]
        intakes[near] = joined
    return {began: learners for began, learners in intakes.items() if len(learners) >= LEAST}


def _apart(some: tuple, others: tuple) -> int:
    return sum(abs((one - other).days) for (_, one), (_, other) in zip(some, others, strict=True))


def figures_of(state: State) -> list[Figure]:
    """What is told, by cohort and start."""
    enrolled, active = Counter(), Counter()
    for standings in state.values():
        for part, did in standings:
            for cohort, start in part.starts:
                enrolled[cohort, start] += 1
                active[cohort, start] += any(
                    there and cohort in crowd for there, crowd in zip(did, part.crowds, strict=True)
                )
    return [Figure(*key, number, active[key]) for key, number in sorted(enrolled.items())]


def sizes_of(state: State) -> Counter[Part]:
    return Counter(standing.part for standings in state.values() for standing in standings)


def next_state(told: Sequence[State], now: State) -> State:
    """What may be told after all that was told of a week before: what changed alike for LEAST learners, or nothing.

    told   oldest first, at least one
    Whatever is added or subtracted of these answers then depends on LEAST learners at once: on whole groups of those
    who stood alike in all of them.
    """
    last = told[-1]
    groups: dict[tuple, list[int]] = {}
    for learner in last.keys() | now.keys():
        if last.get(learner) != now.get(learner):
            groups.setdefault(_course(learner, [*told, now]), []).append(learner)
    state = dict(last)
    for learners in groups.values():
        for learner in learners if len(learners) >= LEAST else ():
            if learner in now:
                state[learner] = now[learner]
            else:
                del state[learner]
    return state if state == last or _may_follow([*told, state]) else last


def _course(learner: int, states: Sequence[State]) -> tuple:
    """Which parts a learner was told in, one answer after the other, and in which of them his work was told otherwise.

    The second is the place of his work among all that was told of it in the same crowds: not what he did.
    """
    known: dict[tuple[Crowd, ...], list[tuple[bool, ...]]] = {}
    parts, works = [], []
    for state in states:
        place = state.get(learner, ())
        parts.append(tuple(part for part, _ in place))
        for part, did in place:
            if did not in known.setdefault(part.crowds, []):
                known[part.crowds].append(did)
        works.append(tuple(known[part.crowds].index(did) for part, did in place))
    return tuple(parts), tuple(works)


def _may_follow(states: Sequence[State]) -> bool:
    if min(sizes_of(states[-1]).values(), default=LEAST) < LEAST:
        return False
    courses = Counter(_course(learner, states) for learner in set().union(*states))
    # Of a part whose learners differ between answers, those who stay could be had like those who go.
    moving = {part for parts, _ in courses if len(set(parts)) > 1 for place in parts for part in place}
    return all(
        number >= LEAST or (len(set(parts)) == len(set(works)) == 1 and moving.isdisjoint(parts[0]))
        for (parts, works), number in courses.items()
    )

"""What a learner does on a day, and what all of them do from one day to another.

A day's interactions depend on the seed, the learner and the day alone, event ids included: any stretch of
days can be told again, and telling it twice gives the same interactions.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import numpy as np

from analytics.demo.catalogue import SPECIALTIES
from analytics.demo.people import LEAVE, STORY_TELLERS, Learner
from analytics.demo.sessions import Sitting
from analytics.demo.stories import HABITS, Story, sessions_a_week
from analytics.demo.terms import WEEKS_SHOWN, year_start

SESSION_PREFIX = "demo-"
_EVENT_IDS = UUID("0e1d7a5c-7a52-5a1b-8f0e-4a1f5c2b9d11")
# Hours of the day at which people sit down, as three habits: before class, after class, in the evening.
_HOURS = ((8.5, 1.0), (14.5, 1.5), (20.0, 1.2))
_FIRST_HOUR, _LAST_HOUR = 6.5, 22.2


class Traits(NamedTuple):
    """What stays the same for a learner.

    diligence   how much of what his story means he does, up to 1
    weekdays    weights of Monday to Sunday, sum 7
    hours       shares of the three hours, sum 1
    ability     points on top of his story's average score
    strengths   points on top of that, by specialty: his own, one that he likes, one that he finds hard
    """

    diligence: float
    weekdays: np.ndarray
    hours: np.ndarray
    ability: float
    strengths: dict[str, float]


def traits(learner: Learner, seed: int) -> Traits:
    rng = np.random.default_rng([seed, learner.number])
    habit = HABITS[learner.story]
    # The known ones are told as their story says; the steady ones among the others make up every level.
    known = learner in STORY_TELLERS
    steady = learner.story is Story.STEADY
    least, most = (0.9, 1.0) if known else (0.35, 0.85) if steady else (0.7, 1.0)
    diligence = float(rng.uniform(least, most))
    weekdays = np.array([1.0, 1.05, 1.0, 1.0, 0.75, habit.weekend, habit.weekend])
    if habit.regular:
        kept = rng.permutation(5)[: max(1, round(habit.teaching * diligence))]
        weekdays[:5] = 0.12
        weekdays[kept] = 1.6
    return Traits(
        diligence=diligence,
        weekdays=weekdays * 7 / weekdays.sum(),
        hours=rng.dirichlet([1.0, 1.5, 2.0]),
        ability=float(rng.normal(0, 1 if known else 5)),
        strengths=_strengths(learner, seed),
    )


def _strengths(learner: Learner, seed: int) -> dict[str, float]:
    rng = np.random.default_rng([seed, learner.number, len(SPECIALTIES)])
    liked, hard = rng.permutation([name for name in SPECIALTIES if name != learner.group.specialty])[:2]
    return {learner.group.specialty: 4.0, str(liked): 10.0, str(hard): -20.0}


def learner_day(
    learner: Learner, who: Traits, day: date, *, seed: int, anchor: date, zone: ZoneInfo
) -> list[tuple[datetime, dict[str, Any]]]:
    """(moment, interaction) of one learner on one day of the institution, in the order of time."""
    if day < learner.enrolled_from(anchor) or _on_leave(learner, day, anchor):
        return []
    rng = np.random.default_rng([seed, learner.number, day.toordinal()])
    habit = HABITS[learner.story]
    expected = sessions_a_week(learner.story, day, anchor) / 7 * who.diligence * who.weekdays[day.weekday()]
    if habit.regular:
        # A regular learner comes or does not; chance decides little.
        count = int(rng.random() < min(0.93, expected)) + int(rng.random() < max(0.0, expected - 0.93))
    else:
        count = int(min(3, rng.poisson(expected)))
    if count == 0:
        return []
    progress = min(1.0, max(0.0, (day - year_start(anchor)).days / (7 * WEEKS_SHOWN)))
    midnight = datetime.combine(day, time.min, zone)
    told: list[tuple[datetime, dict[str, Any]]] = []
    for number, hour in enumerate(_start_hours(rng, who, count)):
        start = (midnight + timedelta(seconds=round(hour * 3600))).astimezone(UTC)
        sitting = Sitting(
            rng,
            # Nobody sits down again before he has got up.
            start=max(start, told[-1][0] + timedelta(hours=1)) if told else start,
            session_id=f"{SESSION_PREFIX}{learner.username}-{day}-{number + 1}",
            specialty=learner.group.specialty,
            habit=habit,
            ability=who.ability,
            strengths=who.strengths,
        )
        sitting.run(progress)
        told += sitting.interactions
    # A day's interactions lie on that day, else a day could not be told again by itself.
    told = [(moment, interaction) for moment, interaction in told if moment.astimezone(zone).date() == day]
    for number, (_, interaction) in enumerate(told):
        interaction["userId"] = learner.username
        interaction["eventId"] = str(uuid5(_EVENT_IDS, f"{seed}/{learner.username}/{day}/{number}"))
    return told


def interactions_between(
    learners: Sequence[Learner], first: date, last: date, *, seed: int, anchor: date, now: datetime, zone: ZoneInfo
) -> Iterator[list[dict[str, Any]]]:
    """One list a day, `first` to `last` inclusive: what all learners did up to `now`, in the order of time."""
    cast = [(learner, traits(learner, seed)) for learner in learners]
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        told = [
            item
            for learner, who in cast
            for item in learner_day(learner, who, day, seed=seed, anchor=anchor, zone=zone)
            if item[0] <= now
        ]
        told.sort(key=lambda item: item[0])
        yield [interaction for _, interaction in told]


def _on_leave(learner: Learner, day: date, anchor: date) -> bool:
    leave = LEAVE.get(learner.username)
    if leave is None:
        return False
    start, end = leave.days(anchor)
    return start <= day < end


def _start_hours(rng: np.random.Generator, who: Traits, count: int) -> list[float]:
    chosen = rng.choice(len(_HOURS), size=count, replace=False, p=who.hours)
    return sorted(float(np.clip(rng.normal(*_HOURS[slot]), _FIRST_HOUR, _LAST_HOUR)) for slot in chosen)

"""Rules of insights: each at its edge."""

import pytest

from engagement.domain.elo import Mastery
from engagement.domain.insights import Insight, Known, limits_of, opportunities_of, strengths_of
from engagement.domain.insufficient import Insufficient, Need
from engagement.domain.patterns.finding import Finding

PLAIN = {
    "parts": {"activity": 0.5, "regularity": 0.5, "depth": 0.5},
    "change": 0,
    "current_streak": 0,
    "longest_streak": 1,
    "ages": (1, 5, 9),
    "findings": {},
    "mastery": {},
    "scored": 3,
    "needed": 3,
    "completed": 0,
    "abandoned": 0,
    "wall_seconds": 0,
    "unknown_seconds": 0,
    "untimed": 0,
    "interactions": 0,
    "back": False,
}


def known(**changed) -> Known:
    return Known(**PLAIN | changed)


def kinds(insights) -> list[str]:
    return [insight.kind for insight in insights]


def test_of_whom_little_is_known_nothing_is_praised():
    assert strengths_of(known(parts=None, change=None)) == strengths_of(known()) == []


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"parts": {"activity": 1.0, "regularity": 0.7, "depth": 0.69}}, ["regular"]),
        ({"parts": {"activity": 1.0, "regularity": 0.69, "depth": 0.7}}, ["depth"]),
        ({"change": 20}, ["risen"]),
        ({"change": 19}, []),
        ({"current_streak": 3}, ["streak"]),
        ({"current_streak": 2}, []),
        ({"completed": 3}, ["sees_through"]),
        ({"completed": 2}, []),
        ({"completed": 9, "abandoned": 1}, []),
        ({"mastery": {"ent": Mastery(0.75, 3), "cardiology": Mastery(0.74, 30)}}, ["mastery"]),
        ({"findings": {"trend": Finding(0.9, {"direction": "up"})}}, ["rising"]),
        ({"findings": {"trend": Finding(0.9, {"direction": "down"})}}, []),
    ],
)
def test_a_strength_begins_at_its_threshold(changed, found):
    assert kinds(strengths_of(known(**changed))) == found


@pytest.mark.parametrize(
    ("ages", "returned"),
    [
        ((1, 3, 12, 14, 16, 18, 20, 22), {"silent_days": 8, "active_days_since": 2}),
        # Seven silent days are within everybody's limit; a single day since may be chance.
        ((1, 3, 11, 13, 15, 17, 19, 21), None),
        ((3, 12, 14, 16, 18, 20, 22), None),
        # Longer ago than four weeks is past.
        ((1, 28, 40, 42, 44, 46, 48, 50), {"silent_days": 11, "active_days_since": 2}),
        # Four gaps are too few to know a rhythm by: a fortnight.
        ((1, 3, 12, 14, 16), None),
    ],
)
def test_who_came_back_is_told_so(ages, returned):
    if ages[1] == 28:
        assert strengths_of(known(ages=ages)) == []
        return
    assert strengths_of(known(ages=ages)) == ([] if returned is None else [Insight("returned", returned)])


def test_room_is_the_part_with_the_most_points_to_gain():
    [room] = opportunities_of(known(parts={"activity": 0.65, "regularity": 0.3, "depth": 0.1}))
    assert room == Insight("room", {"part": "regularity", "points": 9.0, "of_points": 30.0})
    assert opportunities_of(known(parts={"activity": 0.7, "regularity": 0.7, "depth": 0.7})) == []


def test_findings_that_are_questions_are_openings_and_a_rise_is_none():
    findings = {"trend": Finding(0.9, {"direction": "up"}), "help_avoidance": Finding(0.6, {"n": 5}, ("id",))}
    assert opportunities_of(known(parts=None, findings=findings)) == [Insight("help_avoidance", {"n": 5}, ("id",))]


def test_what_the_data_cannot_say_names_what_is_missing():
    short = Insufficient((Need("complete weeks", 3, 8),))
    found = limits_of(
        known(
            scored=1,
            abandoned=2,
            wall_seconds=1000,
            unknown_seconds=100,
            untimed=4,
            interactions=9,
            back=True,
            findings={"trend": short, "burst": None},
        )
    )
    assert found == [
        Insight("not_competence"),
        Insight("unknown_time", {"unknown_seconds": 100, "wall_clock_seconds": 1000, "share": 0.1}),
        Insight("untimed", {"untimed": 4, "interactions": 9}),
        Insight("no_performance", missing=Insufficient((Need("scored attempts", 1, 3),))),
        Insight("order_within_a_day"),
        Insight("after_leave"),
        Insight("pattern", {"pattern": "trend"}, missing=short),
    ]
    assert limits_of(known(wall_seconds=1000, unknown_seconds=99)) == [Insight("not_competence")]

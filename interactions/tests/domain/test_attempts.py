"""What became of each start, told from what one learner did on one case."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest

from interactions.domain.attempts import Seen, attempts_of, seen

TEN = datetime(2026, 3, 2, 10, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def told(story: str) -> list[Seen]:
    """`start@0 view@5:history`: interactions by kind, minute and stage; ids in this order."""
    kinds = {"start": "case_start", "complete": "case_complete", "abandon": "case_abandon"}
    interactions = []
    for number, word in enumerate(story.split()):
        kind, _, told = word.partition("@")
        minute, _, stage = told.partition(":")
        moment = at(float(minute))
        interactions.append(Seen(moment, UUID(int=number), kinds.get(kind, kind), moment, stage))
    return interactions


def outcomes(story: str) -> list[tuple]:
    """(minute of the start, outcome, minute last seen) of each attempt."""
    return [
        ((one.started_at - TEN).seconds // 60, one.outcome, (one.last_seen_at - TEN).seconds // 60)
        for one in attempts_of(told(story))
    ]


@pytest.mark.parametrize(
    ("story", "became"),
    [
        ("view@0 complete@5", []),
        ("start@0 view@5 help@9", [(0, "open", 9)]),
        ("start@0 complete@5 view@9", [(0, "completed", 5)]),
        ("start@0 abandon@5 view@9", [(0, "abandoned", 5)]),
        ("start@0 abandon@5 complete@9 abandon@12", [(0, "completed", 9)]),
        ("start@0 view@2 start@5 complete@9", [(0, "restarted", 2), (5, "completed", 9)]),
        ("start@0 complete@5 start@7", [(0, "completed", 5), (7, "open", 7)]),
        ("start@0 complete@0", [(0, "completed", 0)]),
        ("start@0 complete@5 start@5", [(0, "completed", 5), (5, "open", 5)]),
    ],
)
def test_each_start_has_an_outcome(story, became):
    assert outcomes(story) == became


def test_the_order_in_which_they_are_given_does_not_matter():
    interactions = told("start@0 view@3 abandon@4 start@6 complete@9")
    expected = attempts_of(interactions)
    assert all(attempts_of(order) == expected for order in permutations(interactions))


def test_a_return_is_the_first_later_sign_or_the_end_that_came_late():
    [attempt] = attempts_of(told("start@0 view@3 view@8 view@9"))
    assert attempt.return_after(at(3)) == UUID(int=2)
    [attempt] = attempts_of(told("start@0 complete@2"))
    assert attempt.return_after(at(3)) == UUID(int=1)


def seen_at(kind="case_complete", occurred=0, told=None, start=None, end=None, seconds=None, received=500) -> tuple:
    """(moment, until) in minutes."""
    times = [None if minute is None else at(minute) for minute in (told, start, end)]
    one = seen(UUID(int=1), kind, at(occurred), *times, seconds, at(received))
    return tuple((moment - TEN) / timedelta(minutes=1) for moment in (one.moment, one.until))


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, (0, 0)),
        # The client told a span only, so it bears the time at which it began.
        ({"start": 0, "end": 30}, (30, 30)),
        ({"start": 0, "seconds": 1800}, (30, 30)),
        ({"kind": "case_start", "start": 0, "end": 30}, (0, 30)),
        # It told when it ended.
        ({"occurred": 30, "start": 0, "end": 30, "seconds": 1800}, (30, 30)),
        # Its clock was an hour slow: the span moves with the correction.
        ({"occurred": 60, "told": 0, "start": 0, "end": 30}, (90, 90)),
        # Nobody was there after we heard of it, nor for longer than a day.
        ({"start": 0, "end": 30, "received": 20}, (20, 20)),
        ({"start": 0, "end": 9_000, "received": 10_000}, (1440, 1440)),
        ({"occurred": 4, "received": 0}, (4, 4)),
    ],
)
def test_a_span_counts_at_its_end_and_a_start_at_its_beginning(columns, expected):
    assert seen_at(**columns) == expected


@pytest.mark.parametrize(
    ("story", "stages"),
    [
        ("start@0 view@1 abandon@2", [("", None)]),
        ("start@0:history abandon@2", [("history", 0)]),
        ("start@0:history view@1:diagnosis abandon@2", [("diagnosis", 1)]),
        ("start@0 view@1:diagnosis abandon@2:management", [("management", 2)]),
        # What comes after the end, or before the start, is of no attempt.
        ("view@0:history start@1 abandon@2 view@3:diagnosis", [("", None)]),
        ("start@0 view@1:history start@2 view@3:diagnosis", [("history", 1), ("diagnosis", 3)]),
    ],
)
def test_an_attempt_stands_at_the_last_stage_that_was_told(story, stages):
    found = [(one.stage, one.stage_by and one.stage_by.int) for one in attempts_of(told(story))]
    assert found == stages


def test_a_stage_that_is_no_text_is_none():
    assert [seen(UUID(int=1), "case_view", TEN, None, None, None, None, TEN, stage).stage for stage in (4, None)] == [
        "",
        "",
    ]

"""Requests that arrive together are served together, and each gets its own answer."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from medsim_tracking.gathering import MOST_TOGETHER, Gathering

PATIENCE = 10


class Kitchen:
    """Serves doubled numbers. While its door is shut, who is being served waits, and others gather."""

    def __init__(self):
        self.open = threading.Event()
        self.busy = threading.Event()
        self.served: list[list[int]] = []

    def __call__(self, asked: list[int]) -> list[int]:
        self.served.append(asked)
        self.busy.set()
        assert self.open.wait(PATIENCE)
        if 13 in asked:
            raise ValueError("thirteen at the table")
        return [2 * number for number in asked]


def everybody_asks(kitchen: Kitchen, numbers: list[int]) -> list:
    """The first asks, the others while it is being served."""
    gathering = Gathering(kitchen)
    with ThreadPoolExecutor(len(numbers)) as threads:
        first = threads.submit(gathering.ask, numbers[0])
        assert kitchen.busy.wait(PATIENCE)
        others = [threads.submit(gathering.ask, number) for number in numbers[1:]]
        while len(gathering._seats) < len(others):
            pass
        kitchen.open.set()
        return [each.exception(PATIENCE) or each.result() for each in (first, *others)]


def test_who_comes_alone_is_served_at_once():
    kitchen = Kitchen()
    kitchen.open.set()
    gathering = Gathering(kitchen)
    assert [gathering.ask(number) for number in (1, 2)] == [2, 4]
    assert kitchen.served == [[1], [2]]


def test_those_who_come_while_one_is_served_are_served_together_next():
    kitchen = Kitchen()
    assert everybody_asks(kitchen, [1, 2, 3, 4, 5]) == [2, 4, 6, 8, 10]
    assert [sorted(together) for together in kitchen.served] == [[1], [2, 3, 4, 5]]


def test_no_more_than_the_most_are_served_at_once():
    kitchen, numbers = Kitchen(), list(range(100, 101 + MOST_TOGETHER + 3))
    assert everybody_asks(kitchen, numbers) == [2 * number for number in numbers]
    assert [len(together) for together in kitchen.served] == [1, MOST_TOGETHER, 3]


def test_what_goes_wrong_befalls_those_who_were_served_and_nobody_else():
    kitchen = Kitchen()
    first, *others = everybody_asks(kitchen, [1, 12, 13])
    assert first == 2
    assert [type(each) for each in others] == [ValueError, ValueError]


def test_after_a_failure_others_are_served():
    kitchen = Kitchen()
    kitchen.open.set()
    gathering = Gathering(kitchen)
    with pytest.raises(ValueError, match="thirteen"):
        gathering.ask(13)
    assert gathering.ask(1) == 2


def test_too_few_answers_leave_nobody_waiting():
    gathering = Gathering(lambda asked: [])
    with pytest.raises(ValueError, match="zip"):
        gathering.ask(1)

"""Requests that arrive together are served together.

A transaction costs nearly the same for one interaction as for ten: a dozen messages to the database and one
wait for its disk. While one is under way, those that arrive gather and go next, all in one. Nobody waits for
a gathering to fill; who comes alone goes alone.
"""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
# More in one transaction would keep the first of them waiting.
MOST_TOGETHER = 64


class _Seat(Generic[Asked, Answer]):
    """One thread's place: what it asks, and a lock it waits at until it is answered or asked to lead."""

    __slots__ = ("answer", "asked", "error", "served", "waiting")

    def __init__(self, asked: Asked):
        self.asked = asked
        self.answer: Answer | None = None
        self.error: BaseException | None = None
        self.served = False
        self.waiting = Lock()
        self.waiting.acquire()


class Gathering(Generic[Asked, Answer]):
    """Calls `serve` with what several threads ask, by one of these threads, and gives each its own answer.

    serve   as many answers as it was asked, in their order; what it raises, all who were served raise
    """

    def __init__(self, serve: Callable[[list[Asked]], list[Answer]]):
        self._serve = serve
        self._door = Lock()
        self._seats: list[_Seat] = []
        self._led = False

    def ask(self, asked: Asked) -> Answer:
        seat = _Seat(asked)
        with self._door:
            self._seats.append(seat)
            leads, self._led = not self._led, True
        if not leads:
            seat.waiting.acquire()
        if not seat.served:
            self._lead()
        if seat.error is not None:
            raise seat.error
        return seat.answer

    def _lead(self) -> None:
        """Serve those who are here, oneself among them, and hand over to who came meanwhile."""
        with self._door:
            here, self._seats = self._seats[:MOST_TOGETHER], self._seats[MOST_TOGETHER:]
        try:
            for seat, answer in zip(here, self._serve([seat.asked for seat in here]), strict=True):
                seat.answer = answer
        except BaseException as error:
            for seat in here:
                seat.error = error
        finally:
            for seat in here:
                seat.served = True
            with self._door:
                following = self._seats[0] if self._seats else None
                self._led = following is not None
            for seat in (*here, *filter(None, [following])):
                seat.waiting.release()

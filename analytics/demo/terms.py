"""The demo's academic year: terms of 14 teaching weeks, 2 exam weeks and a break of 6, counted from a Monday.

Counted from the day the demo was loaded, not from the calendar: whenever that is, the ninth week of a term
has just begun or is under way, and there is something to see.
"""

from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

TEACHING_WEEKS, EXAM_WEEKS, BREAK_WEEKS = 14, 2, 6
TERM_WEEKS = TEACHING_WEEKS + EXAM_WEEKS + BREAK_WEEKS
WEEKS_SHOWN = 52


class Phase(Enum):
    TEACHING = "teaching"
    EXAMS = "exams"
    BREAK = "break"


class Position(NamedTuple):
    """Where in a term a day lies. `week` counts from 0 at the start of the term."""

    phase: Phase
    week: int


def year_start(anchor: date) -> date:
    """The Monday 52 weeks before the week of `anchor`, the day the demo was loaded."""
    return anchor - timedelta(days=anchor.weekday(), weeks=WEEKS_SHOWN)


def position(day: date, anchor: date) -> Position:
    week = (day - year_start(anchor)).days // 7 % TERM_WEEKS
    if week < TEACHING_WEEKS:
        return Position(Phase.TEACHING, week)
    return Position(Phase.EXAMS if week < TEACHING_WEEKS + EXAM_WEEKS else Phase.BREAK, week)

"""How each kind of learner works: how often, when in the term, and what a case looks like in his hands."""

from datetime import date
from enum import Enum
from typing import NamedTuple

from analytics.demo.terms import TEACHING_WEEKS, Phase, position

# Nobody fades from one day to the next: five weeks down to nothing, and silent for nine days at least.
FADES_OVER_DAYS, SILENT_DAYS = 35, 9
CRAMMING_WEEKS = 2


class Story(Enum):
    STEADY = "steady"
    KEEN = "keen"
    CRAMMER = "crams before exams"
    FADING = "fading"
    RETURNED = "returned after leave"
    CLICKS_THROUGH = "clicks through"
    STRUGGLING = "struggling but working"
    QUIET = "quiet"
    NEW = "new arrival"
    NEVER_STARTED = "never started"


class Habit(NamedTuple):
    """teaching, exams, breaks   sessions a week in each phase of the term
    regular   whether he keeps to his own weekdays
    weekend   how likely a Saturday or Sunday is beside a weekday
    cases     cases worked on in a session, on average
    pace      time taken, as a share of what the case takes; a twenty-fifth is a click-through
    score     average result of a completed case, 0-100
    help      help requests in a case
    gives_up  chance that a case is given up
    feedback  chance of feedback after a completed case
    """

    teaching: float
    exams: float
    breaks: float
    regular: bool = False
    weekend: float = 0.35
    cases: float = 1.5
    pace: float = 1.0
    score: float = 74.0
    help: float = 0.5
    gives_up: float = 0.08
    feedback: float = 0.30


HABITS = {
    Story.STEADY: Habit(4.6, 5.0, 0.6, regular=True, weekend=0.2),
    Story.KEEN: Habit(5.6, 5.6, 1.4, regular=True, weekend=0.6, cases=1.9, score=84, gives_up=0.04, feedback=0.5),
    Story.CRAMMER: Habit(0.8, 8.5, 0.05, weekend=0.9, cases=2.2, score=70, feedback=0.12),
    Story.FADING: Habit(4.8, 4.8, 0.5, gives_up=0.15, score=68),
    Story.RETURNED: Habit(4.6, 4.8, 0.5, regular=True, weekend=0.2),
    Story.CLICKS_THROUGH: Habit(3.6, 4.2, 0.3, cases=3.0, pace=0.04, score=52, help=0.02, gives_up=0.02, feedback=0.03),
    Story.STRUGGLING: Habit(4.6, 5.2, 1.0, regular=True, pace=1.5, score=44, help=2.6, gives_up=0.16, feedback=0.4),
    Story.QUIET: Habit(2.1, 2.6, 0.3, cases=1.1, score=70),
    Story.NEW: Habit(4.0, 4.0, 0.5, score=66, help=0.9),
    Story.NEVER_STARTED: Habit(0.0, 0.0, 0.0),
}


def sessions_a_week(story: Story, day: date, anchor: date) -> float:
    """How many sessions a week the story means at `day`; `anchor` is the day the demo was loaded."""
    habit = HABITS[story]
    phase, week = position(day, anchor)
    usual = {Phase.TEACHING: habit.teaching, Phase.EXAMS: habit.exams, Phase.BREAK: habit.breaks}[phase]
    if story is Story.CRAMMER and TEACHING_WEEKS - CRAMMING_WEEKS <= week < TEACHING_WEEKS:
        return habit.exams
    if story is Story.FADING:
        left = (anchor - day).days - SILENT_DAYS
        return usual * min(1.0, max(0.0, left / FADES_OVER_DAYS))
    return usual

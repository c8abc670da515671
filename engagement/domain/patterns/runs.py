"""Days in a row, and weeks in a row."""

from engagement.domain.index import ACTIVE_DAYS_A_WEEK
from engagement.domain.patterns.finding import Outcome, short_of
from engagement.domain.patterns.history import History, day_of
from engagement.domain.streaks import streak_of

LEAST_RUN_DAYS, LEAST_RUN_WEEKS = 2, 1
FULL_RUN_DAYS, FULL_RUN_WEEKS = 14, 4


def streak(history: History) -> Outcome:
    """Active days in a row up to today or yesterday, or whole weeks in a row with 4 active days or more.

    Found from 2 days or 1 week on. Strength: the larger of days / 14 and weeks / 4, up to 1.
    """
    if missing := short_of(("counting days", len(history.days), 1)):
        return missing
    days = streak_of([day_of(day) for day in history.days[history.active]], history.tenure, history.last)
    full = history.weeks.active_days >= ACTIVE_DAYS_A_WEEK
    weeks = 0
    for is_full in full[::-1]:
        if not is_full:
            break
        weeks += 1
    if days.current < LEAST_RUN_DAYS and weeks < LEAST_RUN_WEEKS:
        return None
    evidence = {
        "first_day": day_of(history.days[0]),
        "last_day": history.last,
        "current_days": days.current,
        "longest_days": days.longest,
        "last_active_day": days.last_active,
        "weeks_with_four_active_days": weeks,
    }
    strength = min(1.0, max(days.current / FULL_RUN_DAYS, weeks / FULL_RUN_WEEKS))
    in_a_row = history.days[history.active][-days.current :].tolist() if days.current else []
    in_full_weeks = history.weeks.last(weeks).days.tolist() if weeks else []
    return history.on_days(strength, {*in_a_row, *in_full_weeks}, evidence)

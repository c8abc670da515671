"""Histories for the detectors' tests: days told from the oldest to the newest, ending on Sunday 15 March 2026."""

from datetime import date, timedelta

import numpy as np

from engagement.domain.patterns.history import Events, History
from engagement.domain.tenure import Tenure

# A Sunday, over by the time anybody asks: the last day of a whole week.
LAST = date(2026, 3, 15)
USUAL_POINTS = 100.0


def history(points, *, pauses=(), told=(), range_days=None, **more) -> History:
    """A learner whose days, paused ones included, had these points; the range is all of them unless told.

    told   interactions, see `events`
    """
    points = np.asarray(points, dtype=float)
    first = LAST - timedelta(days=len(points) - 1)
    tenure = Tenure(first, pauses)
    every = np.arange(first.toordinal(), LAST.toordinal() + 1)
    counts_for = np.array([not tenure.is_paused(date.fromordinal(int(day))) for day in every], dtype=bool)
    known = {
        "days": every[counts_for],
        "points": points[counts_for],
        "counts": (points[counts_for] > 0).astype(int),
        "first": LAST - timedelta(days=(range_days or len(points)) - 1),
        "last": LAST,
        "last_complete": LAST,
        "tenure": tenure,
        "events": events(told),
    }
    return History(**(known | more))


def weeks_of(*active_days, points=USUAL_POINTS):
    """Points of whole weeks, oldest first, in which so many first days were active."""
    return [points if day < active else 0.0 for active in active_days for day in range(7)]


def events(told) -> Events:
    """Interactions told as (days before LAST, hour, kind, more), `more` holding case, specialty, seconds, result.

    The n-th is called n; those of one hour follow each other by the second they are told with, `at`, else a minute.
    """
    rows = []
    for number, (ago, hour, kind, more) in enumerate(told):
        day = LAST.toordinal() - ago
        rows.append((day * 86_400 + hour * 3600 + more.get("at", number % 60), day, hour, kind, more, number))
    rows.sort(key=lambda row: row[0])
    return Events(
        ids=[row[5] for row in rows],
        times=np.array([row[0] for row in rows], dtype=float),
        days=np.array([row[1] for row in rows], dtype=int),
        hours=np.array([row[2] for row in rows], dtype=int),
        kinds=[row[3] for row in rows],
        case_ids=[row[4].get("case", "") for row in rows],
        specialties=[row[4].get("specialty", "") for row in rows],
        seconds=np.array([row[4].get("seconds", np.nan) for row in rows]),
        performance=np.array([row[4].get("result", np.nan) for row in rows]),
    )

"""People with something done, as several tests need them."""

from datetime import timedelta

from accounts.models import User
from medsim_tracking.testing import NOW, enrol, person, track


def work(learner, days):
    """A completed case so many days ago, half an hour long."""
    track(
        learner,
        "case_complete",
        occurred_at=NOW - timedelta(days=days),
        active_seconds=1800,
        performance_metrics={"score": 85},
    )


def peers(cohort, count, first=0):
    """Learners who completed 1, 2, ... cases, a day each."""
    people = []
    for number in range(first, first + count):
        learner = person(f"peer{number:02}")
        enrol(learner, cohort)
        people.append(learner)
        for day in range(1, 2 + number % 10):
            work(learner, day)
    return people


def catalogue(*names, specialty="cardiology", difficulty="intermediate", by="pia"):
    """Cases that somebody else has opened."""
    other = User.objects.filter(username=by).first() or person(by)
    for name in names:
        track(other, "case_start", case_id=name, metadata={"specialty": specialty, "difficulty": difficulty})


def complete(learner, case, score, days=0.0, specialty="cardiology", difficulty="intermediate"):
    return track(
        learner,
        "case_complete",
        case_id=case,
        occurred_at=NOW - timedelta(days=days),
        performance_metrics={"score": score},
        metadata={"specialty": specialty, "difficulty": difficulty},
    )

"""Work to show on pages: days of it, for one learner or many, in a few statements."""

from collections.abc import Iterable
from datetime import timedelta

from accounts.models import Cohort, Enrolment, User
from interactions.services import CREATED, track_bulk_interactions
from medsim_tracking.testing import NOW, TERM_START

# A case worked to its end in twenty minutes: by itself enough to make a day active.
DEED = {
    "interactionType": "case_complete",
    "caseId": "sepsis-2",
    "caseTitle": "Sepsis II",
    "timeSpentSeconds": 1200,
    "activeSeconds": 900,
    "performanceMetrics": {"score": 80},
}


def work(*learners: User, days_ago: Iterable[int], sim: User, **fields) -> None:
    """One completed case of each learner at noon of each day. Fields are the API's own, in camelCase."""
    told = [
        DEED | {"userId": learner.public_id, "occurredAt": (NOW - timedelta(days=days)).isoformat()} | fields
        for learner in learners
        for days in days_ago
    ]
    outcomes = track_bulk_interactions(sender=sim, interactions=told, now=NOW, historical=True)
    refused = [outcome for outcome in outcomes if outcome.status != CREATED]
    assert refused == [], refused[0]


def classmates(cohort: Cohort, number: int) -> list[User]:
    """So many more learners of a cohort, without a login."""
    learners = User.objects.bulk_create(
        User(username=f"mate-{n}", public_id=f"mate-{n}", name=f"Mate {n:02}", password="!") for n in range(number)
    )
    Enrolment.objects.bulk_create(Enrolment(learner=learner, cohort=cohort, start=TERM_START) for learner in learners)
    return learners

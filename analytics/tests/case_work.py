"""Attempts at cases for tests: many learners who begin a case and finish, leave, or are not heard of again."""

from datetime import timedelta

from analytics.rollups.counting import count_changes
from interactions.attempts import infer_abandonments
from interactions.services import CREATED, track_bulk_interactions
from medsim_tracking.testing import NOW


def attempt(
    learners,
    case,
    sim,
    *,
    end="complete",
    stage="",
    days_ago=2,
    minutes=20,
    score=80,
    difficulty="basic",
    specialty="surgery",
    help_at="",
):
    """Each of them begins a case; end: complete, abandon, or "" for leaving without a word. Told in one bulk."""
    began = NOW - timedelta(days=days_ago)
    about = {"difficulty": difficulty, "specialty": specialty}
    told = []
    for learner in learners:
        steps = [("case_start", 0, {}, {})]
        if help_at:
            steps.append(("help_request", 1, {"stage": help_at}, {}))
        if stage:
            steps.append(("navigation", 2, {"stage": stage}, {}))
        if end == "abandon":
            steps.append(("case_abandon", minutes, {}, {}))
        if end == "complete":
            done = {"activeSeconds": 60 * minutes, "performanceMetrics": {"score": score}}
            steps.append(("case_complete", minutes, {}, done))
        told += [
            {
                "userId": learner.public_id,
                "interactionType": kind,
                "caseId": case,
                "caseTitle": case.title(),
                "resourceType": "case",
                "occurredAt": (began + timedelta(minutes=after)).isoformat(),
                "metadata": about | more,
                **fields,
            }
            for kind, after, more, fields in steps
        ]
    outcomes = track_bulk_interactions(sender=sim, interactions=told, now=NOW, historical=True)
    assert {outcome.status for outcome in outcomes} <= {CREATED}


def judge_and_count():
    """What the jobs do."""
    list(infer_abandonments(now=NOW, lag=-timedelta(seconds=1)))
    count_changes(now=NOW)

"""Crowds for tests: many learners who did this or that, and a recount that shares no code with the counting house."""

from collections import Counter
from datetime import timedelta

from accounts.calendar import institution_zone
from accounts.models import Enrolment
from analytics.models import Count
from interactions.models import Case, UserInteractionTrackingModel
from medsim_tracking.testing import NOW, enrol, person, track


def crowd(cohort, number, prefix="c"):
    """So many new learners, enrolled in a cohort."""
    learners = [person(f"{prefix}{place}") for place in range(number)]
    for learner in learners:
        enrol(learner, cohort)
    return learners


def work(learners, *, days_ago=0, kind="case_start", **fields):
    """Each of them does one thing."""
    for learner in learners:
        track(learner, kind, occurred_at=NOW - timedelta(days=days_ago, minutes=1), **fields)


def naive_counts(span="day"):
    """Interactions by span, cohort set, specialty, type and hour of week, and learners, straight from the rows."""
    found, learners = Counter(), {}
    words = {case.case_id: case.specialty for case in Case.objects.all()}
    for row in UserInteractionTrackingModel.objects.all():
        cohorts = Enrolment.objects.current(row.day).filter(learner=row.user_id).values_list("cohort", flat=True)
        key = ",".join(map(str, sorted(set(cohorts))))
        start = row.day - timedelta(days=row.day.weekday()) if span == "week" else row.day
        specialty = row.specialty or words.get(row.case_id, "")
        hour = row.occurred_at.astimezone(institution_zone()).hour + 24 * row.day.weekday()
        found[start, key, "", "interactions", row.interaction_type] += 1
        found[start, key, "", "hours", str(hour)] += 1
        found[start, key, specialty or "-", "interactions", row.interaction_type] += 1
        learners.setdefault((start, key), set()).add(row.user_id)
    return found, {key: len(keys) for key, keys in learners.items()}


def stored_counts(span="day"):
    """The same as it is stored."""
    found, learners = Counter(), {}
    for row in Count.objects.filter(span=span, by__in=("all", "specialty")).select_related("crowd"):
        part = "" if row.by == "all" else row.name or "-"
        for word, number in row.values.get("interactions", {}).items():
            found[row.start, row.crowd.key, part, "interactions", word] += number
        if row.by == "all":
            learners[row.start, row.crowd.key] = row.size
            for word, number in row.values["hours"].items():
                found[row.start, row.crowd.key, part, "hours", word] += number
    return found, learners

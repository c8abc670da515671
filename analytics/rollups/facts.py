"""The interactions of one day as the arrays that are counted."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Case, F, JSONField, UUIDField, Value, When

from accounts.calendar import day_bounds, institution_zone
from analytics.domain.counting import ABANDON, COMPLETE, HELP, Cell, Facts, Key, Row, count
from analytics.rollups.basis import Basis, Crowds
from interactions.domain.attempts import ABANDONED, INFERRED, LONGEST, OPEN, START
from interactions.models import CaseAttempt, UserInteractionTrackingModel
from interactions.policies import PolicyBook

ROWS_AT_ONCE = 20_000
# As far as a day that was cut in another zone can reach into its neighbours.
OTHER_ZONE = timedelta(hours=26)
_COLUMNS = (
    *("user_id", "interaction_type", "resource_type", "specialty", "difficulty", "case_id", "occurred_at"),
    *("active_seconds", "time_spent_seconds", "performance", "base_units", "policy_version"),
    *("received_at", "clock_flag"),
)


def count_day(
    day: date, *, basis: Basis, crowds: Crowds, book: PolicyBook, zone_changed: bool
) -> tuple[dict[Key, Cell], int]:
    """What every crowd did on a day, and of how many interactions that was made (2 queries)."""
    rows = list(_rows(day, basis, book, zone_changed))
    return count(Facts.of(rows, day, crowds.on(day), crowds.nobody)), len(rows)


def _rows(day: date, basis: Basis, book: PolicyBook, zone_changed: bool) -> Iterator[Row]:
    start, end = day_bounds(day)
    margin, zone = OTHER_ZONE if zone_changed else timedelta(), institution_zone()
    told = Case(
        When(interaction_type__in=(HELP, ABANDON), then=F("metadata")), default=Value(None), output_field=JSONField()
    )
    ids = Case(When(interaction_type__in=(START, ABANDON), then=F("id")), default=Value(None), output_field=UUIDField())
    # An abandonment that tells no stage takes that of its attempt, where it began within the day before.
    attempts = (
        CaseAttempt.objects.started_within(start - margin - LONGEST, end + margin)
        .exclude(outcome=OPEN)
        .values_list("start", "outcome", "stage", "ended_by")
    )
    outcomes, stages = {}, {}
    for start_id, outcome, stage, ended_by in attempts:
        outcomes[start_id] = outcome
        if stage and outcome in (ABANDONED, INFERRED):
            stages[ended_by or start_id] = stage
    # By the index of the moment: the day itself has none.
    interactions = UserInteractionTrackingModel.objects.within(start - margin, end + margin).filter(day=day)
    for row in interactions.values_list(*_COLUMNS, told, ids).iterator(chunk_size=ROWS_AT_ONCE):
        user, kind, resource, specialty, difficulty, case, moment, active, wall, *rest = row
        performance, units, policy, received, clock, told, own_id = rest
        known = basis.cases.get(case, ("", "")) if case else ("", "")
        stage = told.get("stage") if isinstance(told, dict) else None
        yield Row(
            learner=user,
            kind=kind,
            specialty=specialty or known[0],
            difficulty=difficulty or known[1],
            case=case,
            hour=moment.astimezone(zone).hour,
            active=active,
            wall=wall,
            performance=performance,
            units=units,
            policy=policy,
            stage=stage if isinstance(stage, str) and stage else stages.get(own_id, "") if own_id else "",
            least=_least_time(book, policy, kind, resource) if kind == COMPLETE else 0.0,
            outcome=outcomes.get(own_id, "") if kind == START else "",
            delay=(received - moment).total_seconds(),
            clock=clock,
        )


def _least_time(book: PolicyBook, version: str, kind: str, resource: str) -> float:
    """The seconds below which the policy that scored it takes a completion for less than work."""
    try:
        return book.named(version).rule_for(kind, resource).minimum_time
    except (StopIteration, KeyError):
        return 0.0

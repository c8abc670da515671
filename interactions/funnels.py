"""What becomes of started cases: start -> completed, abandoned, restarted, or open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from interactions.domain.attempts import ABANDONED, COMPLETED, INFERRED, RESTARTED
from interactions.models import AttemptWalk
from interactions.querysets import CaseAttemptQuerySet


@dataclass(frozen=True, slots=True)
class CaseFunnel:
    """Starts and what became of them; the five ends add up to `starts`.

    abandoned   by the learner's own word
    inferred    left without a word, and silent since
    restarted   left open until the learner started the same case anew
    unresolved  may still be going on, or has news that the next run will judge
    """

    starts: int = 0
    completed: int = 0
    abandoned: int = 0
    inferred: int = 0
    restarted: int = 0
    unresolved: int = 0


def funnels_by_case(
    attempts: CaseAttemptQuerySet, *, start: datetime | None, end: datetime | None
) -> dict[str, CaseFunnel]:
    """The funnel of each case, by case id, of what was started in `[start, end)` (3 queries).

    attempts  those of the learners that are asked about, such as `CaseAttempt.objects.visible_to(viewer)`
    As fresh as the last run of `infer_abandonments`. Hiding small groups is the caller's.
    """
    return _funnels(attempts.started_within(start, end), "case_id")


def funnels_by_learner(
    attempts: CaseAttemptQuerySet, *, start: datetime | None, end: datetime | None
) -> dict[int, CaseFunnel]:
    """The same by learner's key (3 queries)."""
    return _funnels(attempts.started_within(start, end), "user_id")


def total_funnel(funnels: Iterable[CaseFunnel]) -> CaseFunnel:
    """Several added up."""
    rows = [(one.starts, one.completed, one.abandoned, one.inferred, one.restarted, one.unresolved) for one in funnels]
    return CaseFunnel(*map(sum, zip(*rows, strict=True)))


def _funnels(attempts: CaseAttemptQuerySet, by: str) -> dict:
    counted: dict = {}
    for key, outcome, number in attempts.values_list(by, "outcome").annotate(number=Count("pk")).order_by(by):
        counted.setdefault(key, {})[outcome] = number
    through = AttemptWalk.objects.values_list("through", flat=True).first()
    if through is None:
        return {}  # the job has never run, so there is nothing to count
    shaken = dict(attempts.shaken(through).values_list(by).annotate(number=Count("pk")).order_by(by))
    funnels = {}
    for key, ends in counted.items():
        starts = sum(ends.values())
        told = [ends.get(outcome, 0) for outcome in (COMPLETED, ABANDONED)]
        inferred, restarted = ends.get(INFERRED, 0) - shaken.get(key, 0), ends.get(RESTARTED, 0)
        funnels[key] = CaseFunnel(starts, *told, inferred, restarted, starts - sum(told) - inferred - restarted)
    return funnels

"""How cases fare: how many start and finish, how long that takes, where help is asked for and where work ends."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from accounts.calendar import day_start
from analytics.domain.counting import added
from analytics.domain.learner_sets import union
from analytics.domain.release import shown_cases
from analytics.domain.stats import CASE
from analytics.models import Count
from analytics.rollups.spans import BLOCK_DAYS, block_of
from analytics.selectors.crowds.figures import Funnel, Spread, completion_time_of, funnel_of, score_of
from analytics.selectors.crowds.scope import Scope, in_whole_weeks
from analytics.selectors.crowds.weeks import Counts, WeekCounts
from interactions.models import Case
from interactions.windows import Window

HELP, FEEDBACK = "help_request", "feedback_submit"


@dataclass(frozen=True, slots=True)
class CaseHealth:
    """One case in a window.

    learners          who did anything with it
    time, score       of completions
    shallow           completions that were faster than the policy takes for work
    help_by_stage, abandoned_at  how often at which stage, "" where none was told
    """

    case_id: str
    title: str
    specialty: str
    difficulty: str
    learners: int
    funnel: Funnel
    time: Spread | None
    score: Spread | None
    shallow: int
    help_requests: int
    help_by_stage: dict[str, int]
    abandoned_at: dict[str, int]
    feedback: int


def in_whole_blocks(window: Window) -> Window:
    """The window with the blocks of four weeks that it cuts taken in whole; blocks are the same for ever."""
    start = None if window.start is None else day_start(block_of(window.first_day))
    if window.running:
        return replace(window, start=start)
    return Window(start, day_start(block_of(window.last_day) + timedelta(days=BLOCK_DAYS)))


def case_window(scope: Scope, window: Window) -> Window:
    """The window that figures of cases are of: blocks, or whole weeks for a reader who knows the names."""
    return in_whole_weeks(window) if scope.names_known else in_whole_blocks(window)


def case_health(scope: Scope, window: Window) -> list[CaseHealth]:
    """Every case of a window, given as `case_window` makes it, that may be shown; most started first (2 queries).

    `scope` is all that the reader may see, unless he knows the names: cases of a part and of the whole beside each
    other would tell of the rest.
    """
    if scope.is_part and not scope.names_known:
        raise ValueError("Cases are shown for all that a reader may see, or beside the learners' names.")
    counts = _counts_by_case(scope, window)
    known = {row.case_id: row for row in Case.objects.filter(case_id__in=counts)}
    cases = [_health(case, told, known.get(case)) for case, told in counts.items()]
    return sorted(cases, key=lambda case: (-case.funnel.started, case.title, case.case_id))


def _counts_by_case(scope: Scope, window: Window) -> dict[str, Counts]:
    rows = Count.objects.filter(
        span=Count.Span.WEEK if scope.names_known else Count.Span.BLOCK,
        by=CASE,
        start__lte=window.last_day,
        crowd__in=scope.crowds,
    )
    if window.start is not None:
        rows = rows.filter(start__gte=window.first_day)
    spans: dict[date, dict[str, list[Count]]] = {}
    for row in rows:
        spans.setdefault(row.start, {}).setdefault(row.name, []).append(row)
    found: dict[str, list[WeekCounts]] = {}
    for start, cases in sorted(spans.items()):
        learners = {case: union(bytes(row.learners) for row in several) for case, several in cases.items()}
        for case in learners if scope.names_known else shown_cases(learners):
            values = added(row.values for row in cases[case])
            found.setdefault(case, []).append(WeekCounts(start, values, learners[case]))
    return {case: Counts.of(several, scope.names_known) for case, several in found.items()}


def _health(case_id: str, counts: Counts, case: Case | None) -> CaseHealth:
    values: Mapping[str, dict[str, int]] = counts.values
    return CaseHealth(
        case_id=case_id,
        title=case.title if case and case.title else case_id,
        specialty=case.specialty if case else "",
        difficulty=case.difficulty if case else "",
        learners=counts.size or 0,
        funnel=funnel_of(counts),
        time=completion_time_of(counts),
        score=score_of(counts),
        shallow=counts.number("shallow"),
        help_requests=counts.number("interactions", HELP),
        help_by_stage=values.get("helpAtStage", {}),
        abandoned_at=values.get("abandonedAtStage", {}),
        feedback=counts.number("interactions", FEEDBACK),
    )

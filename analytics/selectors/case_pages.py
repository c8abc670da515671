"""What the pages about cases show: all of them with what is worth a look, and one of them in full."""

from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import Cohort, User
from analytics.jobs.catching_up import catch_up
from analytics.selectors.crowds.case_changes import counts_around
from analytics.selectors.crowds.case_counts import case_counts
from analytics.selectors.crowds.cases import CaseHealth, case_window, health_of, in_order
from analytics.selectors.crowds.concerns import KINDS, Concern, concerns_of, gravest
from analytics.selectors.crowds.scope import complete_through, scope_for
from interactions.domain.attempts import COMPLETE
from interactions.models import Case
from interactions.policies import policy_book
from interactions.windows import Window

CASE_RESOURCE = "case"


@dataclass(frozen=True, slots=True)
class Judged:
    """A case and its four concerns, the gravest kind first."""

    health: CaseHealth
    concerns: tuple[Concern, ...]

    @property
    def first(self) -> Concern | None:
        """The gravest that stands out, if any does."""
        return gravest(self.concerns)


@dataclass(frozen=True, slots=True)
class CaseOverview:
    """window    in blocks of four weeks
    cases     worst first: by the kind of what stands out (concerns.KINDS), then by how much
    unshown   cases of the catalogue without figures: of fewer than ten learners, or they would follow, or of nobody
    least     seconds below which the policy of today takes a completion for less than work
    through   everything received before is counted; None: nothing was counted yet
    """

    window: Window
    cases: tuple[Judged, ...]
    unshown: tuple[Case, ...]
    least: float
    through: datetime | None


@dataclass(frozen=True, slots=True)
class AroundChange:
    """A case before and after it changed. None: fewer than ten learners, or nobody."""

    changed_on: date
    before: CaseHealth | None
    after: CaseHealth | None


@dataclass(frozen=True, slots=True)
class CaseReport:
    """found    None: fewer than ten learners worked on it, or they would follow from it, or nobody did
    around   None where no change is known, or one cohort is looked at alone
    least    seconds below which the policy of today takes a completion for less than work
    """

    case: Case
    window: Window
    found: Judged | None
    around: AroundChange | None
    least: float
    through: datetime | None


def case_overview(
    viewer: User,
    *,
    window: Window,
    cohort: Cohort | None = None,
    specialty: str = "",
    difficulty: str = "",
    now: datetime,
) -> CaseOverview:
    """Every case of what `viewer` may read, or of one of his cohorts (a constant number of queries)."""
    catch_up(now=now)
    scope, part = scope_for(viewer), cohort and scope_for(viewer, cohort=cohort)
    window = case_window(scope, window)
    catalogue = {row.case_id: row for row in Case.objects.order_by("title", "case_id")}
    found = judged(health_of(case_counts(scope, window, part=part).counts, catalogue))
    shown = {one.health.case_id for one in found}
    return CaseOverview(
        window,
        tuple(one for one in found if _fits(one.health, specialty, difficulty)),
        tuple(
            row
            for row in catalogue.values()
            if row.confirmed and row.case_id not in shown and _fits(row, specialty, difficulty)
        ),
        least_time(window),
        complete_through(),
    )


def _fits(case: CaseHealth | Case, specialty: str, difficulty: str) -> bool:
    return (not specialty or case.specialty == specialty) and (not difficulty or case.difficulty == difficulty)


def judged(cases: list[CaseHealth]) -> list[Judged]:
    """Each compared with the others together, the worst first."""
    ordered = in_order(cases)
    return sorted(map(Judged, ordered, concerns_of(ordered)), key=_worst_first)


def _worst_first(one: Judged) -> tuple[int, float]:
    if one.first:
        return KINDS.index(one.first.kind), -one.first.strength
    return len(KINDS), -(one.health.left / one.health.starts if one.health.starts else 0.0)


def case_report(viewer: User, case: Case, *, window: Window, cohort: Cohort | None = None, now: datetime) -> CaseReport:
    """One case of the catalogue, compared with the others of the same window (a constant number of queries)."""
    catch_up(now=now)
    scope, part = scope_for(viewer), cohort and scope_for(viewer, cohort=cohort)
    window = case_window(scope, window)
    counts = case_counts(scope, window, part=part)
    known = {row.case_id: row for row in Case.objects.filter(case_id__in=counts.counts)}
    found = {one.health.case_id: one for one in judged(health_of(counts.counts, known))}
    around = None
    if case.changed_on and not cohort and case.case_id in found:
        sides = counts_around(scope, window, case.case_id, case.changed_on, counts)
        before, after = (next(iter(health_of({case.case_id: side}, {case.case_id: case})), None) for side in sides)
        around = AroundChange(case.changed_on, before, after)
    return CaseReport(case, window, found.get(case.case_id), around, least_time(window), complete_through())


def least_time(window: Window) -> float:
    """Seconds below which the policy of a window's last day takes a completion for less than work; 0: none."""
    try:
        return policy_book().on(window.last_day).rule_for(COMPLETE, CASE_RESOURCE).minimum_time
    except KeyError:
        return 0.0

"""How far the learners of a cohort are with what is planned for them."""

from dataclasses import dataclass
from functools import cached_property

from analytics.selectors.cohorts import CohortOverview
from engagement.completions import Completions, completions_since


@dataclass(frozen=True, slots=True)
class Done:
    """done     different cases completed; of each planned specialty no more than are planned
    planned  None: nothing is planned
    """

    done: int
    planned: int | None


@dataclass(frozen=True, slots=True)
class SpecialtyDone:
    """One planned specialty over a cohort. done: of `planned` cases for each learner, added up; through: learners."""

    specialty: str
    planned: int
    learners: int
    done: int
    through: int


@dataclass(frozen=True)
class PlanProgress:
    """What each learner of a cohort has completed since his enrolment in it.

    plan         cases for each learner, by specialty; empty: nothing is planned
    completions  None: not counted yet
    """

    plan: dict[str, int]
    learners: tuple[int, ...]
    completions: Completions | None

    def of(self, learner: int, specialty: str = "") -> Done | None:
        """One learner's, in all that is planned or in one specialty; None where nothing is counted yet."""
        if self.completions is None:
            return None
        if specialty:
            planned, done = self._planned(specialty), self.completions.of(learner, specialty)
            return Done(done if planned is None else min(done, planned), planned)
        if not self.plan:
            return Done(self.completions.total(learner), None)
        completed = self.completions.cases.get(learner, {})
        done = sum([min(completed.get(name, 0), cases) for name, cases in self._cases.items()])
        return Done(done, self._planned_in_all)

    @cached_property
    def specialties(self) -> tuple[SpecialtyDone, ...]:
        """Each planned specialty, in the order of the plan; none where nothing is counted yet."""
        if self.completions is None:
            return ()
        return tuple(self._specialty(name, cases) for name, cases in self.plan.items())

    def _planned(self, specialty: str) -> int | None:
        return self._cases.get(specialty.casefold())

    @cached_property
    def _cases(self) -> dict[str, int]:
        """The plan by specialty in small letters, as completions are."""
        return {name.casefold(): cases for name, cases in self.plan.items()}

    @cached_property
    def _planned_in_all(self) -> int:
        return sum(self.plan.values())

    def _specialty(self, name: str, cases: int) -> SpecialtyDone:
        completed = self.completions.in_specialty(name)
        done = [min(cases, completed.get(learner, 0)) for learner in self.learners]
        return SpecialtyDone(name, cases, len(done), sum(done), sum(n == cases for n in done))


def plan_progress(overview: CohortOverview, *, specialty: str = "") -> PlanProgress:
    """The progress of a cohort's learners of today (8 queries at most). specialty: one more to tell apart."""
    plan = dict(overview.cohort.plan.order_by("specialty").values_list("specialty", "cases"))
    learners = tuple(row.learner.pk for row in overview.rows)
    return PlanProgress(plan, learners, completions_since(overview.since, tuple({*plan, specialty} - {""})))

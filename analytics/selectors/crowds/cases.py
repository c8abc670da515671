"""How cases fare: how many start and finish, how long that takes, where help is asked for and where work ends."""

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.domain.surplus import Sample
from analytics.selectors.crowds.case_counts import case_counts, case_window, in_whole_blocks
from analytics.selectors.crowds.figures import SCORE_UNITS, Funnel, Spread, completion_time_of, funnel_of, score_of
from analytics.selectors.crowds.scope import Scope
from analytics.selectors.crowds.weeks import Counts
from interactions.models import Case
from interactions.windows import Window

__all__ = ["CaseHealth", "Stage", "case_health", "case_window", "health_of", "in_whole_blocks"]

HELP, FEEDBACK = "help_request", "feedback_submit"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage and how many; of: all of them, wherever they were."""

    name: str
    count: int
    of: int


@dataclass(frozen=True, slots=True)
class CaseHealth:
    """One case in a window.

    learners          who did anything with it
    time, score       of completions; None of fewer than ten, and then `times` and `marks` are empty, too
    scores            the same scores, to be compared
    timed             completions whose time is known
    shallow           of these, those that were faster than the policy takes for work
    help_by_stage     how often at which stage, "" where none was told
    left_at           where those were last who left, by their own word or without one, likewise
    times, marks      how many completions by the bin of their seconds and of their score (analytics.domain.bins)
    """

    case_id: str
    title: str
    specialty: str
    difficulty: str
    learners: int
    funnel: Funnel
    time: Spread | None
    score: Spread | None
    scores: Sample
    timed: int
    shallow: int
    help_requests: int
    help_by_stage: dict[str, int]
    left_at: dict[str, int]
    feedback: int
    times: dict[str, int]
    marks: dict[str, int]

    @property
    def starts(self) -> int:
        return self.funnel.started

    @property
    def left(self) -> int:
        """Abandoned, declared and inferred; not more than were started, where an end lies in the window alone."""
        return min(self.starts, self.funnel.abandoned + self.funnel.inferred)

    @property
    def drop(self) -> Stage | None:
        """The stage where most of those were who left; None where no single one had most, or none is known."""
        return _most(self.left_at)

    @property
    def help_spot(self) -> Stage | None:
        return _most(self.help_by_stage)


def _most(by_stage: Mapping[str, int]) -> Stage | None:
    """The stage with most, where it is one alone and holds more than a single one."""
    known = sorted(((count, name) for name, count in by_stage.items() if name), reverse=True)
    if not known or known[0][0] < 2 or (len(known) > 1 and known[0][0] == known[1][0]):
        return None
    return Stage(known[0][1], known[0][0], sum(by_stage.values()))


def case_health(scope: Scope, window: Window, *, part: Scope | None = None) -> list[CaseHealth]:
    """Every case of a window, given as `case_window` makes it, that may be shown; most started first (2 queries).

    `scope` is all that the reader may see, unless he knows the names; `part` is one cohort of it to be asked about.
    """
    counts = case_counts(scope, window, part=part).counts
    return in_order(health_of(counts, {row.case_id: row for row in Case.objects.filter(case_id__in=counts)}))


def in_order(cases: list[CaseHealth]) -> list[CaseHealth]:
    return sorted(cases, key=lambda case: (-case.starts, case.title, case.case_id))


def health_of(counts: Mapping[str, Counts], known: Mapping[str, Case]) -> list[CaseHealth]:
    """Of the counts of each case, those that are of ten learners."""
    return [_health(case, told, known.get(case)) for case, told in counts.items() if told.size]


def _health(case_id: str, counts: Counts, case: Case | None) -> CaseHealth:
    values: Mapping[str, dict[str, int]] = counts.values
    time, score = completion_time_of(counts), score_of(counts)
    return CaseHealth(
        case_id=case_id,
        title=case.title if case and case.title else case_id,
        specialty=case.specialty if case else "",
        difficulty=case.difficulty if case else "",
        learners=counts.size or 0,
        funnel=funnel_of(counts),
        time=time,
        score=score,
        scores=Sample(
            counts.total("scores"),
            counts.total("scoresSum") / SCORE_UNITS,
            counts.total("scoresSquares") / SCORE_UNITS**2,
        ),
        timed=counts.total("completionSeconds"),
        shallow=counts.number("shallow"),
        help_requests=counts.number("interactions", HELP),
        help_by_stage=values.get("helpAtStage", {}),
        left_at=values.get("leftAtStage", {}),
        feedback=counts.number("interactions", FEEDBACK),
        times=values.get("completionSeconds", {}) if time else {},
        marks=values.get("scores", {}) if score else {},
    )

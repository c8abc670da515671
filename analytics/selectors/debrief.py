"""What a facilitator takes to a group: what it missed, and what to talk about. Nobody is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.calendar import local_day
from accounts.models import Cohort, Enrolment, User
from analytics.domain.stats import SPECIALTY
from analytics.domain.totals import TOTAL_STATS
from analytics.jobs.catching_up import catch_up
from analytics.selectors.case_pages import Judged, judged, least_time
from analytics.selectors.crowds.case_counts import case_counts
from analytics.selectors.crowds.cases import case_window, health_of
from analytics.selectors.crowds.concerns import LEFT, SHALLOW, Concern
from analytics.selectors.crowds.reports import Part, Totals, parts_of, totals_of
from analytics.selectors.crowds.scope import complete_through, in_whole_weeks, scope_for
from analytics.selectors.crowds.weeks import counts_of
from interactions.models import Case
from interactions.windows import Window

MOST_POINTS, MOST_OF_A_KIND = 3, 2
# A specialty is named where its mean score lies so far below that of the others together.
LOWER_BY = 5


@dataclass(frozen=True, slots=True)
class LowSpecialty:
    """The specialty with the lowest mean score, and that of the others together."""

    part: Part
    others: float


Point = Concern | LowSpecialty


@dataclass(frozen=True, slots=True)
class Debrief:
    """A group in a window.

    enrolled     learners of the cohort today
    window       in whole weeks, of totals and specialties
    case_window  in blocks of four weeks, of cases
    n            learners who did anything; None: fewer than ten, and there is no figure
    points       at most three, the strongest first; those that do not stand out come last
    least        seconds below which the policy of today takes a completion for less than work
    """

    cohort: Cohort
    enrolled: int
    window: Window
    case_window: Window
    n: int | None
    totals: Totals | None
    specialties: tuple[Part, ...]
    cases: tuple[Judged, ...]
    points: tuple[Point, ...]
    least: float
    through: datetime | None


def debrief_of(viewer: User, cohort: Cohort, *, window: Window, now: datetime) -> Debrief:
    """`cohort` is one that `viewer` may see (a constant number of queries)."""
    catch_up(now=now)
    scope, part = scope_for(viewer), scope_for(viewer, cohort=cohort)
    weeks, blocks = in_whole_weeks(window), case_window(scope, window)
    counts = counts_of(part, weeks, TOTAL_STATS)
    specialties = parts_of(part, weeks, SPECIALTY)
    told = case_counts(scope, blocks, part=part).counts
    cases = judged(health_of(told, {row.case_id: row for row in Case.objects.filter(case_id__in=told)}))
    return Debrief(
        cohort=cohort,
        enrolled=enrolled_today([cohort], now=now).get(cohort.pk, 0),
        window=weeks,
        case_window=blocks,
        n=counts.size,
        totals=None if counts.is_withheld else totals_of(counts),
        specialties=specialties,
        cases=tuple(cases),
        points=talking_points(cases, specialties),
        least=least_time(blocks),
        through=complete_through(),
    )


def enrolled_today(cohorts: Sequence[Cohort], *, now: datetime) -> dict[int, int]:
    """Learners by cohort's key (1 query)."""
    found: dict[int, set[int]] = {}
    rows = Enrolment.objects.current(local_day(now)).filter(cohort__in=cohorts)
    for cohort, learner in rows.values_list("cohort_id", "learner_id"):
        found.setdefault(cohort, set()).add(learner)
    return {cohort: len(learners) for cohort, learners in found.items()}


def talking_points(cases: Sequence[Judged], specialties: Sequence[Part]) -> tuple[Point, ...]:
    """What stands out, the strongest first, each case once and no kind more than twice; filled up with a low

    specialty, and with the largest share left and too fast, which are worth a word even where others are like them.
    """
    concerns = [concern for one in cases for concern in one.concerns]
    strong = sorted((each for each in concerns if each.stands_out), key=lambda each: -each.strength)
    plain = [each for each in concerns if not each.stands_out and each.kind in (LEFT, SHALLOW) and each.part]
    plain.sort(key=lambda each: -each.part / each.of)
    low = low_specialty(specialties)
    chosen: list[Point] = []
    for point in [*strong, *([low] if low else []), *plain]:
        if len(chosen) < MOST_POINTS and _is_new(point, chosen):
            chosen.append(point)
    return tuple(chosen)


def _is_new(point: Point, chosen: Sequence[Point]) -> bool:
    if isinstance(point, LowSpecialty):
        return True
    told = [each for each in chosen if isinstance(each, Concern)]
    most = MOST_OF_A_KIND if point.stands_out else 1
    return all(each.case.case_id != point.case.case_id for each in told) and (
        sum(each.kind == point.kind for each in told) < most
    )


def low_specialty(specialties: Sequence[Part]) -> LowSpecialty | None:
    scored = [part for part in specialties if part.totals.scores]
    if len(scored) < 2:
        return None
    low = min(scored, key=lambda part: part.totals.scores.mean)
    rest = [part.totals.scores for part in scored if part is not low]
    others = sum(scores.mean * scores.count for scores in rest) / sum(scores.count for scores in rest)
    return LowSpecialty(low, others) if others - low.totals.scores.mean >= LOWER_BY else None

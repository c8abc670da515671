"""Who may need somebody, why, and in which order: rules on a learner's own past, whole points, no probability.

Every rule works on counting days (leave stops the clock) and names its figures, so that the sentence on the page
can be checked by hand. Points order a list; what they are made of and why stands in docs/insights.md.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import floor
from statistics import median

from engagement.domain.case_ends import CaseEnds, abandoned_since_completed
from engagement.domain.index import WINDOW_DAYS
from engagement.domain.tenure import Tenure

# How many counting days back a learner's own rhythm is looked for.
RHYTHM_DAYS = 84
# Silence asks for more than twice a learner's own long gap, and never for less than a week.
LEAST_GAPS = 5
LEAST_SILENT_DAYS = 7
SILENCE_FACTOR = 2
# With too few gaps to know a learner's rhythm, the field's usual fortnight.
DEFAULT_SILENT_DAYS = 14
# About what the sixth quiet day in a row costs a learner who works four days a week; less is an ordinary week.
FALL_POINTS = 20
# Fewer active days than one a week is little, once there are two weeks to look at.
LEAST_DAYS_FOR_LITTLE = 14
# One case given up is an ordinary day.
LEAST_ABANDONED = 2

SILENT, NEVER_STARTED, FALLEN, LITTLE, ABANDONED = "silent", "never_started", "fallen", "little", "abandoned"
KINDS = (SILENT, NEVER_STARTED, FALLEN, LITTLE, ABANDONED)

# The ranges of silence, fall and little work do not overlap: who is gone comes before who is less.
SILENCE_POINTS, SILENCE_STEP, MOST_SILENCE_POINTS = 20, 28, 60
LEAST_FALL_POINTS, FALL_STEP, MOST_FALL_POINTS = 10, 5, 19
POINTS_A_MISSING_DAY = 3
ABANDONED_POINTS, POINTS_A_FURTHER_CASE, MOST_ABANDONED_POINTS = 18, 6, 30
MOST_POINTS = MOST_SILENCE_POINTS + MOST_ABANDONED_POINTS


@dataclass(frozen=True, slots=True)
class Attention:
    """One reason why somebody might look.

    kind     silent, never_started, fallen, little or abandoned
    days     counting days: since the last active one (silent), since the start (never_started), looked at (little)
    or_more  silent: nobody looked further back than `days`
    usual    silent: the learner's own median gap in counting days, None when it is not known
    limit    silent, never_started: how many such days are nothing to ask about
    score, before   fallen: the index today and 28 days ago, 0-100
    active   little: active days among `days`
    cases    abandoned: at least so many in a row, none worked to its end since
    """

    kind: str
    days: int | None = None
    or_more: bool = False
    usual: float | None = None
    limit: float | None = None
    score: float | None = None
    before: float | None = None
    active: int | None = None
    cases: int | None = None

    @property
    def points(self) -> int:
        """Whole points; more of the same is never fewer of them."""
        if self.kind in (SILENT, NEVER_STARTED):
            limit = self.limit or DEFAULT_SILENT_DAYS
            beyond = floor(SILENCE_STEP * max(0.0, self.days - limit) / limit)
            return min(MOST_SILENCE_POINTS, SILENCE_POINTS + beyond)
        if self.kind == FALLEN:
            beyond = floor((self.before - self.score - FALL_POINTS) / FALL_STEP)
            return min(MOST_FALL_POINTS, LEAST_FALL_POINTS + beyond)
        if self.kind == LITTLE:
            return POINTS_A_MISSING_DAY * (self.days // 7 - self.active)
        beyond = POINTS_A_FURTHER_CASE * (self.cases - LEAST_ABANDONED)
        return min(MOST_ABANDONED_POINTS, ABANDONED_POINTS + beyond)


def reasons_for(
    *,
    active_days: Collection[date],
    case_ends: Mapping[date, CaseEnds],
    tenure: Tenure,
    today: date,
    score: float | None,
    score_before: float | None,
) -> tuple[Attention, ...]:
    """All reasons, those with more points first; their points add up. None for who is on leave today.

    Silence, a fall and little work tell of one thing, how much is done, so only the first that applies counts:
    what a silence explains is not counted twice.

    active_days          in any order, at least those of the newest 84 counting days
    case_ends            by day, at least those of the newest 28 counting days
    score, score_before  the index today and 28 days ago, 0-100; None: not enough data
    """
    work = attention_for(active_days=active_days, tenure=tenure, today=today, score=score, score_before=score_before)
    return in_order(work, _abandoned(case_ends, tenure, today))


def in_order(*reasons: Attention | None) -> tuple[Attention, ...]:
    """Those that there are, with more points first."""
    found = [reason for reason in reasons if reason is not None]
    return tuple(sorted(found, key=lambda reason: (-reason.points, KINDS.index(reason.kind))))


def total_points(reasons: Collection[Attention]) -> int:
    """The points of all reasons together, 0-90."""
    return sum(reason.points for reason in reasons)


def attention_for(
    *, active_days: Collection[date], tenure: Tenure, today: date, score: float | None, score_before: float | None
) -> Attention | None:
    """The first rule about how much is done that applies, or None; nobody on leave today is asked to work.

    active_days          in any order, at least those of the newest 84 counting days
    score, score_before  the index today and 28 days ago, 0-100; None: not enough data
    """
    if tenure.is_paused(today):
        return None
    counting = tenure.counting_days(today, RHYTHM_DAYS)
    active = set(active_days)
    ages = [age for age, day in enumerate(counting) if day in active]
    return attention_by_ages(ages, len(counting), score, score_before)


def attention_by_ages(
    ages: Sequence[int], counting: int, score: float | None, score_before: float | None
) -> Attention | None:
    """The same of somebody who is not on leave today.

    ages      how many counting days ago each active day was, ascending, those of the newest 84 counting days
    counting  how many of these 84 there are
    """
    return (
        (_silent(ages) if ages else _absent(counting))
        or _fallen(score, score_before)
        or _little(ages, min(counting, WINDOW_DAYS))
    )


def _absent(days: int) -> Attention | None:
    if days == RHYTHM_DAYS:
        return Attention(SILENT, days=days, or_more=True, limit=float(DEFAULT_SILENT_DAYS))
    if days < LEAST_SILENT_DAYS:
        return None
    return Attention(NEVER_STARTED, days=days, limit=float(LEAST_SILENT_DAYS))


def _silent(ages: Sequence[int]) -> Attention | None:
    if ages[0] <= LEAST_SILENT_DAYS:
        return None
    limit, usual = rhythm_of(ages)
    return Attention(SILENT, days=ages[0], usual=usual, limit=limit) if ages[0] > limit else None


def rhythm_of(ages: Collection[int]) -> tuple[float, float | None]:
    """How many silent days are nothing to ask about, and the learner's median gap (None: not known yet).

    ages   counting days since each active one, ascending, float days out
    """
    gaps = sorted(older - newer for newer, older in pairwise(ages))
    if len(gaps) < LEAST_GAPS:
        return float(DEFAULT_SILENT_DAYS), None
    return max(float(LEAST_SILENT_DAYS), SILENCE_FACTOR * _quantile(gaps, 0.9)), float(median(gaps))


def _quantile(ordered: Sequence[int], share: float) -> float:
    """As numpy's, between the two values next to it; numpy takes a hundred times as long for so few."""
    place = share * (len(ordered) - 1)
    low = floor(place)
    below, above = ordered[low], ordered[min(low + 1, len(ordered) - 1)]
    part = place - low
    # From the nearer one, as numpy counts it, to the last digit.
    return above - (above - below) * (1 - part) if part >= 0.5 else below + (above - below) * part


def _fallen(score: float | None, before: float | None) -> Attention | None:
    if score is None or before is None or before - score < FALL_POINTS:
        return None
    return Attention(FALLEN, score=score, before=before)


def _little(ages: Sequence[int], days: int) -> Attention | None:
    active = sum(age < days for age in ages)
    if not ages or days < LEAST_DAYS_FOR_LITTLE or active >= days // 7:
        return None
    return Attention(LITTLE, days=days, active=active)


def _abandoned(case_ends: Mapping[date, CaseEnds], tenure: Tenure, today: date) -> Attention | None:
    if tenure.is_paused(today):
        return None
    # Most learners gave nothing up: their days are not walked.
    if not any(day.abandoned for day in case_ends.values()):
        return None
    days = tenure.counting_days(today, WINDOW_DAYS)
    return abandoned_in(case_ends[day] for day in days if day in case_ends)


def abandoned_in(days: Iterable[CaseEnds]) -> Attention | None:
    """Cases left in a row, given the newest 28 counting days, newest first; those without an end may be left out."""
    cases = abandoned_since_completed(days)
    return Attention(ABANDONED, cases=cases) if cases >= LEAST_ABANDONED else None


def attention_order(reasons: Collection[Attention], score: float | None) -> tuple:
    """A sort key: more points first; then the lower index; those not measured yet last."""
    return -total_points(reasons), score is None, 0.0 if score is None else score

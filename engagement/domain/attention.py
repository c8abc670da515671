"""Who may need somebody, and in which order: rules on a learner's own past, no probability.

Every rule works on counting days (leave stops the clock) and names its figures, so that the sentence on
the page can be checked by hand. The reasons for the thresholds stand in docs/pages.md.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np

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

SILENT, NEVER_STARTED, FALLEN, LITTLE = "silent", "never_started", "fallen", "little"
# The order on the page: who is gone comes before who is less.
_ORDER = (SILENT, NEVER_STARTED, FALLEN, LITTLE)


@dataclass(frozen=True, slots=True)
class Attention:
    """Why somebody might look.

    kind     silent, never_started, fallen or little
    days     counting days: since the last active one (silent), since the start (never_started), looked at (little)
    or_more  silent: nobody looked further back than `days`
    usual    silent: the learner's own median gap in counting days, None when it is not known
    score, before   fallen: the index today and 28 days ago, 0-100
    active   little: active days among `days`
    """

    kind: str
    days: int | None = None
    or_more: bool = False
    usual: float | None = None
    score: float | None = None
    before: float | None = None
    active: int | None = None


def attention_for(
    *, active_days: Collection[date], tenure: Tenure, today: date, score: float | None, score_before: float | None
) -> Attention | None:
    """The first rule that applies, or None; nobody on leave today is asked to work.

    active_days          in any order, at least those of the newest 84 counting days
    score, score_before  the index today and 28 days ago, 0-100; None: not enough data
    """
    if tenure.is_paused(today):
        return None
    counting = tenure.counting_days(today, RHYTHM_DAYS)
    active = set(active_days)
    # How many counting days ago each active day was, newest first.
    ages = [age for age, day in enumerate(counting) if day in active]
    return (
        (_silent(ages) if ages else _absent(len(counting)))
        or _fallen(score, score_before)
        or _little(ages, min(len(counting), WINDOW_DAYS))
    )


def _absent(days: int) -> Attention | None:
    if days == RHYTHM_DAYS:
        return Attention(SILENT, days=days, or_more=True)
    return Attention(NEVER_STARTED, days=days) if days >= LEAST_SILENT_DAYS else None


def _silent(ages: list[int]) -> Attention | None:
    gaps = np.diff(ages)
    limit, usual = float(DEFAULT_SILENT_DAYS), None
    if len(gaps) >= LEAST_GAPS:
        limit, usual = max(LEAST_SILENT_DAYS, SILENCE_FACTOR * np.percentile(gaps, 90)), float(np.median(gaps))
    return Attention(SILENT, days=ages[0], usual=usual) if ages[0] > limit else None


def _fallen(score: float | None, before: float | None) -> Attention | None:
    if score is None or before is None or before - score < FALL_POINTS:
        return None
    return Attention(FALLEN, score=score, before=before)


def _little(ages: list[int], days: int) -> Attention | None:
    active = sum(age < days for age in ages)
    if not ages or days < LEAST_DAYS_FOR_LITTLE or active >= days // 7:
        return None
    return Attention(LITTLE, days=days, active=active)


def attention_order(attention: Attention | None, score: float | None) -> tuple:
    """A sort key: who needs attention first; then the lower index; those not measured yet last."""
    rank = len(_ORDER) if attention is None else _ORDER.index(attention.kind)
    return rank, score is None, 0.0 if score is None else score

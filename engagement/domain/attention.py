"""Who may need somebody, and in which order: rules on a learner's own past, no probability.

Each rule names its figures, so that the sentence on the page can be checked. Thresholds: silence after
docs/engagement-score.md ("When a learner comes to attention").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

# The silence rule asks for more than twice a learner's own long gap, and never for less than a week.
LEAST_GAPS = 5
LEAST_SILENT_DAYS = 7
SILENCE_FACTOR = 2
# With too few gaps to know a learner's rhythm, the field's usual fortnight.
DEFAULT_SILENT_DAYS = 14
FALL_POINTS = 15
LOW_SCORE = 40


@dataclass(frozen=True, slots=True)
class Attention:
    """Why somebody might look.

    kind    silent, never_started, fallen or low
    days    silent: counting days since the last active one
    usual   silent: the learner's own median gap in days, None when it is not known
    before  fallen: the index four weeks ago
    """

    kind: str
    days: int | None = None
    usual: float | None = None
    before: float | None = None


# The order on the page: who is gone comes before who is less.
_ORDER = ("silent", "fallen", "low", "never_started")


def attention_for(
    *,
    active_days: Sequence[date],
    silent_days: int,
    enrolled_days: int,
    score: float | None,
    score_before: float | None,
    paused: bool,
) -> Attention | None:
    """The first rule that applies, or None.

    active_days    ascending
    silent_days    counting days since the last active day (or since the start, when there is none)
    enrolled_days  counting days since the start
    score, score_before    the index today and 28 counting days ago; None: not enough data
    paused         on leave today: nobody is asked to work
    """
    if paused:
        return None
    if not active_days:
        return Attention("never_started", days=enrolled_days) if enrolled_days >= LEAST_SILENT_DAYS else None
    gaps = np.diff([day.toordinal() for day in active_days])
    if len(gaps) >= LEAST_GAPS:
        limit = max(LEAST_SILENT_DAYS, SILENCE_FACTOR * float(np.percentile(gaps, 90)))
        usual = float(np.median(gaps))
    else:
        limit, usual = DEFAULT_SILENT_DAYS, None
    if silent_days > limit:
        return Attention("silent", days=silent_days, usual=usual)
    if score is None:
        return None
    if score_before is not None and score_before - score >= FALL_POINTS:
        return Attention("fallen", before=score_before)
    if score < LOW_SCORE:
        return Attention("low")
    return None


def attention_order(attention: Attention | None, score: float | None) -> tuple:
    """A sort key: who needs attention first; then the lower index; those not measured yet last."""
    rank = len(_ORDER) if attention is None else _ORDER.index(attention.kind)
    return rank, score is None, score if score is not None else 0.0

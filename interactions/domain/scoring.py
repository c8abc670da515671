"""The engagement score of single interactions, one or ten thousand at once (docs/engagement-score.md).

After Berman and Artino 2018 (equal-weight components validated for virtual patients), Chi and Wylie 2014
(passive < active < constructive), Wise and Ma 2012 (a floor on time).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from interactions.domain.policy import Policy

TYPE_SHARE, TIME_SHARE, PERFORMANCE_SHARE = 0.40, 0.30, 0.30
# Of 100 points at most 10 come from consistency, the rest from the interaction itself.
OWN_POINTS, CONSISTENCY_POINTS = 90.0, 10.0
# Base points are added up as whole ten-thousandths, so that no order of adding changes a sum.
POINT_UNITS = 10_000
# A day is active from 20 base points on; each type adds at most 300 times its weight to a day.
ACTIVE_DAY_POINTS = 20.0
DAILY_CAP_POINTS = 300.0

LEVELS = ((80.0, "very_high"), (60.0, "high"), (40.0, "medium"), (0.0, "low"))
LEVEL_NAMES = tuple(name for _, name in reversed(LEVELS))


def level_of(score: float) -> str:
    """The level of a rounded score, 0-100."""
    return next(level for floor, level in LEVELS if score >= floor)


def levels_of(scores: np.ndarray) -> list[str]:
    """The levels of n rounded scores."""
    floors = [floor for floor, _ in reversed(LEVELS)][1:]
    return [LEVEL_NAMES[rank] for rank in np.searchsorted(floors, scores, side="right").tolist()]


def round_half_up(values: np.ndarray) -> np.ndarray:
    """To 2 decimals, halves up. The tiny lift undoes binary fractions that fall just short of a half."""
    return np.floor(values * 100 + 0.5 + 1e-9) / 100


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of n interactions; every array has shape (n,) and, unless said, points 0-100.

    total          S, rounded half up to 2 decimals
    type, time, performance, consistency
                   the unrounded parts, which add up to S; NaN where the type does not use the part
    base_units     P = 100 g B in whole ten-thousandths of a point: what daily sums add up
    """

    total: np.ndarray
    type: np.ndarray
    time: np.ndarray
    performance: np.ndarray
    consistency: np.ndarray
    base_units: np.ndarray

    def parts(self, index: int) -> dict[str, float]:
        """The parts of one interaction, rounded to 4 decimals; a part the type does not use is left out.

        As decimals they add up to the score: their sum, rounded half up to 2 decimals, is `total`.
        """
        named = {
            "type": self.type[index],
            "time": self.time[index],
            "performance": self.performance[index],
            "consistency": self.consistency[index],
        }
        scaled = {name: float(value) * POINT_UNITS for name, value in named.items() if value == value}
        units = {name: round(value) for name, value in scaled.items()}
        # Rounded each by itself they may together fall on the other side of a half: the worst rounded one gives way.
        while off := round(float(self.total[index]) * 100) - (sum(units.values()) + 50) // 100:
            step = 1 if off > 0 else -1
            units[max(units, key=lambda name: step * (scaled[name] - units[name]))] += step
        return {name: value / POINT_UNITS for name, value in units.items()}


@dataclass(frozen=True, slots=True)
class BaseScores:
    """What n interactions are worth by themselves, before the consistency of their learners is known.

    type, time, performance   shares of B, 0-1, shape (n,); NaN where the type does not use the part
    base                      g B, 0-1
    """

    type: np.ndarray
    time: np.ndarray
    performance: np.ndarray
    base: np.ndarray

    @property
    def base_units(self) -> np.ndarray:
        """P = 100 g B in whole ten-thousandths of a point, int64 (n,): what daily sums add up."""
        return np.rint(self.base * 100 * POINT_UNITS).astype(np.int64)

    def with_consistency(self, consistency: np.ndarray) -> Scores:
        """The scores, given C in 0-1, float (n,)."""
        return Scores(
            total=round_half_up(self.base * (OWN_POINTS + CONSISTENCY_POINTS * consistency)),
            type=OWN_POINTS * self.type,
            time=OWN_POINTS * self.time,
            performance=OWN_POINTS * self.performance,
            consistency=CONSISTENCY_POINTS * consistency * self.base,
            base_units=self.base_units,
        )


def base_scores(
    policy: Policy, kinds: Sequence[tuple[str, str]], seconds: np.ndarray, performance: np.ndarray
) -> BaseScores:
    """The parts of n interactions that do not depend on anything else their learner did.

    kinds        n pairs (interaction type, resource type)
    seconds      float (n,), NaN where unknown
    performance  float (n,), 0-100, NaN where none
    """
    weight, half_life, cap, minimum, timed, takes_score = _constants(policy, kinds)
    known = ~np.isnan(seconds)
    scored = takes_score & ~np.isnan(performance)

    duration = np.where(known, seconds, 0.0)
    time_value = _saturation(np.minimum(duration, cap), half_life, cap)
    performance_value = np.where(scored, performance, 0.0) / 100
    denominator = TYPE_SHARE + TIME_SHARE * timed + PERFORMANCE_SHARE * scored

    has_floor = known & (minimum > 0)
    plausible = np.where(has_floor, np.minimum(1.0, duration / np.where(has_floor, minimum, 1.0)), 1.0)

    type_part = plausible * TYPE_SHARE * weight / denominator
    time_part = np.where(timed, plausible * TIME_SHARE * time_value / denominator, 0.0)
    performance_part = plausible * PERFORMANCE_SHARE * performance_value / denominator
    return BaseScores(
        type=type_part,
        time=np.where(timed, time_part, np.nan),
        performance=np.where(scored, performance_part, np.nan),
        base=type_part + time_part + performance_part,
    )


def score_one(
    policy: Policy, kind: tuple[str, str], seconds: float | None, performance: float | None, consistency: float
) -> Scores:
    """The same for one interaction; None is unknown. Every array of the answer has shape (1,)."""

    def one(value: float | None) -> np.ndarray:
        return np.array([np.nan if value is None else value], dtype=float)

    return base_scores(policy, [kind], one(seconds), one(performance)).with_consistency(one(consistency))


def _saturation(duration: np.ndarray, half_life: np.ndarray, cap: np.ndarray) -> np.ndarray:
    return (1 - np.exp2(-duration / half_life)) / (1 - np.exp2(-cap / half_life))


def _constants(policy: Policy, kinds: Sequence[tuple[str, str]]) -> tuple[np.ndarray, ...]:
    """The rule of each interaction as six arrays of shape (n,); each different kind is looked up once."""
    position = {kind: place for place, kind in enumerate(dict.fromkeys(kinds))}
    where = np.fromiter(map(position.__getitem__, kinds), dtype=np.intp, count=len(kinds))
    rules = [policy.rule_for(*kind) for kind in position]
    table = np.array(
        [(r.weight, r.half_life or 1.0, r.cap or 1.0, r.minimum_time, r.timed, r.scored) for r in rules], dtype=float
    ).reshape(-1, 6)
    weight, half_life, cap, minimum, timed, scored = table[where].T
    return weight, half_life, cap, minimum, timed.astype(bool), scored.astype(bool)


def consistency_of(active_week_before: int, active_week_before_that: int) -> float:
    """C in 0-1 from the active days among the 7 days before the event's day and the 7 before those."""
    return (min(1.0, active_week_before / 4) + min(1.0, active_week_before_that / 4)) / 2


def day_points(policy: Policy, units_by_type: dict[str, int]) -> float:
    """D of one day in points: base points by type, each type capped at 300 times its plain weight."""
    return sum(
        min(units / POINT_UNITS, DAILY_CAP_POINTS * policy.plain_weight(kind))
        for kind, units in units_by_type.items()
        if (kind, "") in policy.rules
    )


def is_active(points: float) -> bool:
    return points >= ACTIVE_DAY_POINTS

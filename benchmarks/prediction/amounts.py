"""Next week's active days and clicks: RMSE, pinball loss and the 80 % interval beside the naive forecasts."""

import numpy as np

from benchmarks.prediction.oulad import Enrolments
from engagement.domain.forecast.accuracy import mae, rmse
from engagement.domain.forecast.conformal import MISS, POOLED_ADAPTATION, adapted, fit_band
from engagement.ml.cases import ACTIVE_DAYS, Cases, cases_of
from engagement.ml.evaluation import LearnerBootstrap
from engagement.ml.outlook import BGBB_ALONE, BLEND, amount, amount_by, key_of
from engagement.ml.training import Plan, Training

DAYS = 7
CUTS = range(13, 255, 7)
LEVELS = (0.1, 0.5, 0.9)
NAMES = {"active_days": "active days", "volume": "clicks"}


def report_amount(
    target: str, learning: Enrolments, tested: Enrolments, cut: int, trained: Training, plan: Plan, repeats: int
) -> list[str]:
    """Prints, and answers with the promises that were broken."""
    judging = range(cut - DAYS, cut - DAYS - 7 * plan.judge_weeks, -7)
    before = cases_of(learning.histories, judging[::-1], DAYS)
    start = int(tested.start[0])
    cases = cases_of(tested.histories, [start + day for day in CUTS], DAYS, least_days=1)
    (choice,) = (found for found in trained.choices if found.key == key_of(target, DAYS))
    shipped, judged = ({choice.key: model} if choice.won else {} for model in (choice.model, choice.judged))
    cohort, others = trained.cohort, {BLEND: "BG/BB and smoothing", BGBB_ALONE: "BG/BB"}
    # Bands come from forecasts of what was not learned from, for ours as for the naive ones.
    pairs = {
        "forecast": (
            amount(target, before.known, DAYS, cohort, judged).values,
            amount(target, cases.known, DAYS, cohort, shipped).values,
        ),
        **{
            name: tuple(amount_by(method, target, part.known, DAYS, cohort, {}) for part in (before, cases))
            for method, name in others.items()
        },
        **{name: (values, cases.known.naive[target][name]) for name, values in before.known.naive[target].items()},
    }
    came, most = cases.came(target), DAYS if target == ACTIVE_DAYS else np.inf
    print(f"\nNext week's {NAMES[target]}, {len(cases):,} learner-weeks")
    print(f"{'':24}{'RMSE':>9}{'MAE':>9}{'pinball':>10}{'80 % holds':>12}")
    losses, errors, covered = {}, {}, {}
    for name, (then, now) in pairs.items():
        losses[name], covered[name] = _week_by_week(before, cases, then, now, target, most)
        errors[name] = rmse(now, came)
        shown = errors[name], mae(now, came), losses[name].mean(), covered[name].mean()
        print(
            f"{name:24}" + "".join(f"{value:>{width}.3f}" for value, width in zip(shown, (9, 9, 10, 12), strict=True))
        )
    naive = [name for name in pairs if name not in ("forecast", *others.values())]
    best = min(naive, key=lambda name: losses[name].mean())
    gain = LearnerBootstrap(cases.learner, repeats).mean_gain(losses[best] - losses["forecast"])
    nearest = min(naive, key=errors.get)
    squares = [(pairs[name][1] - came) ** 2 for name in (nearest, "forecast")]
    closer = LearnerBootstrap(cases.learner, repeats).mean_gain(squares[0] - squares[1])
    print(
        f"  pinball below {best} by {gain[0]:.4f} to {gain[1]:.4f}; squared error below {nearest} by "
        f"{closer[0]:.3f} to {closer[1]:.3f}"
    )
    holds = covered["forecast"].mean()
    return [
        f"{NAMES[target]}: {what}"
        for what, kept in (
            ("RMSE not surely below every naive forecast's", closer[0] > 0),
            ("pinball not surely below every naive forecast's", gain[0] > 0),
            (f"the 80 % interval holds {holds:.1%}", 0.77 <= holds <= 0.83),
        )
        if not kept
    ]


def _week_by_week(before: Cases, cases: Cases, then: np.ndarray, now: np.ndarray, target: str, most: float):
    """Pinball loss and whether the interval held, (n,) each; the band is refitted weekly with what is known by then."""
    came = cases.came(target)
    loss, held, level = np.zeros(len(cases)), np.zeros(len(cases), bool), MISS
    for origin in np.unique(cases.origin):
        known, here = cases.origin <= origin - DAYS, cases.origin == origin
        past = np.concatenate([then, now[known]]), np.concatenate([before.came(target), came[known]])
        band = fit_band(*past)
        quantiles = band.quantiles(now[here])
        loss[here] = np.mean(
            [_each(value, came[here], level) for value, level in zip(quantiles, LEVELS, strict=True)], axis=0
        )
        low, high = fit_band(*past, level).interval(now[here], most=most)
        held[here] = (came[here] >= low) & (came[here] <= high)
        # Known a week later, when the next band is made.
        level = adapted(level, 1 - held[here].mean(), rate=POOLED_ADAPTATION)
    return loss, held


def _each(quantile: np.ndarray, came: np.ndarray, level: float) -> np.ndarray:
    """Pinball loss of each case."""
    error = came - quantile
    return np.maximum(level * error, (level - 1) * error)

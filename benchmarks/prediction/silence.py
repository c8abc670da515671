"""No click in the next 14 days: AUC, Brier and calibration beside recency alone, by weeks of history."""

import numpy as np

from benchmarks.prediction.oulad import Enrolments
from engagement.ml.cases import cases_of
from engagement.ml.evaluation import LearnerBootstrap, auc, event_score
from engagement.ml.features import FEATURES
from engagement.ml.fitting import fit_recency
from engagement.ml.outlook import BLEND, LOGISTIC, silence, silence_by
from engagement.ml.training import Training

DAYS = 14
CUTS = range(13, 238, 14)
ALL, ACTIVE = "all registered", "active in the last 14 days"
# Untuned gradient boosting on the same cases: AUC, Brier.
REACH = {ALL: (0.881, 0.1091), ACTIVE: (0.809, 0.0962)}
# The same of those still active: the share of true alarms in the top 5 %, which is listed with two digits, and AUC
# within a course and day.
REACH_TOP, REACH_WITHIN = 0.55, 0.808
MOST_OFF = 0.05


def report_silence(learning: Enrolments, tested: Enrolments, cut: int, trained: Training, repeats: int) -> list[str]:
    """Prints, and answers with the promises that were broken."""
    past = cases_of(learning.histories, range(cut - DAYS, 20, -7), DAYS)
    recency = fit_recency(past.known.rows, past.silent)
    start = int(tested.start[0])
    cases = cases_of(tested.histories, [start + day for day in CUTS], DAYS, least_days=1)
    models = {choice.key: choice.model for choice in trained.choices if choice.won}
    shown = silence(cases.known, DAYS, trained.cohort, models)
    forecasts = {
        "forecast": shown.values,
        "BG/BB and logistic": silence_by(BLEND, cases.known, DAYS, trained.cohort, {}),
        "logistic": silence_by(LOGISTIC, cases.known, DAYS, trained.cohort, {}),
        "recency alone": recency.predict(cases.known.rows),
    }
    places = np.unique(np.stack([tested.histories.group[cases.learner], cases.origin]), axis=1, return_inverse=True)[1]
    active = cases.known.rows[:, FEATURES.index("active days in 14")] > 0
    broken = []
    print(f"\nNo click in the next {DAYS} days; {(shown.days != DAYS).mean():.1%} are shown what fewer days say")
    print(f"{'':44}{'cases':>8}{'base':>7}{'AUC':>8}{'Brier':>8}{'ECE':>7}{'top 5 %':>9}{'AUC within':>12}")
    for name, mask in ((ALL, np.ones(len(cases), bool)), (ACTIVE, active)):
        came = cases.silent[mask]
        for method, said in forecasts.items():
            score = event_score(said[mask], came)
            apart = auc_within(said[mask], came, places[mask])
            print(
                f"{name + ', ' + method:44}{score.cases:>8,}{score.base_rate:>7.3f}{score.auc:>8.4f}"
                f"{score.brier:>8.4f}{score.calibration_error:>7.3f}{score.top_share:>9.2f}{apart:>12.3f}"
            )
            if method == "forecast":
                ours, within = score, apart
        draw = LearnerBootstrap(cases.learner[mask], repeats)
        areas, gains = draw.auc_and_gain(forecasts["forecast"][mask], forecasts["recency alone"][mask], came)
        saved = draw.brier_gain(forecasts["forecast"][mask], forecasts["recency alone"][mask], came)
        area, loss = REACH[name]
        print(
            f"  AUC {areas[0]:.3f} to {areas[1]:.3f}; above recency alone by {gains[0]:.3f} to {gains[1]:.3f}; "
            f"Brier below it by {saved[0]:.4f} to {saved[1]:.4f}; to reach: AUC {area}, Brier {loss}"
        )
        broken += [
            f"{name}: {what}"
            for what, kept in (
                (f"AUC {ours.auc:.4f} under {area}", ours.auc >= area),
                (f"Brier {ours.brier:.4f} over {loss}", ours.brier <= loss),
                ("not surely better than recency alone", gains[0] > 0 and saved[0] > 0),
                (f"calibration error {ours.calibration_error:.3f}", ours.calibration_error <= MOST_OFF),
                (f"{ours.top_share:.3f} true in the top 5 %", name != ACTIVE or round(ours.top_share, 2) >= REACH_TOP),
                (f"AUC {within:.4f} within a course and day", name != ACTIVE or within >= REACH_WITHIN),
            )
            if not kept
        ]
    print("\nBy weeks of history, active in the last 14 days (forecast | recency alone)")
    print(f"{'weeks':>6}{'cases':>8}{'base':>7}{'AUC':>16}{'Brier':>18}{'ECE':>8}")
    for day in CUTS:
        mask = active & (cases.origin == start + day)
        ours, theirs = (
            event_score(forecasts[name][mask], cases.silent[mask]) for name in ("forecast", "recency alone")
        )
        print(
            f"{(day + 1) // 7:>6}{ours.cases:>8,}{ours.base_rate:>7.3f}{ours.auc:>8.3f} | {theirs.auc:.3f}"
            f"{ours.brier:>9.4f} | {theirs.brier:.4f}{ours.calibration_error:>8.3f}"
        )
    return broken


def auc_within(probability: np.ndarray, happened: np.ndarray, places: np.ndarray) -> float:
    """The mean AUC of one course on one day, weighted by its cases: so recency alone has the .684 of the list."""
    areas, cases = [], []
    for place in np.unique(places):
        there = places == place
        if 0 < happened[there].sum() < there.sum():
            areas.append(auc(probability[there], happened[there]))
            cases.append(there.sum())
    return float(np.average(areas, weights=cases))

"""What the gate shows in small houses, and what it costs: part of one presentation's learners, alone, in its midst.

Each house is trained on its own first half year and forecast at the seven weeks after; nothing of others is known.
"""

from collections import Counter

import numpy as np

from benchmarks.prediction.oulad import Enrolments
from engagement.domain.insufficient import Insufficient
from engagement.ml.cases import Cases, cases_of
from engagement.ml.evaluation import event_score
from engagement.ml.lessons import Plan
from engagement.ml.outlook import BGBB_ALONE, BLEND, RECENCY, SILENCE, key_of, silence, silence_by
from engagement.ml.training import Training, train

SIZES, TIMES, DAYS = (60, 150, 400), 2, 14
DAYS_IN, WEEKS_AFTER = 175, 7
PLAN = Plan(horizons=(DAYS,), weeks=52, only=frozenset({key_of(SILENCE, DAYS)}))


def report_houses(enrolments: Enrolments) -> None:
    """Prints, for each size, what was chosen how often, and AUC, Brier and calibration beside what was not."""
    rng, histories = np.random.default_rng(0), enrolments.histories
    print(f"\nSmall houses: no click in the next {DAYS} days, all | seen in the last 21 days")
    for size in SIZES:
        chosen: Counter[str] = Counter()
        said: dict[str, list[np.ndarray]] = {}
        cases: list[Cases] = []
        for group in np.repeat(np.unique(histories.group), TIMES):
            there = np.flatnonzero(histories.group == group)
            house = rng.choice(there, min(size, len(there)), replace=False)
            cut = int(enrolments.start[house][0]) + DAYS_IN
            trained = train(histories.rows(house), enrolments.first_day, cut, in_use={}, plan=PLAN)
            if isinstance(trained, Insufficient) or not trained.choices:
                chosen["the rule"] += 1
                continue
            chosen[trained.choices[0].methods[0]] += 1
            weeks = range(cut, cut + 7 * WEEKS_AFTER, 7)
            cases.append(cases_of(histories.rows(house), weeks, DAYS))
            for name, forecast in _said(trained, cases[-1]).items():
                said.setdefault(name, []).append(forecast)
        came = np.concatenate([part.silent for part in cases])
        seen = np.concatenate([part.known.eligible for part in cases])
        print(f"{size} learners: " + ", ".join(f"{name} {times}" for name, times in chosen.most_common()))
        for name, parts in said.items():
            forecast = np.concatenate(parts)
            told = [event_score(forecast[mask], came[mask]) for mask in (np.ones(len(came), bool), seen)]
            print(
                f"  {name:16}{len(came):>7,}"
                + " |".join(f"{score.auc:>8.3f}{score.brier:>8.4f}{score.calibration_error:>7.3f}" for score in told),
                flush=True,
            )


def _said(trained: Training, cases: Cases) -> dict[str, np.ndarray]:
    [choice], cohort = trained.choices, trained.cohort
    models = {choice.key: choice.model} if choice.won else {}
    # Where the logistic half is missing, an ungated blend would be BG/BB alone.
    blend = BLEND if choice.key in cohort.logistic else BGBB_ALONE
    others = {"recency alone": RECENCY, "always the blend": blend, "always BG/BB": BGBB_ALONE}
    return {"shown": silence(cases.known, DAYS, cohort, models).values} | {
        name: silence_by(method, cases.known, DAYS, cohort, {}) for name, method in others.items()
    }

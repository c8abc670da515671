"""Expected scores beside the scores that came: are they calibrated, and better than plain means?

    python -m benchmarks.expected_scores --help

Two logs, each in its order through the product's own code: a year of the demonstration (made up, made anew in a
database of its own), and the assessments of OULAD's modules AAA, BBB, CCC (real, 2013 to 2014; a module counts as a
specialty). The first two thirds settle abilities and difficulties, the newest third judges; nothing from the future is
seen. Judged are attempts of learners with three in the specialty, as in the product. Scores count help, so do all
means. Exits with 1 where a promise is broken.
"""

import argparse
import os
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medsim_tracking.settings")

PROJECT = Path(__file__).resolve().parent.parent
DEMO_DAY = "2026-06-30"
LEAST_IN_SPECIALTY = 3
FILES = ("assessments", "studentAssessment")
ON_CASE, IN_SPECIALTY = "expected on the case", "expected in the specialty"
OWN, OWN_HERE, SPECIALTY, CASE = (
    "learner's mean so far",
    "learner's mean in the specialty",
    "specialty's mean",
    "case's mean",
)
MOST_OFF = 2.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("MEDSIM_DATA_DIR", PROJECT.parent / "shared" / "data")
    parser.add_argument("--data", type=Path, default=Path(default), help="folder of the data (MEDSIM_DATA_DIR)")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/demo.sqlite3"
        django.setup()
        kept = _judge("demonstration", *_demo())
    if not (chosen.data / "oulad" / "studentAssessment.parquet").exists():
        print(f"The real data are absent: {chosen.data}")
        return 2
    return 0 if _judge("OULAD", *_oulad(chosen.data)) and kept else 1


def _demo():
    from django.core.management import call_command

    from engagement.model_training import on_cases
    from engagement.progress import catalogue_of_cases

    call_command("migrate", verbosity=0)
    with open(os.devnull, "w") as nowhere:
        call_command("load_demo", "--today", DEMO_DAY, stdout=nowhere)
    return list(on_cases()), catalogue_of_cases(counted=False)


def _oulad(folder: Path):
    """Every scored assessment but exams, whose scores are mostly absent, and those of an earlier year."""
    import pyarrow.parquet as parquet

    from benchmarks.prediction.oulad import STARTS
    from engagement.domain.progress import Catalogue, Item

    of = {name: parquet.read_table(folder / "oulad" / f"{name}.parquet").to_pylist() for name in FILES}
    told = {int(row["id_assessment"]): row for row in of["assessments"]}
    catalogue, events = Catalogue(), []
    for row in of["studentAssessment"]:
        about = told[int(row["id_assessment"])]
        unscored = row["score"] is None or row["score"] != row["score"] or row["score"] == "?"
        if unscored or about["assessment_type"] == "Exam" or int(row["is_banked"]):
            continue
        day = STARTS[about["code_presentation"]] + timedelta(days=int(row["date_submitted"]))
        case = str(row["id_assessment"])
        catalogue.enter(Item("case", "", case), about["code_module"], "")
        events.append(
            SimpleNamespace(
                user_id=int(row["id_student"]),
                interaction_type="case_complete",
                case_id=case,
                resource_type="",
                resource_id="",
                performance=float(row["score"]),
                occurred_at=datetime.combine(day, time(12), UTC),
            )
        )
    return sorted(events, key=lambda event: (event.occurred_at, event.user_id, event.case_id)), catalogue


def _judge(name: str, events: list, catalogue) -> bool:
    from engagement.domain.replay import replay

    found: dict[str, list[float]] = defaultdict(list)
    scores, learners, fresh = [], [], []
    attempts = list(replay(events, catalogue))
    for position, (attempt, means) in enumerate(_with_means(attempts)):
        if attempt.attempts_in_specialty < LEAST_IN_SPECIALTY:
            continue
        if means["first attempts at it"] < 10:
            fresh.append(100 * (attempt.score - attempt.on_case))
        if position < 2 * len(attempts) // 3:
            continue
        scores.append(attempt.score)
        learners.append(attempt.learner)
        found[ON_CASE].append(attempt.on_case)
        found[IN_SPECIALTY].append(attempt.in_specialty)
        for of in (OWN, OWN_HERE, SPECIALTY, CASE):
            found[of].append(means[of])
    off = {of: 100 * (np.array(scores) - np.array(values)) for of, values in found.items()}
    print(
        f"\n{name}: {len(scores):,} attempts of {len(set(learners)):,} learners, {100 * np.mean(scores):.1f} on average"
    )
    print(f"{'':34}{'mean error':>12}{'MAE':>8}{'RMSE':>8}{'ECE':>8}")
    for of, errors in off.items():
        ece = _calibration_error(np.array(found[of]), np.array(scores))
        print(f"{of:34}{errors.mean():>+12.2f}{abs(errors).mean():>8.2f}{np.sqrt((errors**2).mean()):>8.2f}{ece:>8.2f}")
    for ours in (ON_CASE, IN_SPECIALTY):
        for base in (OWN, OWN_HERE, SPECIALTY):
            mean, low, high = _interval(abs(off[ours]) - abs(off[base]), np.array(learners))
            print(f"  MAE {ours} less {base}: {mean:+.2f} ({low:+.2f} to {high:+.2f})")
    print(
        f"  the first ten attempts at a case: mean error {np.mean(fresh):+.2f}, MAE {np.mean(np.abs(fresh)):.2f} "
        f"({len(fresh):,})"
    )
    kept = abs(off[ON_CASE].mean()) <= MOST_OFF and abs(off[IN_SPECIALTY].mean()) <= MOST_OFF
    return kept and all(abs(off[ON_CASE]).mean() < abs(off[base]).mean() for base in (OWN, OWN_HERE, SPECIALTY, CASE))


def _with_means(attempts: list) -> Iterator[tuple]:
    """Each attempt with the means of what came before it."""
    sums: dict[tuple, list[float]] = defaultdict(lambda: [0.0, 0])
    tried: set[tuple[int, str]] = set()
    firsts: dict[str, int] = defaultdict(int)
    for attempt in attempts:
        keys = {
            OWN: (OWN, attempt.learner),
            OWN_HERE: (OWN_HERE, attempt.learner, attempt.specialty),
            SPECIALTY: (SPECIALTY, attempt.specialty),
            CASE: (CASE, attempt.case),
        }
        of_specialty = sums[keys[SPECIALTY]]
        instead = of_specialty[0] / of_specialty[1] if of_specialty[1] else 0.5
        means = {of: sums[key][0] / sums[key][1] if sums[key][1] else instead for of, key in keys.items()}
        yield attempt, means | {"first attempts at it": firsts[attempt.case]}
        for key in keys.values():
            sums[key][0] += attempt.score
            sums[key][1] += 1
        if (attempt.learner, attempt.case) not in tried:
            tried.add((attempt.learner, attempt.case))
            firsts[attempt.case] += 1


def _calibration_error(expected: np.ndarray, scores: np.ndarray) -> float:
    """Points between what was expected and what came, mean over ten bins of as many attempts each."""
    bins = np.array_split(np.argsort(expected, kind="stable"), 10)
    return 100 * sum(len(rows) * abs(expected[rows].mean() - scores[rows].mean()) for rows in bins) / len(scores)


def _interval(differences: np.ndarray, learners: np.ndarray, draws: int = 1000) -> tuple[float, float, float]:
    """Mean and its 95 % interval, learners drawn with replacement."""
    _, who = np.unique(learners, return_inverse=True)
    sums, counts = np.bincount(who, differences), np.bincount(who)
    picks = np.random.default_rng(1).integers(len(sums), size=(draws, len(sums)))
    means = sums[picks].sum(axis=1) / counts[picks].sum(axis=1)
    return float(differences.mean()), *np.quantile(means, (0.025, 0.975)).tolist()


if __name__ == "__main__":
    raise SystemExit(main())

"""Patterns: how often they are found where there is nothing, how often where they were planted, and what they cost.

    python -m benchmarks.patterns --help

Made-up learners, seeded: the figures size false alarms and power, they say nothing about real learners. Stated
are the rates that the detectors were chosen for. Exits with 1 when one lies above what is stated.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial

import numpy as np

from benchmarks.pattern_learners import (
    PLANTED,
    rates,
    stationary,
    struggling_and_asking,
    weekly_active_days,
    weekly_counts,
)
from engagement.domain.patterns.anomalies import MOST_Q, weekly_anomalies
from engagement.domain.patterns.changes import change_points
from engagement.domain.patterns.finding import Finding
from engagement.domain.patterns.table import DETECTORS, detect_all
from engagement.domain.patterns.trends import MOST_P, trends_of

COHORT = 150
# Detectors that answer with a measure or a word wherever there is enough; nothing that could be false.
ALWAYS = {"sessions", "regularity", "streak", "archetype"}
# Per learner who has enough data. A burst is a fact about a day and has no false alarms; cramming depends on how
# often somebody works, and is told by that.
STATED_FALSE = {
    "preferred_hours": 0.01,
    "preferred_days": 0.01,
    "trend": 0.045,
    "change_point": 0.05,
    "shallow_completion": 0.01,
    "help_abuse": 0.01,
    "binge_then_silence": 0.01,
    "abandonment_loop": 0.05,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--learners", type=int, default=2000, help="stationary learners for every detector")
    parser.add_argument("--planted", type=int, default=300, help="learners of each planted pattern")
    parser.add_argument("--cohorts", type=int, default=400, help=f"weeks of a cohort of {COHORT} for the weekly tests")
    parser.add_argument("--nightly", type=int, default=20_000, help="learners of the nightly run")
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    above = [
        *weekly_tests(rng, options.cohorts),
        *every_detector(rng, options.learners, options.planted),
    ]
    costs(rng, options.nightly)
    print("\nabove what is stated:", ", ".join(above) or "nothing")
    return 1 if above else 0


def percent(share: float) -> str:
    return f"{100 * share:6.2f} %"


def line(what: str, measured: float, stated: float | None, note: str = "") -> Iterable[str]:
    """Print a rate beside the stated one; yield its name where it lies above that by more than chance."""
    shown = "" if stated is None else percent(stated)
    print(f"  {what:<58}{percent(measured)}{shown:>12}  {note}")
    if stated is not None and measured > stated:
        yield what


def weekly_tests(rng: np.random.Generator, cohorts: int) -> list[str]:
    above: list[str] = []
    print(f"\nWeekly tests, stationary learners{'':<27}measured      stated")
    chance = rates(rng, 40 * cohorts)
    for weeks in (8, 12):
        trends = trends_of(weekly_active_days(rng, chance, weeks))
        above += line(
            f"Mann-Kendall p < .05, {weeks} weeks", float((trends.p < MOST_P).mean()), 0.055, "design 4-4.4 %"
        )
        above += line(f"trend as told (and slope), {weeks} weeks", float(trends.found.mean()), 0.045)
    for weeks in (8, 12, 16):
        found = change_points(weekly_active_days(rng, chance, weeks)).any(axis=1).mean()
        above += line(f"change point, {weeks} weeks", float(found), 0.055, "design 3-5 %")
    below, flagged, holiday, holiday_without, planted_zero, planted_five = [], [], [], [], [], []
    for _ in range(cohorts):
        counts = weekly_counts(rng, COHORT)
        judged = weekly_anomalies(counts)
        below.append([(judged.p < 0.01).mean(), (judged.p < 0.05).mean()])
        flagged.append((judged.q <= MOST_Q).sum())
        off = counts.copy()
        off[:, -1] = rng.binomial(counts[:, -1].astype(int), 0.25)
        holiday.append((weekly_anomalies(off).q <= MOST_Q).sum())
        holiday_without.append((weekly_anomalies(off, with_shock=False).q <= MOST_Q).sum())
        for factor, kept in ((0, planted_zero), (5, planted_five)):
            one = counts.copy()
            one[0, -1] = factor * np.round(counts[0, :-1].mean())
            kept.append(weekly_anomalies(one).q[0] <= MOST_Q)
    p01, p05 = np.mean(below, axis=0)
    above += line("anomaly, tail p < .01", float(p01), 0.02, "design 1.8 %")
    above += line("anomaly, tail p < .05", float(p05), 0.067, "design 6.7 %")
    share = COHORT / 100
    above += line(
        f"anomaly as told (q <= .10), of {COHORT} learners", np.mean(flagged) / share / 100, 0.016, "design 2.4 of 150"
    )
    above += line("the same in a holiday of all", np.mean(holiday) / share / 100, 0.005, "design 0.07 of 150")
    list(
        line("the same without the cohort's factor", np.mean(holiday_without) / share / 100, None, "design 5.4 of 150")
    )

    print(f"\nWeekly tests, planted{'':<39}found         design")
    for weeks, design in ((8, 0.29), (12, 0.42)):
        fall = np.linspace(0.75, 0.25, weeks)
        trends = trends_of(rng.binomial(7, fall, (4000, weeks)))
        list(line(f"decline to a third within {weeks} weeks", float(trends.found.mean()), design))
    for weeks, design in ((8, 0.69), (16, 0.82)):
        level = np.where(np.arange(weeks) < weeks // 2, 0.6, 0.15)
        found = change_points(rng.binomial(7, level, (4000, weeks))).any(axis=1)
        list(line(f"fall by 75 % in the middle of {weeks} weeks", float(found.mean()), design))
    list(line("a week of nothing", float(np.mean(planted_zero)), 0.41))
    list(line("a week of five times as much", float(np.mean(planted_five)), 0.63))
    return above


def every_detector(rng: np.random.Generator, learners: int, planted: int) -> list[str]:
    chance = rates(rng, learners)
    outcomes = [detect_all(stationary(rng, float(own))) for own in chance]
    above: list[str] = []
    print(f"\nEvery detector, {learners} stationary learners, 90 days{'':<12}measured      stated    with enough data")
    for kind in (detector.kind for detector in DETECTORS if detector.kind not in ALWAYS | {"weekly_anomaly"}):
        judged = [isinstance(told[kind], Finding) for told in outcomes if told[kind] is None or is_found(told[kind])]
        share = float(np.mean(judged)) if judged else 0.0
        above += line(kind, share, STATED_FALSE.get(kind), f"{len(judged)} of {learners}")
    by_chance(chance, outcomes, "cramming")
    fading = [is_found(told["archetype"]) and told["archetype"].evidence["archetype"] == "fading" for told in outcomes]
    above += line("archetype fading", float(np.mean(fading)), 0.06)
    asking = [is_found(detect_all(struggling_and_asking(rng))["help_avoidance"]) for _ in range(planted)]
    above += line("help_avoidance, of those who struggle and ask", float(np.mean(asking)), 0.05)
    print(f"\nEvery detector, planted, {planted} each{'':<27}found")
    for kind, make in PLANTED.items():
        found = np.mean([is_found(detect_all(make(rng))[kind]) for _ in range(planted)])
        list(line(f"{kind}: {make.__name__.replace('_', ' ')}", float(found), None))
    return above


def is_found(outcome) -> bool:
    return isinstance(outcome, Finding)


def by_chance(chance: np.ndarray, outcomes: list[dict], kind: str) -> None:
    """A rate that depends on how often somebody works, told by that."""
    for low, high in ((0, 2), (2, 3), (3, 7)):
        among = [
            is_found(told[kind])
            for own, told in zip(7 * chance, outcomes, strict=True)
            if low <= own < high and (told[kind] is None or is_found(told[kind]))
        ]
        list(line(f"  {kind} at {low} to {high} active days a week", float(np.mean(among)), None, f"of {len(among)}"))


def cpu(work: Callable[[], object], times: int) -> float:
    """Processor seconds of one run, the least of three rounds."""
    rounds = []
    for _ in range(3):
        before = time.process_time()
        for _ in range(times):
            work()
        rounds.append((time.process_time() - before) / times)
    return min(rounds)


def costs(rng: np.random.Generator, nightly: int) -> None:
    print(f"\nProcessor time{'':<46}milliseconds")
    for chance in (0.3, 0.8):
        history = stationary(rng, chance, in_range=90)
        spent = cpu(lambda history=history: detect_all(fresh(history)), 50)
        print(f"  all detectors, one learner, {len(history.events):>4} interactions{'':<16}{1000 * spent:8.2f}")
    active = weekly_active_days(rng, rates(rng, nightly), 16)
    counts = weekly_counts(rng, nightly)
    for what, work in (
        ("trend", partial(trends_of, active[:, -12:])),
        ("change points", partial(change_points, active)),
        ("weekly anomaly", partial(weekly_anomalies, counts)),
    ):
        print(f"  {what}, {nightly} learners at once{'':<24}{1000 * cpu(work, 1):8.1f}")


def fresh(history):
    """The same history with nothing computed yet."""
    return type(history)(**{name: getattr(history, name) for name in history.__dataclass_fields__})


if __name__ == "__main__":
    sys.exit(main())

"""Made-up learners for benchmarks.patterns: stationary ones, in whom nothing is to be found, and planted patterns."""

from datetime import date, timedelta

import numpy as np

from engagement.domain.patterns.history import CaseTimes, Events, History
from engagement.domain.tenure import Tenure

LAST = date(2026, 3, 15)  # a Sunday
CASES = 40
TYPICAL_SECONDS = 1500.0


def rates(rng: np.random.Generator, learners: int) -> np.ndarray:
    """How likely each day is active: a third of the learners below 2 days a week, a third above 3; (k,)."""
    return rng.beta(2.2, 3.4, learners).clip(0.06, 0.9)


def weekly_active_days(rng: np.random.Generator, chance: np.ndarray, weeks: int) -> np.ndarray:
    """Stationary weekly active days, int (k, weeks)."""
    return rng.binomial(7, chance[:, None], (len(chance), weeks))


def weekly_counts(rng: np.random.Generator, learners: int, weeks: int = 9, dispersion: float = 3.0) -> np.ndarray:
    """Stationary weekly interactions: own rates (gamma, mean 30), variance `dispersion` times the mean; (k, weeks)."""
    mean = np.maximum(rng.gamma(2.0, 15.0, learners), 2.0)[:, None]
    size = mean / (dispersion - 1)
    return rng.negative_binomial(size, size / (size + mean), (learners, weeks)).astype(float)


def stationary(rng: np.random.Generator, chance: float, days: int = 126, in_range: int = 90) -> History:
    """A learner of whom nothing changes: each day is active by the same chance, at any hour, on any case."""
    active = rng.random(days) < chance
    return told(rng, active, in_range)


def told(
    rng: np.random.Generator,
    active: np.ndarray,
    in_range: int = 90,
    *,
    hours: tuple[int, int] = (7, 23),
    points: np.ndarray | None = None,
    seconds: float = TYPICAL_SECONDS,
    result: float = 70.0,
    help_rate: float = 0.3,
    quick_help: float = 0.03,
    gives_up: float = 0.1,
) -> History:
    """A learner with these active days, bool (d,), who works on one or two cases on each of them.

    hours       between which sessions begin
    points      D of each day; default: log-normal around 90 with a spread of a half on the log scale
    seconds     the median of a case's time
    result      the mean result, 0-100, spread 15
    help_rate   chance of asking for help in a case; quick_help: that the next comes within 10 s
    gives_up    chance that a case is given up
    """
    days = np.arange(LAST.toordinal() - len(active) + 1, LAST.toordinal() + 1)
    if points is None:
        points = np.where(active, np.maximum(rng.lognormal(np.log(90), 0.5, len(active)), 20), 0.0)
    rows: list[tuple] = []
    first = LAST - timedelta(days=in_range - 1)
    for day in days[(points >= 20) & (days >= first.toordinal())].tolist():
        hour = int(rng.integers(*hours))
        clock = day * 86_400 + hour * 3600 + float(rng.integers(0, 1800))
        for _ in range(int(rng.integers(1, 3))):
            case = f"case-{rng.integers(CASES)}"
            spent = float(rng.lognormal(np.log(seconds), 0.5))
            steps = [(0.0, "case_start", np.nan)]
            if rng.random() < help_rate:
                at = spent / 2
                steps.append((at, "help_request", np.nan))
                if rng.random() < quick_help / help_rate:
                    steps.append((at + 5, "help_request", np.nan))
            end = "case_abandon" if rng.random() < gives_up else "case_complete"
            score = float(np.clip(rng.normal(result, 15), 0, 100)) if end == "case_complete" else np.nan
            steps.append((spent, end, score))
            for at, kind, performance in steps:
                when = clock + at
                took = spent if kind == end else np.nan
                rows.append((when, day, int(when // 3600 % 24), kind, case, took, performance))
            clock += spent + 120
    rows.sort(key=lambda row: row[0])
    return History(
        days=days,
        points=points,
        counts=np.where(points > 0, 6, 0),
        first=first,
        last=LAST,
        last_complete=LAST,
        tenure=Tenure(date.fromordinal(int(days[0]))),
        events=_events(rows),
        regularity=0.5,
        case_times={f"case-{number}": CaseTimes(TYPICAL_SECONDS, 60) for number in range(CASES)},
        minimum_seconds=120.0,
    )


def _events(rows: list[tuple]) -> Events:
    if not rows:
        return Events()
    times, days, hours, kinds, cases, seconds, performance = zip(*rows, strict=True)
    return Events(
        ids=range(len(rows)),
        times=np.array(times),
        days=np.array(days),
        hours=np.array(hours),
        kinds=kinds,
        case_ids=cases,
        specialties=("cardiology",) * len(rows),
        seconds=np.array(seconds),
        performance=np.array(performance),
    )


def _days(rng: np.random.Generator, chance: float) -> np.ndarray:
    return rng.random(126) < chance


def evening_worker(rng):
    return told(rng, _days(rng, 0.4), hours=(19, 22))


def weekday_worker(rng):
    active = np.zeros(126, dtype=bool)
    days = np.arange(LAST.toordinal() - 125, LAST.toordinal() + 1)
    active[np.isin((days - 1) % 7, (0, 2, 4))] = True
    return told(rng, active & (rng.random(126) < 0.9))


def bursting(rng):
    history = told(rng, _days(rng, 0.4))
    points = np.where(history.active, 90.0, 0.0)
    points[-20] = 400.0
    return told(rng, history.active, points=points)


def silent_after_a_burst(rng):
    active = _days(rng, 0.5)
    active[-24:] = False
    points = np.where(active, 90.0, 0.0)
    points[-25] = 400.0
    return told(rng, active, points=points)


def crammer(rng):
    active = _days(rng, 0.12)
    active[-14:] = False
    points = np.where(active, 90.0, 0.0)
    points[-9], points[-2:] = 60.0, 260.0
    return told(rng, points > 0, points=points)


def declining(rng):
    """Active days fall to a third over the last twelve weeks."""
    chance = np.full(126, 0.75)
    chance[-84:] = np.linspace(0.75, 0.25, 84)
    return told(rng, rng.random(126) < chance)


def dropped(rng):
    """A quarter as many active days in the last four weeks of sixteen as before."""
    chance = np.full(126, 0.7)
    chance[-28:] = 0.175
    return told(rng, rng.random(126) < chance)


def clicking_through(rng):
    return told(rng, _days(rng, 0.4), seconds=45.0)


def hurried(rng):
    return told(rng, _days(rng, 0.4), help_rate=0.9, quick_help=0.8)


def struggling_alone(rng):
    return told(rng, _days(rng, 0.4), result=30.0, help_rate=0.05)


def struggling_and_asking(rng):
    return told(rng, _days(rng, 0.4), result=30.0, help_rate=0.7)


def giving_up(rng):
    return told(rng, _days(rng, 0.4), gives_up=0.8)


# What is planted, and which detector is to find it.
PLANTED = {
    "preferred_hours": evening_worker,
    "preferred_days": weekday_worker,
    "burst": bursting,
    "binge_then_silence": silent_after_a_burst,
    "cramming": crammer,
    "trend": declining,
    "change_point": dropped,
    "shallow_completion": clicking_through,
    "help_abuse": hurried,
    "help_avoidance": struggling_alone,
    "abandonment_loop": giving_up,
}

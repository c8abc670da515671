"""Recommendations on real learners' logs, beside what is popular now: do learners open what was recommended?

    python -m benchmarks.recommendations --help

One global timeline: the log is folded in its order by the product's own code, and every second week each learner
who was active within 21 days is asked about. Right is what he first opened within the next seven days and was known by
then. The whole catalogue of both presentations is ranked, nothing is sampled, nothing from the future is seen.
"""

import argparse
import gzip
import json
import os
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import log2
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from engagement.domain.elo import credit, expected_score
from engagement.domain.progress import CASE, ON_THE_WAY, Catalogue, Item, LearnerProgress, items_of, take_in
from engagement.domain.recommending import BAND, choose
from engagement.ranking import Ranking

PROJECT = Path(__file__).resolve().parent.parent
LOG = "interactions/oulad_aaa.jsonl.gz"
SHOWN, AHEAD, EVERY, ACTIVE = 5, timedelta(days=7), timedelta(days=14), timedelta(days=21)
WARM_UP = timedelta(days=28)
LEAST_FOR_CALIBRATION = 200


@dataclass
class World:
    """Everything known up to a moment."""

    catalogue: Catalogue = field(default_factory=Catalogue)
    learners: dict[str, LearnerProgress] = field(default_factory=lambda: defaultdict(LearnerProgress))
    last_seen: dict[str, datetime] = field(default_factory=dict)
    accesses: list[tuple[datetime, Item]] = field(default_factory=list)
    first_seen: dict[Item, datetime] = field(default_factory=dict)


def read_log(path: Path, cohort: str | None = None) -> list[SimpleNamespace]:
    events = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line)
            events.append(
                SimpleNamespace(
                    learner=told["userId"],
                    cohort=told["metadata"]["cohort"],
                    interaction_type=told["interactionType"],
                    case_id=told.get("caseId", ""),
                    resource_type=told.get("resourceType", ""),
                    resource_id=told.get("resourceId", ""),
                    performance=told.get("performanceMetrics", {}).get("score"),
                    occurred_at=datetime.fromisoformat(told["occurredAt"]),
                    specialty=told["metadata"].get("specialty", ""),
                )
            )
    return events


def fold(event: SimpleNamespace, world: World, predictions: list[tuple[str, float, float]]) -> None:
    """Take in one event, and keep what was expected of its score before."""
    learner = world.learners[event.learner]
    for item in items_of(event):
        world.first_seen.setdefault(item, event.occurred_at)
        world.catalogue.enter(item, event.specialty, "")
        if event.interaction_type != ON_THE_WAY:
            world.accesses.append((event.occurred_at, item))
    if event.case_id and event.performance is not None and learner.ability.general.attempts >= 3:
        difficulty = world.catalogue.difficulty_of(items_of(event)[0]).value
        expected = expected_score(learner.ability, event.specialty, difficulty)
        predictions.append((event.cohort, expected, credit(event.performance)))
    take_in(event, learner, world.catalogue)
    world.last_seen[event.learner] = event.occurred_at


class Rankers:
    """The product and what it is measured against, at one moment."""

    def __init__(self, world: World, now: datetime):
        self.world, self.now, self.scale = world, now, world.catalogue.scale(now)
        self.known = [item for item, known in world.catalogue.statistics.items() if known.openers]
        self._popular = {days: self._accesses(days) for days in (3, 7)}
        self._uptake = {
            item: known.uptake * known.at(now)[0] for item, known in world.catalogue.statistics.items() if known.uptake
        }
        self._order = sorted(self.known, key=lambda item: (world.first_seen[item], item))

    def _accesses(self, days: int) -> Counter:
        found: Counter = Counter()
        for moment, item in reversed(self.world.accesses):
            if moment < self.now - timedelta(days=days):
                break
            found[item] += 1
        return found

    def popular(self, days: int) -> Callable[[str], list[Item]]:
        return lambda learner: self._best(self._popular[days], learner)

    def taken_up(self, learner: str) -> list[Item]:
        return self._best(self._uptake, learner)

    def _best(self, weights: dict[Item, float], learner: str) -> list[Item]:
        opened = self.world.learners[learner].items
        fresh = (item for item in self.known if item not in opened)
        return sorted(fresh, key=lambda item: (-weights.get(item, 0.0), item))[:SHOWN]

    def next_in_order(self, learner: str) -> list[Item]:
        """Same specialty, next difficulty; these data tell no difficulty, so the order in which things appeared."""
        progress = self.world.learners[learner]
        place = self._order.index(progress.recent[-1])
        after = [*self._order[place + 1 :], *reversed(self._order[:place])]
        return [item for item in after if item not in progress.items][:SHOWN]

    def product(self, learner: str, seed: int, shown: list[tuple[Item, float | None]], *, lot: bool) -> list[Item]:
        ranking = Ranking(self.world.learners[learner], self.world.catalogue, self.scale, None, self.now)
        candidates = ranking.candidates(self.known, SHOWN)
        chosen = choose(candidates, limit=SHOWN, seed=seed, explore=lot)
        items = [choice.candidate.item for choice in chosen]
        shown += [(item, ranking.expected(item)) for item in items]
        return items


def gain(items: list[Item], right: set[Item]) -> tuple[float, float]:
    """(hit, NDCG) of the first five."""
    found = sum(1 / log2(place + 2) for place, item in enumerate(items) if item in right)
    best = sum(1 / log2(place + 2) for place in range(min(SHOWN, len(right))))
    return float(found > 0), found / best


def interval(values: dict[str, list[float]], seed: int = 1, draws: int = 1000) -> tuple[float, float, float]:
    """Mean over all lists and its 95 % interval, learners drawn with replacement."""
    sums = np.array([[sum(of_one), len(of_one)] for of_one in values.values()])
    picks = np.random.default_rng(seed).integers(len(sums), size=(draws, len(sums)))
    means = sums[picks, 0].sum(axis=1) / sums[picks, 1].sum(axis=1)
    return float(sums[:, 0].sum() / sums[:, 1].sum()), *np.quantile(means, (0.025, 0.975)).tolist()


def calibration(pairs: list[tuple[float, float]]) -> str:
    if len(pairs) < LEAST_FOR_CALIBRATION:
        return f"too few scored attempts: {len(pairs)} of {LEAST_FOR_CALIBRATION}"
    expected, found = np.array(sorted(pairs)).T
    bins = np.array_split(np.arange(len(expected)), 10)
    error = sum(len(rows) * abs(expected[rows].mean() - found[rows].mean()) for rows in bins) / len(expected)
    return (
        f"Brier {np.mean((expected - found) ** 2):.4f} (always the mean: {found.var():.4f}), ECE {error:.4f}, "
        f"{len(pairs)} scores"
    )


def measure(events: list[SimpleNamespace]) -> tuple[dict, dict, dict, list]:
    """Scores by (presentation, ranker, measure, learner); what was shown; what was known; predictions."""
    firsts: dict[str, dict[Item, datetime]] = defaultdict(dict)
    cohort_of: dict[tuple[str, str], bool] = {}
    starts: dict[str, datetime] = {}
    for event in events:
        starts.setdefault(event.cohort, event.occurred_at)
        cohort_of[event.learner, event.cohort] = True
        if event.interaction_type != ON_THE_WAY:
            for item in items_of(event):
                firsts[event.learner].setdefault(item, event.occurred_at)
    ends = {event.cohort: event.occurred_at for event in events}
    scores: dict = defaultdict(lambda: defaultdict(list))
    shown: dict[str, list] = defaultdict(list)
    known: dict[str, set[Item]] = defaultdict(set)
    predictions: list[tuple[str, float, float]] = []
    world, position = World(), 0
    origins = sorted(
        (start + WARM_UP + step * EVERY, cohort)
        for cohort, start in starts.items()
        for step in range(40)
        if start + WARM_UP + step * EVERY + AHEAD <= ends[cohort]
    )
    for noon, cohort in origins:
        now = noon.replace(hour=23, minute=59, tzinfo=UTC)
        while position < len(events) and events[position].occurred_at <= now:
            fold(events[position], world, predictions)
            position += 1
        rankers = Rankers(world, now)
        known[cohort] |= set(rankers.known)
        for learner in sorted(world.learners):
            if (learner, cohort) not in cohort_of or world.last_seen[learner] < now - ACTIVE:
                continue
            if not world.learners[learner].recent:
                continue
            upcoming = {item for item, moment in firsts[learner].items() if now < moment <= now + AHEAD}
            right = upcoming & set(rankers.known)
            if not right:
                continue
            seed = int(now.timestamp()) + sum(learner.encode())
            lists = {
                "product, as shown": rankers.product(learner, seed, shown[cohort], lot=True),
                "product, without the lot": rankers.product(learner, seed, [], lot=False),
                "popular, accesses of 7 days": rankers.popular(7)(learner),
                "popular, accesses of 3 days": rankers.popular(3)(learner),
                "first openings, decayed": rankers.taken_up(learner),
                "same specialty, next in order": rankers.next_in_order(learner),
            }
            for name, items in lists.items():
                hit, ndcg = gain(items, right)
                scores[cohort, name, "hit@5"][learner].append(hit)
                scores[cohort, name, "NDCG@5"][learner].append(ndcg)
    return scores, shown, known, predictions


def report(scores: dict, shown: dict, known: dict, predictions: list) -> None:
    cohorts = sorted(shown)
    for cohort in cohorts:
        names = list(dict.fromkeys(name for of, name, _ in scores if of == cohort))
        lists = sum(map(len, scores[cohort, names[0], "hit@5"].values()))
        print(f"\n{cohort}: {lists} lists of {len(scores[cohort, names[0], 'hit@5'])} learners")
        print(f"{'':32}{'hit@5':>22}{'NDCG@5':>22}")
        for name in names:
            cells = [interval(scores[cohort, name, measure]) for measure in ("hit@5", "NDCG@5")]
            print(f"{name:32}" + "".join(f"{mean:>8.3f} ({low:.3f}-{high:.3f})" for mean, low, high in cells))
        base = "popular, accesses of 7 days"
        for name in names[:2]:
            for measure_name in ("hit@5", "NDCG@5"):
                of_base = scores[cohort, base, measure_name]
                difference = {
                    learner: [a - b for a, b in zip(values, of_base[learner], strict=True)]
                    for learner, values in scores[cohort, name, measure_name].items()
                }
                mean, low, high = interval(difference)
                print(f"  {name} less {base}, {measure_name}: {mean:+.3f} ({low:+.3f} to {high:+.3f})")
        expected = [value for _, value in shown[cohort] if value is not None]
        inside = sum(BAND[0] <= value <= BAND[1] for value in expected)
        cases = sum(item.kind == CASE for item, _ in shown[cohort])
        covered = len({item for item, _ in shown[cohort]} & known[cohort]) / len(known[cohort])
        share = inside / len(expected) if expected else float("nan")
        print(f"  cases among what was shown {cases / len(shown[cohort]):.3f}")
        print(f"  of items with an expected score, within {BAND[0]}-{BAND[1]}: {share:.3f}")
        print(f"  catalogue covered {covered:.3f} of {len(known[cohort])}")
        pairs = [(expected, found) for of, expected, found in predictions if of == cohort]
        print(f"  expected scores: {calibration(pairs)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("MEDSIM_DATA_DIR", PROJECT.parent / "shared" / "data")
    parser.add_argument("--data", type=Path, default=Path(default), help="folder of the data (MEDSIM_DATA_DIR)")
    chosen = parser.parse_args()
    path = chosen.data / LOG
    if not path.exists():
        print(f"The data are absent: {path}")
        return 2
    report(*measure(read_log(path)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

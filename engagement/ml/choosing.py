"""Which method is shown for one forecast: candidates are tried in order, and each has to earn its place.

A candidate passes where it beat what is simplest in every span of the cut-offs that judge: for silence recency alone,
by AUC and by Brier; for an amount every naive forecast, by RMSE. The first that passed is shown. Where none did, what
is simplest is shown itself, under its own name: nothing that is worse than it may take its place.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from engagement.ml.evaluation import EventScore, better
from engagement.ml.models import Boosted
from engagement.ml.outlook import BOOSTED, RECENCY

# Trees that are in use already and never saw the days that judge.
IN_USE = "boosted, in use"
SPANS = ("earlier half", "later half", "earlier half of those seen in 21 days", "later half of those seen in 21 days")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one candidate: whether it passed, and the sentence that says why."""

    method: str
    passed: bool
    why: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What is shown for one key, and what was tried.

    methods   that passed, in order, and what is simplest: the first is shown, the next where it cannot be
    verdicts  of all candidates, in the order in which they were tried
    scores    in each of SPANS (amounts: RMSE in the first two) by method, and of what had to be beaten
    model     trees to be shipped: learned from everything; None where none won
    judged    the trees that were judged, without the later cases, won or not; None where none were tried
    """

    key: str
    methods: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    scores: Mapping[str, Sequence] = field(default_factory=dict)
    model: Boosted | None = None
    judged: Boosted | None = None

    @property
    def won(self) -> bool:
        """Whether new trees are to be shipped."""
        return any(verdict.method == BOOSTED and verdict.passed for verdict in self.verdicts)

    @property
    def keeps_trees(self) -> bool:
        """Whether those in use go on being shown."""
        return not self.won and BOOSTED in self.methods

    @property
    def why(self) -> str:
        """All verdicts in one line."""
        told = [
            f"{verdict.method} {'passed' if verdict.passed else 'refused'} ({verdict.why})" for verdict in self.verdicts
        ]
        return f"{self.methods[0]} is shown. " + ("; ".join(told) or "Nothing else was tried") + "."


def judged_silence(scores: Mapping[str, Sequence[EventScore]]) -> tuple[Verdict, ...]:
    """Verdicts on candidates, first to last; `scores` hold RECENCY too."""
    return _verdicts(scores, [RECENCY], better, lambda ours, theirs: ours.brier < theirs.brier, _event)


def judged_amount(errors: Mapping[str, Sequence[float]], naive: Sequence[str]) -> tuple[Verdict, ...]:
    """Verdicts on candidates by RMSE, first to last; `errors` hold those of the naive forecasts too, by these names."""
    return _verdicts(errors, naive, float.__lt__, float.__lt__, lambda error: f"RMSE {error:.3f}")


def methods_of(verdicts: Sequence[Verdict], simplest: str) -> tuple[str, ...]:
    """What may be shown, best first: all that passed, then what is simplest."""
    passed = [BOOSTED if verdict.method == IN_USE else verdict.method for verdict in verdicts if verdict.passed]
    return (*dict.fromkeys(passed), simplest)


def _verdicts(scores: Mapping, simplest: Sequence[str], beats: Callable, closer: Callable, told: Callable):
    candidates = [method for method in scores if method not in simplest]
    verdicts = {method: _against(scores, method, simplest, beats, told) for method in candidates}
    if BOOSTED in verdicts and verdicts[BOOSTED].passed:
        # What is rich has to be better than what would be shown without it, too.
        others = [method for method in candidates if method != BOOSTED and verdicts[method].passed]
        verdicts[BOOSTED] = _against(scores, BOOSTED, others[:1], closer, told, verdicts[BOOSTED].why)
    return tuple(verdicts.values())


def _against(scores: Mapping, method: str, others: Sequence[str], beats: Callable, told: Callable, why: str = ""):
    for other in others:
        for span, ours, theirs in zip(SPANS, scores[method], scores[other], strict=False):
            if not beats(ours, theirs):
                return Verdict(method, False, f"{span}: {told(ours)}; {other}: {told(theirs)}")
    names = "every naive forecast" if len(others) > 1 else " and ".join(others)
    beaten = f"better than {names} in every span" if others else ""
    return Verdict(method, True, ", ".join(filter(None, (why, beaten))))


def _event(score: EventScore) -> str:
    area = "not known" if score.auc is None else f"{score.auc:.3f}"
    return f"AUC {area}, Brier {score.brier:.4f}"

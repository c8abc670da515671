"""How many learners stand how, of more than one page can judge: counted from what the clock judged last."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, QuerySet

from accounts.models import Cohort, Enrolment
from analytics.models import KeptStanding
from analytics.selectors.cohorts import LevelCounts, Moves, level_counts, median_of, moves_of
from engagement.standing import NEEDING

_TOLD = ("level", "level_before", "kind", "active", "active_before")


@dataclass(frozen=True)
class Tally:
    """Learners of today by how they stood when they were judged; says what a `CohortOverview` says, and names nobody.

    cohort             None: several cohorts in one, each learner counted once
    counted            how many are alike in level, level before, kind, active and active before
    last_interaction   the newest of them all
    """

    cohort: Cohort | None
    counted: Mapping[tuple[str, str, str, bool, bool], int]
    last_interaction: datetime | None
    scores: Sequence[float | None] = ()
    scores_before: Sequence[float | None] = ()

    @property
    def size(self) -> int:
        return sum(self.counted.values())

    @property
    def kinds(self) -> Counter[str]:
        return self._by(lambda level, before, kind, active, was_active: kind)

    @property
    def needing_size(self) -> int:
        return self.kinds[NEEDING]

    @property
    def levels(self) -> LevelCounts:
        return level_counts(self._by(lambda level, *_: level or None))

    @property
    def levels_before(self) -> LevelCounts:
        return level_counts(self._by(lambda level, before, *_: before or None))

    @property
    def moves(self) -> Moves:
        return moves_of(self._by(lambda level, before, *_: (level or None, before or None)))

    @property
    def active(self) -> int:
        return self._by(lambda *told: told[3])[True]

    @property
    def active_before(self) -> int:
        return self._by(lambda *told: told[4])[True]

    @property
    def median_index(self) -> float | None:
        return median_of(self.scores)

    @property
    def median_index_before(self) -> float | None:
        return median_of(self.scores_before)

    def _by(self, of) -> Counter:
        found = Counter()
        for told, size in self.counted.items():
            found[of(*told)] += size
        return found


def tally(cohorts: QuerySet[Cohort], today: date) -> Tally:
    """All learners of today of these cohorts, each once (1 query)."""
    learners = Enrolment.objects.current(today).filter(cohort__in=cohorts.order_by()).values("learner")
    found = KeptStanding.objects.filter(user__in=learners).values_list(*_TOLD)
    rows = list(found.annotate(size=Count("pk"), last=Max("last_at")))
    return _tally(None, rows)


def tallies(cohorts: Sequence[Cohort], today: date) -> list[Tally]:
    """Each cohort with its medians, in their order (2 queries)."""
    enrolled = Enrolment.objects.current(today).filter(cohort__in=[cohort.pk for cohort in cohorts])
    judged = enrolled.filter(learner__kept_standing__isnull=False).order_by()
    told = [f"learner__kept_standing__{name}" for name in (*_TOLD, "last_at", "score", "score_before")]
    # Of two enrolments that run in one cohort only one counts.
    counted = judged.values_list("cohort", *told[:-3])
    counted = counted.annotate(size=Count("learner", distinct=True), last=Max(told[-3]))
    rows: dict[int, list[tuple]] = {cohort.pk: [] for cohort in cohorts}
    scores: dict[int, list[tuple]] = {cohort.pk: [] for cohort in cohorts}
    for cohort, *row in counted:
        rows[cohort].append(row)
    for cohort, _, *both in judged.values_list("cohort", "learner", *told[-2:]).distinct():
        scores[cohort].append(both)
    return [_tally(cohort, rows[cohort.pk], scores[cohort.pk]) for cohort in cohorts]


def _tally(cohort: Cohort | None, rows: Iterable[Sequence], scores: Sequence[Sequence] = ()) -> Tally:
    rows = list(rows)
    return Tally(
        cohort=cohort,
        counted={tuple(told): size for *told, size, _ in rows},
        last_interaction=max((last for *_, last in rows if last), default=None),
        scores=[score for score, _ in scores],
        scores_before=[before for _, before in scores],
    )

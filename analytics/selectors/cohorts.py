"""Cohorts at a glance: who is in them, how they stand, who may need somebody."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median

from django.db.models import OuterRef, Subquery

from accounts.calendar import local_day
from accounts.models import Cohort, Enrolment, User
from engagement.domain.attention import attention_order
from engagement.selectors import Record, reach, records_of, tenures_of
from engagement.standing import LOOK_BACK_DAYS, WEEKS, Standing, score_of, standings_of
from interactions.domain.scoring import LEVEL_NAMES
from interactions.models import DailyActivity
from interactions.policies import policy_book


@dataclass(frozen=True, slots=True)
class LearnerRow:
    """One learner of a cohort. last_seen: his newest interaction of any kind, None without any.

    record   what the standing was judged by
    """

    learner: User
    standing: Standing
    last_seen: datetime | None
    record: Record = field(compare=False, repr=False)

    @property
    def order(self) -> tuple:
        name = self.learner.display_name.casefold()
        return *attention_order(self.standing.reasons, self.standing.score), name, self.learner.pk


@dataclass(frozen=True, slots=True)
class LevelCounts:
    """How many learners stand on each level, lowest first, and how many have too little data."""

    levels: tuple[tuple[str, int], ...]
    unmeasured: int

    @property
    def total(self) -> int:
        return self.unmeasured + sum(count for _, count in self.levels)


@dataclass(frozen=True, slots=True)
class CohortOverview:
    """A cohort on a day.

    cohort            None: several cohorts in one, each learner counted once
    rows              its learners of today, who needs attention first
    complete_through  the moment up to which interactions are counted
    """

    cohort: Cohort | None
    rows: tuple[LearnerRow, ...]
    complete_through: datetime

    @property
    def size(self) -> int:
        return len(self.rows)

    @property
    def needing(self) -> list[LearnerRow]:
        return [row for row in self.rows if row.standing.attention]

    @property
    def kinds(self) -> Counter[str]:
        """How many learners stand out by what (Standing.kind), each counted once."""
        return Counter(row.standing.kind for row in self.rows)

    @property
    def levels(self) -> LevelCounts:
        return _counts(row.standing.level for row in self.rows)

    @property
    def levels_before(self) -> LevelCounts:
        """The same learners 28 days ago."""
        return _counts(row.standing.level_before for row in self.rows)

    @property
    def active(self) -> int:
        """Learners with an active day among the last 7."""
        return self.active_by_week[-1]

    @property
    def active_before(self) -> int:
        """Likewise, of the same learners, 4 weeks ago."""
        return self.active_by_week[-5]

    @property
    def active_by_week(self) -> list[int]:
        """Learners with an active day in each of the last 12 weeks, oldest first."""
        return [sum(row.standing.weeks[week].active_days > 0 for row in self.rows) for week in range(WEEKS)]

    @property
    def week_starts(self) -> list[date]:
        return [week.start for week in self.rows[0].standing.weeks] if self.rows else []

    @property
    def median_index(self) -> float | None:
        return _median(row.standing.score for row in self.rows)

    @property
    def median_index_before(self) -> float | None:
        return _median(score_of(row.standing.before) for row in self.rows)

    @property
    def last_interaction(self) -> datetime | None:
        return max((row.last_seen for row in self.rows if row.last_seen), default=None)


def _counts(levels) -> LevelCounts:
    counted = Counter(levels)
    return LevelCounts(tuple((level, counted[level]) for level in LEVEL_NAMES), counted[None])


def _median(scores) -> float | None:
    known = [score for score in scores if score is not None]
    return median(known) if known else None


def cohort_overviews(cohorts: Sequence[Cohort], *, now: datetime) -> list[CohortOverview]:
    """The overview of each cohort as of `now`, in their order (5 queries and those of `policy_book`)."""
    today, book = local_day(now), policy_book()
    members = _members(cohorts, today)
    learners = {row.learner_id: row for row in members}
    tenures = tenures_of(learners, today)
    since = reach(tenures.values(), today, LOOK_BACK_DAYS)
    records = records_of(learners, since=since, today=today, book=book, tenures=tenures)
    standings = standings_of([records[learner] for learner in learners], today, book)
    rows = {
        key: LearnerRow(row.learner, standing, row.last_seen, records[key])
        for (key, row), standing in zip(learners.items(), standings, strict=True)
    }
    keys: dict[int, set[int]] = {}
    for row in members:
        keys.setdefault(row.cohort_id, set()).add(row.learner_id)
    return [
        CohortOverview(
            cohort=cohort,
            rows=tuple(sorted((rows[key] for key in keys.get(cohort.pk, ())), key=lambda row: row.order)),
            complete_through=now,
        )
        for cohort in cohorts
    ]


def _members(cohorts: Sequence[Cohort], today: date) -> list[Enrolment]:
    """Today's enrolments with their learners, each with `last_seen`."""
    # The newest day's rows by the key of the daily sums, so that no learner's whole past is read.
    newest = DailyActivity.objects.filter(user=OuterRef("learner")).order_by("-day", "-last_at").values("last_at")
    return list(
        Enrolment.objects.current(today)
        .filter(cohort__in=[cohort.pk for cohort in cohorts])
        .select_related("learner")
        .annotate(last_seen=Subquery(newest[:1]))
    )


def together(overviews: Sequence[CohortOverview], *, now: datetime) -> CohortOverview:
    """All learners of several cohorts, each once, as one overview."""
    rows = {row.learner.pk: row for overview in overviews for row in overview.rows}
    return CohortOverview(None, tuple(sorted(rows.values(), key=lambda row: row.order)), now)

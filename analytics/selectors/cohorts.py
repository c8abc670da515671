"""Cohorts at a glance: who is in them, how they stand, who may need somebody."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from statistics import median

from django.db.models import QuerySet

from accounts.calendar import local_day
from accounts.models import Cohort, Enrolment, User
from analytics.rollups.kept_days import days_of
from engagement.clearing import Clearing, clearings_of
from engagement.domain.attention import RHYTHM_DAYS, Attention, attention_order
from engagement.selectors import reach, records_of, tenures_of
from engagement.standing import WEEKS, Standing, score_of
from engagement.standing_of_many import standings_of_many
from interactions.domain.scoring import LEVEL_NAMES
from interactions.policies import policy_book

# In the order of the model's fields.
_OF_A_LEARNER = tuple(
    field.attname
    for field in User._meta.concrete_fields
    if field.attname in {"id", "username", "name", "public_id", "role"}
)


@dataclass(frozen=True, slots=True)
class LearnerRow:
    """One learner of a cohort. last_seen: his newest interaction of any kind, None without any."""

    learner: User
    standing: Standing
    last_seen: datetime | None

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
class Moves:
    """How many learners are on a higher or a lower level than four weeks ago, of those who had one then and now."""

    up: int
    down: int
    compared: int


@dataclass(frozen=True)
class CohortOverview:
    """A cohort on a day.

    cohort            None: several cohorts in one, each learner counted once
    rows              its learners of today, who needs attention first
    complete_through  the moment up to which interactions are counted
    since             by learner's key, the first day of his enrolment in it; of two that run the earlier one
    """

    cohort: Cohort | None
    rows: tuple[LearnerRow, ...]
    complete_through: datetime
    since: Mapping[int, date] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.rows)

    @cached_property
    def needing(self) -> list[LearnerRow]:
        return [row for row in self.rows if row.standing.attention]

    @property
    def needing_size(self) -> int:
        return len(self.needing)

    @cached_property
    def kinds(self) -> Counter[str]:
        """How many learners stand out by what (Standing.kind), each counted once."""
        return Counter(row.standing.kind for row in self.rows)

    def of_kind(self, kind: str) -> list[LearnerRow]:
        """Those who stand out by this (Standing.kind)."""
        return [row for row in self.rows if row.standing.kind == kind]

    @property
    def moves(self) -> Moves:
        """Levels against those of four weeks ago, each learner beside himself."""
        return moves_of(Counter((row.standing.level, row.standing.level_before) for row in self.rows))

    @cached_property
    def levels(self) -> LevelCounts:
        return level_counts(Counter(row.standing.level for row in self.rows))

    @property
    def levels_before(self) -> LevelCounts:
        """The same learners 28 days ago."""
        return level_counts(Counter(row.standing.level_before for row in self.rows))

    @property
    def active(self) -> int:
        """Learners with an active day among the last 7."""
        return self.active_by_week[-1]

    @property
    def active_before(self) -> int:
        """Likewise, of the same learners, 4 weeks ago."""
        return self.active_by_week[-5]

    @cached_property
    def active_by_week(self) -> list[int]:
        """Learners with an active day in each of the last 12 weeks, oldest first."""
        weeks = zip(*(row.standing.weeks.active_days for row in self.rows), strict=True) if self.rows else [()] * WEEKS
        return [len(days) - days.count(0) for days in weeks]

    @property
    def week_starts(self) -> list[date]:
        return list(self.rows[0].standing.weeks.starts) if self.rows else []

    @property
    def median_index(self) -> float | None:
        return median_of(row.standing.score for row in self.rows)

    @property
    def median_index_before(self) -> float | None:
        return median_of(score_of(row.standing.before) for row in self.rows)

    @property
    def last_interaction(self) -> datetime | None:
        return max((row.last_seen for row in self.rows if row.last_seen), default=None)


def level_counts(counted: Counter[str | None]) -> LevelCounts:
    """Of how many learners are on each level; None: not measured."""
    return LevelCounts(tuple((level, counted[level]) for level in LEVEL_NAMES), counted[None])


def moves_of(counted: Counter[tuple[str | None, str | None]]) -> Moves:
    """Of how many learners have this level now and that one four weeks ago; None: not measured."""
    ranks = [
        (LEVEL_NAMES.index(now), LEVEL_NAMES.index(then), size) for (now, then), size in counted.items() if now and then
    ]
    up, down = (
        sum(size for now, then, size in ranks if now > then),
        sum(size for now, then, size in ranks if now < then),
    )
    return Moves(up, down, sum(size for *_, size in ranks))


def median_of(scores: Iterable[float | None]) -> float | None:
    """The median of those that are measured; None without any."""
    known = [score for score in scores if score is not None]
    return median(known) if known else None


def cohort_overviews(cohorts: Sequence[Cohort], *, now: datetime) -> list[CohortOverview]:
    """The overview of each cohort as of `now`, in their order.

    At most 7 queries and those of `policy_book`; 5 more where somebody's days are kept anew (rollups.kept_days).
    """
    members = _members(cohorts, local_day(now))
    rows = rows_of_learners({learner.pk: learner for _, _, learner in members}, now=now)
    since: dict[int, dict[int, date]] = {cohort.pk: {} for cohort in cohorts}
    for cohort, start, learner in members:
        since[cohort][learner.pk] = start
    return [
        CohortOverview(
            cohort=cohort,
            rows=tuple(sorted((rows[key] for key in since[cohort.pk]), key=lambda row: row.order)),
            complete_through=now,
            since=since[cohort.pk],
        )
        for cohort in cohorts
    ]


def rows_of_learners(people: Mapping[int, User], *, now: datetime) -> dict[int, LearnerRow]:
    """Each learner as he stands at `now`, by key, in the order given.

    At most 6 queries and those of `policy_book`; 5 more where somebody's days are kept anew (rollups.kept_days).
    """
    today, book = local_day(now), policy_book()
    tenures = tenures_of(people, today)
    days = days_of(tenures, today=today, book=book)
    standings = standings_of_many(days.grid, list(tenures.values()), days.case_ends, today, book)
    return {
        learner.pk: LearnerRow(learner, standing, last_seen)
        for learner, standing, last_seen in zip(people.values(), standings, days.last_at, strict=True)
    }


def learners_from(rows: QuerySet, path: str, *told: str) -> Iterator[tuple]:
    """For each row what is told of it, and the learner at the end of a path, with what pages say of him.

    Of hundreds of rows, a list is read in half the time that a model of each takes.
    """
    learner = [f"{path}__{name}" for name in _OF_A_LEARNER]
    for row in rows.values_list(*told, *learner):
        yield *row[: len(told)], User.from_db(rows.db, _OF_A_LEARNER, row[len(told) :])


def _members(cohorts: Sequence[Cohort], today: date) -> list[tuple[int, date, User]]:
    """Cohort's key, start and learner of each enrolment of today, those that began last first."""
    rows = Enrolment.objects.current(today).filter(cohort__in=[cohort.pk for cohort in cohorts]).order_by("-start")
    return list(learners_from(rows, "learner", "cohort", "start"))


def clearings_of_rows(rows: Iterable[LearnerRow], *, now: datetime) -> list[list[tuple[Attention, Clearing | None]]]:
    """What would clear each reason of each row (3 queries)."""
    rows, today, book = list(rows), local_day(now), policy_book()
    tenures = tenures_of([row.learner.pk for row in rows], today)
    since = reach(tenures.values(), today, RHYTHM_DAYS)
    records = records_of(tenures, since=since, today=today, book=book, tenures=tenures)
    return [clearings_of(records[row.learner.pk], row.standing, now=now, book=book) for row in rows]


def together(overviews: Sequence[CohortOverview], *, now: datetime) -> CohortOverview:
    """All learners of several cohorts, each once, as one overview."""
    rows = {row.learner.pk: row for overview in overviews for row in overview.rows}
    return CohortOverview(None, tuple(sorted(rows.values(), key=lambda row: row.order)), now)

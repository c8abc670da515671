"""Everybody whom somebody may see, in order of urgency, and the cohorts of one page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, QuerySet

from accounts.calendar import local_day
from accounts.models import Cohort, Enrolment, User
from analytics.models import KeptStanding
from analytics.rollups.kept_standings import standings_at
from analytics.selectors.cohorts import (
    CohortOverview,
    LearnerRow,
    cohort_overviews,
    learners_from,
    rows_of_learners,
    together,
)
from analytics.selectors.tallies import Tally, tallies, tally
from engagement.standing import BACK, NEEDING, RISEN

# As many as one page judges in its time. Who sees more reads the order that the clock found last.
MOST_JUDGED = 750
MOST_NAMED = 12
# Of those who were the most urgent, so many are judged anew: who has worked since makes room for the next.
CANDIDATES = 5 * MOST_NAMED


@dataclass(frozen=True, slots=True)
class Today:
    """everybody   all learners of today whom the viewer may see, each once
    needing     the most urgent of them, at most 12, as they stand now
    risen, back whose index rose much, who is back from leave; at most 12 each, as they stand now
    cohorts     by the key of each of these learners: his cohorts among those the viewer may see
    cards       the cohorts that were asked for, in their order
    judged_at   the moment as of which all are counted and ordered
    is_kept     whether that is when the clock judged them last, and not now
    """

    everybody: CohortOverview | Tally
    needing: Sequence[LearnerRow]
    risen: Sequence[LearnerRow]
    back: Sequence[LearnerRow]
    cohorts: Mapping[int, Sequence[Cohort]]
    cards: Sequence[CohortOverview | Tally]
    judged_at: datetime
    is_kept: bool


def today_of(viewer: User, cohorts: Sequence[Cohort], shown: Sequence[Cohort], *, now: datetime) -> Today:
    """What `viewer` reads first. cohorts: all that he may see; shown: those of them that get a card.

    A constant number of queries: 2 and those of `rows_of_learners` where all are judged now, at most 10 and those
    where they were by the clock.
    """
    visible = Cohort.objects.visible_to(viewer)
    current = Enrolment.objects.current(local_day(now)).filter(cohort__in=visible)
    if current.order_by().values("learner").distinct().count() > MOST_JUDGED and (at := standings_at()):
        return _as_kept(visible, shown, at, now)
    return _as_of_now(cohorts, shown, now)


def _as_of_now(cohorts: Sequence[Cohort], shown: Sequence[Cohort], now: datetime) -> Today:
    overviews = cohort_overviews(cohorts, now=now)
    everybody = together(overviews, now=now)
    by_key = {overview.cohort.pk: overview for overview in overviews}
    lists = [everybody.needing, everybody.of_kind(RISEN), everybody.of_kind(BACK)]
    named = [rows[:MOST_NAMED] for rows in lists]
    keys = {row.learner.pk for rows in named for row in rows}
    of: dict[int, list[Cohort]] = {key: [] for key in keys}
    for overview in overviews:
        for key in keys & overview.since.keys():
            of[key].append(overview.cohort)
    cards = [by_key[cohort.pk] for cohort in shown]
    return Today(everybody, *named, cohorts=of, cards=cards, judged_at=now, is_kept=False)


def _as_kept(cohorts: QuerySet[Cohort], shown: Sequence[Cohort], at: datetime, now: datetime) -> Today:
    today = local_day(now)
    learners = Enrolment.objects.current(today).filter(cohort__in=cohorts).values("learner")
    kept = KeptStanding.objects.filter(user__in=learners)
    urgent = kept.filter(kind=NEEDING).order_by("-points", F("score").asc(nulls_last=True), "pk")[:CANDIDATES]
    risen = kept.filter(kind=RISEN).order_by(F("score_before") - F("score"), "pk")[:MOST_NAMED]
    back = kept.filter(kind=BACK).order_by("score", "pk")[:MOST_NAMED]
    people = {learner.pk: learner for some in (urgent, risen, back) for (learner,) in learners_from(some, "user")}
    # Nobody is named by a judgement of minutes ago: what is said of him is what his own page says.
    rows = sorted(rows_of_learners(people, now=now).values(), key=lambda row: row.order)
    named = [[row for row in rows if row.standing.kind == kind][:MOST_NAMED] for kind in (NEEDING, RISEN, BACK)]
    return Today(
        tally(cohorts, today),
        *named,
        cohorts=_cohorts_of([row.learner.pk for rows in named for row in rows], cohorts, today),
        cards=tallies(shown, today),
        judged_at=at,
        is_kept=True,
    )


def _cohorts_of(learners: Sequence[int], cohorts: QuerySet[Cohort], today: date) -> dict[int, list[Cohort]]:
    of: dict[int, dict[int, Cohort]] = {learner: {} for learner in learners}
    enrolments = Enrolment.objects.current(today).filter(learner__among=learners, cohort__in=cohorts)
    for enrolment in enrolments.select_related("cohort").order_by("cohort__name", "cohort"):
        of[enrolment.learner_id][enrolment.cohort_id] = enrolment.cohort
    return {learner: list(several.values()) for learner, several in of.items()}

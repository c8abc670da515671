"""How a learner's pace compares with that of matched peers (docs/peers.md)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Q, Sum

from accounts.calendar import day_start, local_day
from accounts.models import Enrolment, User
from engagement.domain.buckets import first_day_of
from engagement.domain.insufficient import Insufficient, Need
from engagement.domain.peers import LEAST_OTHERS, LEAST_TENURE_DAYS, at_least, band_of, similar_tenure
from engagement.domain.tenure import LOOK_BACK_DAYS, Tenure
from engagement.selectors import tenures_of
from interactions.domain.scoring import POINT_UNITS, is_active
from interactions.models import DailyActivity
from interactions.policies import policy_book
from interactions.windows import Window

# Longer ranges look at as many weeks: what was two years ago compares nobody.
WEEK_DAYS, MOST_WEEKS = 7, 52
COHORT, TENURE = "cohort", "tenure"
MEASURES = ("activeDays", "interactions", "activeMinutes", "casesCompleted")


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure a week of counting days: one's own, one's own in the window before, the band among others."""

    name: str
    value: float
    previous: float | None
    band: str | None


@dataclass(frozen=True, slots=True)
class PeerComparison:
    """window   the whole weeks looked at, up to the last that is over
    others     how many at least, in fives; None where nobody is compared
    """

    learner: User
    window: Window
    complete_through: datetime
    policy_version: str
    takes_part: bool
    others: int | None
    matched_on: tuple[str, ...]
    measures: list[Measure] | Insufficient | None


def peer_comparison(learner: User, *, window: Window, now: datetime) -> PeerComparison:
    """A learner's pace in bands among at least ten others (4 queries, however many they are).

    Only the weeks before the running one count, and who takes part is settled on its Monday: two answers of one week
    are of the same people and days, so that nobody's coming, going or work in between is what they differ by.
    """
    today, book = local_day(now), policy_book()
    span = _whole_weeks(window, today)
    answer = PeerComparison(
        learner=learner,
        window=Window(day_start(span[0]), day_start(span[1] + timedelta(days=1))),
        complete_through=day_start(span[1] + timedelta(days=1)),
        policy_version=book.on(span[1]).version,
        takes_part=learner.peer_comparison,
        others=None,
        matched_on=(),
        measures=None,
    )
    if not learner.peer_comparison:
        return answer
    if window.last_day < span[1]:
        return replace(answer, measures=Insufficient((Need("complete last week", 0, 1),)))
    group = _group(learner, span[1])
    tenures = tenures_of({learner.pk, *group}, span[1])
    days = {pk: _settled(tenure, span[1]) for pk, tenure in tenures.items()}
    if (own := days[learner.pk]) < LEAST_TENURE_DAYS:
        return replace(answer, measures=Insufficient((Need("counting days", own, LEAST_TENURE_DAYS),)))
    peers, by_tenure = similar_tenure(learner.pk, days)
    if len(peers) < LEAST_OTHERS:
        return replace(answer, measures=_too_few(len(peers)))
    paces = _paces([learner.pk, *peers], span, tenures)
    others = [paces[pk] for pk in peers if pk in paces]
    if learner.pk not in paces:
        return replace(answer, measures=Insufficient((Need("counting days in the range", 0, 1),)))
    if len(others) < LEAST_OTHERS:
        return replace(answer, measures=_too_few(len(others)))
    length = span[1] - span[0] + timedelta(days=1)
    before = _paces([learner.pk], (span[0] - length, span[0] - timedelta(days=1)), tenures).get(learner.pk, {})
    return replace(
        answer,
        others=at_least(len(others)),
        matched_on=(COHORT, TENURE) if by_tenure else (COHORT,),
        measures=[
            Measure(
                name,
                paces[learner.pk][name],
                before.get(name),
                band_of(paces[learner.pk][name], [other[name] for other in others]),
            )
            for name in MEASURES
        ],
    )


def _too_few(others: int) -> Insufficient:
    """How many there are is told in fives, as it is where there are enough."""
    return Insufficient((Need("others to compare with", at_least(others), LEAST_OTHERS),))


def set_peer_comparison(learner: User, *, takes_part: bool, now: datetime) -> None:
    """Take part in peer comparison, or in none of it.

    The learner sees bands or none at once. In the groups of others he is counted, or not, from the next Monday on, when
    everybody's week is new: else who asks before and after would see on which side of him the learner was.
    """
    today = local_day(now)
    if learner.peer_choice_on is None or learner.peer_choice_on < first_day_of(today, "week"):
        learner.peer_comparison_before = learner.peer_comparison
    learner.peer_comparison, learner.peer_choice_on = takes_part, today
    learner.save(update_fields=["peer_comparison", "peer_comparison_before", "peer_choice_on"])


def _whole_weeks(window: Window, today: date) -> tuple[date, date]:
    """The first and last day of as many weeks as the window has, the last of them the last that is over."""
    last = first_day_of(today, "week") - timedelta(days=1)
    weeks = MOST_WEEKS
    if window.first_day is not None:
        days = (min(window.last_day, today) - window.first_day).days + 1
        weeks = min(MOST_WEEKS, max(1, round(days / WEEK_DAYS)))
    return last - timedelta(days=WEEK_DAYS * weeks - 1), last


def _group(learner: User, last: date) -> list[int]:
    """Keys of the others who were enrolled on the last day in a cohort of this learner's and took part (1 query)."""
    cohorts = Enrolment.objects.current(last).filter(learner=learner).values("cohort")
    enrolled = Enrolment.objects.current(last).filter(cohort__in=cohorts).values("learner")
    chose_since = Q(peer_choice_on__gt=last)
    took_part = Q(chose_since, peer_comparison_before=True) | (
        (Q(peer_choice_on=None) | ~chose_since) & Q(peer_comparison=True)
    )
    others = User.objects.learners().filter(took_part, pk__in=enrolled, is_active=True)
    return list(others.exclude(pk=learner.pk).values_list("pk", flat=True))


def _settled(tenure: Tenure, last: date) -> int:
    """Counting days through a day, as far as they are looked at."""
    return min(MOST_WEEKS * WEEK_DAYS, tenure.days_between(last - timedelta(days=LOOK_BACK_DAYS - 1), last))


def _paces(learners: list[int], span: tuple[date, date], tenures: dict[int, Tenure]) -> dict[int, dict[str, float]]:
    """Measures a week of counting days, by key; those for whom no day of the span counts are left out (1 query)."""
    first, last = span
    rows = (
        DailyActivity.objects.filter(user__among=learners)
        .within_days(first, last + timedelta(days=1))
        .per_day(policy_book())
        .annotate(
            seconds=Sum("active_seconds"),
            completed=Sum("interactions", filter=Q(interaction_type="case_complete"), default=0),
        )
        # One row a day still: only what is needed of it is read, since there are as many as days of everybody.
        .values_list("user", "points", "count", "seconds", "completed")
    )
    totals = {pk: [0, 0, 0, 0] for pk in learners}
    for user, points, *sums in rows:
        done = totals[user]
        done[0] += is_active(points / POINT_UNITS)
        for place, value in enumerate(sums, start=1):
            done[place] += value or 0
    return {pk: _pace(totals[pk], days) for pk in learners if (days := tenures[pk].days_between(*span))}


def _pace(totals: list[int], days: int) -> dict[str, float]:
    active, interactions, seconds, completed = totals
    measures = (active, interactions, seconds / 60, completed)
    return {name: 7 * total / days for name, total in zip(MEASURES, measures, strict=True)}

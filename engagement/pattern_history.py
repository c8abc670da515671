"""Reads what the detectors of patterns look at: daily sums, a bounded run of interactions, the cohort beside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from accounts.calendar import day_start, institution_zone, local_day
from accounts.models import Enrolment, User
from accounts.statements import statement
from engagement.domain.insufficient import Insufficient
from engagement.domain.patterns.anomalies import PRIOR_WEEKS
from engagement.domain.patterns.history import COMPLETE, CaseTimes, Events, History
from engagement.domain.patterns.shallow import FLOOR_SECONDS, HIGHEST_SECONDS
from engagement.domain.tenure import Tenure
from engagement.selectors import ENROLMENT, Record, indexes_of, records_of, tenures_by_enrolments, tenures_of
from interactions.models import DailyActivity, UserInteractionTrackingModel
from interactions.policies import PolicyBook
from interactions.windows import Window

# Counting days that are read even for a short range: enough for the 16 weeks of the longest look back.
LEAST_LOOK_BACK, MOST_LOOK_BACK = 7 * 18, 400
# A range with more interactions is cut to its newest, so that a read's cost is bounded.
MOST_EVENTS = 2_000
# Others of the cohort whose weeks say what kind of week it was, and completions that say what a case takes.
MOST_PEERS, MOST_CASES, COMPLETIONS_A_CASE = 60, 12, 60
# Stands for a case in a statement that is built once and asked of each; no text of ours holds such a sign.
_ANY_CASE = "\ue000"
# A sum for each week. Written out: to have the ORM write nine filtered sums takes longer than the rest of the read.
_WEEK = "SUM(CASE WHEN day >= %s AND day < %s THEN interactions ELSE 0 END)"
_WEEKS_OF = (
    f"SELECT user_id, {', '.join([_WEEK] * (PRIOR_WEEKS + 1))} FROM {DailyActivity._meta.db_table} WHERE user_id IN"
)
# Groups under ten give no figure.
LEAST_LEARNERS_A_CASE = 10


def history_of(
    learner: User,
    *,
    window: Window,
    now: datetime,
    book: PolicyBook,
    case_times: Mapping[str, CaseTimes] | None = None,
    deadlines: Sequence[date] = (),
    record: Record | None = None,
) -> History:
    """One learner's history as of the window's last day (7 queries at most, whatever the window holds).

    window      in whole days
    case_times  where they are known already; else a sample is read of cases that were completed in a short time
    deadlines   days by whose end something was due
    record      where it is read already as of that day, with all of its days: one query less
    """
    as_of = min(window.last_day, local_day(now))
    peers = _peers_of(learner, as_of)
    tenure = record.tenure if record else tenures_of([learner.pk], as_of)[learner.pk]
    days = tenure.counting_days(as_of, _look_back(window, as_of))[::-1]
    if record is None:
        since = days[0] if days else as_of
        records = records_of([learner.pk], since=since, today=as_of, book=book, tenures={learner.pk: tenure})
        record = records[learner.pk]
    first = max(window.first_day or days[0], days[0]) if days else as_of
    events = _events(learner, day_start(first), window.until)
    if len(events) == MOST_EVENTS:
        first = date.fromordinal(int(events.days[0]))
    # The last day of a range that still runs is not over.
    last_complete = as_of - timedelta(days=1) if as_of == local_day(now) else as_of
    if case_times is None:
        case_times = _case_times(_in_a_short_time(events), learner, window.until)
    return replace(
        _daily(record, days),
        first=first,
        last=as_of,
        last_complete=last_complete,
        events=events,
        regularity=_regularity(record, as_of, book),
        cohort=_cohort_weeks({learner.pk: tenure} | peers, last_complete),
        case_times=case_times,
        minimum_seconds=_minimum_seconds(book, as_of),
        deadlines=deadlines,
    )


def _look_back(window: Window, as_of: date) -> int:
    asked = MOST_LOOK_BACK if window.first_day is None else (as_of - window.first_day).days + 1
    return min(MOST_LOOK_BACK, max(LEAST_LOOK_BACK, asked))


def _daily(record: Record, days: list[date]) -> History:
    done = [record.days.get(day) for day in days]
    return History(
        days=np.array([day.toordinal() for day in days], dtype=int),
        points=np.array([0.0 if day is None else day.points for day in done]),
        counts=np.array([0 if day is None else day.interactions for day in done], dtype=int),
        first=date.min,
        last=date.min,
        last_complete=date.min,
        tenure=record.tenure,
    )


def _regularity(record: Record, as_of: date, book: PolicyBook) -> float | None:
    index = indexes_of([record], as_of, book)[0]
    return None if isinstance(index, Insufficient) else index.regularity


def _minimum_seconds(book: PolicyBook, as_of: date) -> float:
    policy = book.on(as_of)
    return policy.rule_for(COMPLETE, "").minimum_time if COMPLETE in policy.interaction_types else FLOOR_SECONDS


@statement
def _newest(learner, start, until) -> QuerySet:
    rows = UserInteractionTrackingModel.objects.filter(user=learner).within(start, until).newest_first()
    told = ("id", "occurred_at", "day", "interaction_type", "case_id", "specialty")
    return rows.values_list(*told, Coalesce("active_seconds", "time_spent_seconds"), "performance")[:MOST_EVENTS]


def _events(learner: User, start: datetime, until: datetime) -> Events:
    rows = _newest(learner.pk, start, until)[::-1]
    if not rows:
        return Events()
    ids, moments, days, kinds, cases, specialties, seconds, performance = zip(*rows, strict=True)
    zone = ZoneInfo(learner.time_zone) if learner.time_zone else institution_zone()
    return Events(
        ids=ids,
        times=np.array([moment.timestamp() for moment in moments]),
        days=np.array([day.toordinal() for day in days], dtype=int),
        hours=np.array([moment.astimezone(zone).hour for moment in moments], dtype=int),
        kinds=kinds,
        case_ids=cases,
        specialties=specialties,
        seconds=_with_gaps(seconds),
        performance=_with_gaps(performance),
    )


def _with_gaps(values: Iterable[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def _in_a_short_time(events: Events) -> list[str]:
    """Cases whose own distribution decides whether a completion was rapid, those completed last first."""
    places = [place for place, kind in enumerate(events.kinds) if kind == COMPLETE and events.case_ids[place]]
    short = [events.case_ids[place] for place in reversed(places) if events.seconds[place] < HIGHEST_SECONDS]
    return list(dict.fromkeys(short))[:MOST_CASES]


def _case_times(cases: Sequence[str], learner: User, until: datetime) -> dict[str, CaseTimes]:
    """What these cases took others lately, from a sample each (1 query, none without cases)."""
    if not cases:
        return {}
    newest = (
        # The second condition is that of the partial index, which SQLite would not find otherwise.
        UserInteractionTrackingModel.objects.filter(case_id=_ANY_CASE, interaction_type=COMPLETE)
        .exclude(case_id="")
        .exclude(user=learner)
        .within(None, until)
        .annotate(seconds=Coalesce("active_seconds", "time_spent_seconds"))
        .filter(seconds__isnull=False)
        .order_by("-occurred_at")
        .values_list("case_id", "user_id", "seconds")[:COMPLETIONS_A_CASE]
    )
    sql, parameters = newest.query.get_compiler(connection=connection).as_sql()
    # Limited parts of a union are beyond the ORM on SQLite; wrapped like this both databases take them.
    samples = [f"SELECT * FROM ({sql}) AS sample_{number}" for number in range(len(cases))]
    values = [case if value == _ANY_CASE else value for case in cases for value in parameters]
    found: dict[str, list[tuple[int, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(samples), values)
        for case, user, seconds in cursor.fetchall():
            found.setdefault(case, []).append((user, seconds))
    return {
        case: CaseTimes(float(median(seconds for _, seconds in done)), len(done))
        for case, done in found.items()
        if len({user for user, _ in done}) >= LEAST_LEARNERS_A_CASE
    }


def _peers_of(learner: User, on: date) -> dict[int, Tenure]:
    """The tenures of up to 60 others, by key, who are enrolled in one of the learner's cohorts on a day (1 query)."""
    found = tenures_by_enrolments(_enrolments_beside(learner.pk, on), on)
    return {peer: found[peer] for peer in sorted(found)}


@statement
def _enrolments_beside(learner, on) -> QuerySet:
    """All that began by a day, of the peers of that day."""
    current = Enrolment.objects.current(on)
    others = current.filter(cohort__in=current.filter(learner=learner).values("cohort")).exclude(learner=learner)
    peers = others.order_by("learner").values("learner").distinct()[:MOST_PEERS]
    rows = Enrolment.objects.filter(learner__in=peers, start__lte=on).order_by("start", "pk", "pauses")
    return rows.values_list(*ENROLMENT)


def _cohort_weeks(tenures: Mapping[int, Tenure], last: date) -> np.ndarray:
    """Interactions of the learner, who is named first, and his peers in the 9 weeks that end with the last one over.

    float (1 + peers, 9), NaN where a day of the week did not count; 1 query.
    """
    newest = last - timedelta(days=(last.weekday() + 1) % 7 + 6)
    mondays = [newest - timedelta(days=7 * ago) for ago in range(PRIOR_WEEKS, -1, -1)]
    edges = [*mondays, newest + timedelta(days=7)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_WEEKS_OF} ({', '.join(['%s'] * len(tenures))}) AND day >= %s AND day < %s GROUP BY user_id",
            [*(day for week in pairwise(edges) for day in week), *tenures, edges[0], edges[-1]],
        )
        done = {user: weeks for user, *weeks in cursor.fetchall()}
    nothing = [0] * len(mondays)
    return np.array(
        [
            [
                count if _counts_whole(tenure, monday) else np.nan
                for monday, count in zip(mondays, done.get(user, nothing), strict=True)
            ]
            for user, tenure in tenures.items()
        ],
        dtype=float,
    )


def _counts_whole(tenure: Tenure, monday: date) -> bool:
    """Whether every day of the week counts."""
    if tenure.start is None or tenure.start > monday:
        return False
    after = monday + timedelta(days=7)
    return not (tenure.pauses and any(start < after and monday < end for start, end in tenure.pauses))

"""Counts are what a naive recount gives, in whatever order things come and whenever the job runs."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Enrolment, User
from analytics.models import Count, CountedDay, CountingProgress, LevelCount
from analytics.rollups import changes, counting
from analytics.rollups.counting import count_between, count_changes
from analytics.tests.crowd_work import naive_counts, stored_counts
from interactions.attempts import infer_abandonments
from interactions.models import Case
from interactions.services import track_bulk_interactions
from medsim_tracking.testing import NOW, TERM_START, enrol, track

RUN, ENROL = "run", "enrol"
events = st.tuples(
    st.sampled_from(["lena", "mia", "sim"]),
    st.sampled_from(["case_start", "case_complete", "search"]),
    st.sampled_from(["", "heart", "lung"]),
    st.integers(0, 12),
    st.integers(0, 5),
)
steps = st.lists(st.one_of(events, st.just(RUN), st.tuples(st.just(ENROL), st.integers(0, 12))), max_size=14)


def send(sender, told):
    learner, kind, specialty, days, number = told
    track_bulk_interactions(
        sender=sender,
        interactions=[
            {
                "userId": learner,
                "eventId": f"{learner}-{number}",
                "interactionType": kind,
                "occurredAt": (NOW - timedelta(days=days, hours=number)).isoformat(),
                "metadata": {"specialty": specialty},
            }
        ],
        now=NOW,
    )


@given(steps=steps)
@settings(max_examples=20, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_are_what_a_recount_gives(cast, steps):
    """Late, repeated and conflicting events, enrolments that change, and a job that runs at any moment."""
    sim = User.objects.get(username="sim")
    mark = transaction.savepoint()
    for step in steps:
        if step == RUN:
            count_changes(now=NOW)
        elif step[0] == ENROL:
            start = (NOW - timedelta(days=step[1])).date()
            Enrolment.objects.update_or_create(learner=cast["lena"], cohort=cast["surgery"], defaults={"start": start})
        else:
            send(sim, step)
    count_changes(now=NOW)
    for span in ("day", "week"):
        assert stored_counts(span) == naive_counts(span)
    transaction.savepoint_rollback(mark)


def test_a_late_interaction_moves_its_old_day_and_no_other(cast, lena, monkeypatch):
    track(lena, "search", occurred_at=NOW - timedelta(days=30))
    track(lena, "search")
    count_changes(now=NOW)
    monkeypatch.setattr("analytics.rollups.changes.LAG", timedelta())
    count_changes(now=NOW)
    track(lena, "search", occurred_at=NOW - timedelta(days=40))
    assert count_changes(now=NOW).days == 1
    assert stored_counts() == naive_counts()


def test_nothing_new_counts_nothing(cast, lena, monkeypatch):
    monkeypatch.setattr("analytics.rollups.changes.LAG", timedelta())
    track(lena, "search")
    count_changes(now=NOW)
    assert [count_changes(now=NOW).days for _ in range(2)][1] == 0


def test_what_became_of_a_start_reaches_its_day(cast, lena, monkeypatch):
    monkeypatch.setattr(changes, "LAG", timedelta())
    monkeypatch.setattr(changes, "JUDGED_EVERY", timedelta())

    def starts():
        rows = Count.objects.filter(span="week", by="all", values__has_key="starts")
        return [(row.start, row.values["starts"]) for row in rows]

    def job(now=NOW):
        list(infer_abandonments(now=now, lag=timedelta()))
        count_changes(now=now)

    week = date(2026, 3, 2)
    track(lena, "case_start", case_id="c", occurred_at=NOW - timedelta(days=11))
    job(NOW - timedelta(days=10, hours=23))
    assert starts() == []
    # The judge writes by the time it is told; outside of tests there is but one.
    CountingProgress.objects.update(judged=NOW - timedelta(hours=1))
    job()
    assert starts() == [(week, {"inferred": 1})]
    track(lena, "case_complete", case_id="c")
    job()
    assert starts() == [(week, {"completed": 1})]


def test_words_of_the_catalogue_that_came_later_reach_the_days_before(cast, lena, monkeypatch):
    monkeypatch.setattr("analytics.rollups.changes.LAG", timedelta())
    track(lena, "case_start", case_id="c1", occurred_at=NOW - timedelta(days=9))
    count_changes(now=NOW)
    Case.objects.filter(case_id="c1").update(specialty="cardiology")
    count_changes(now=NOW)
    assert stored_counts() == naive_counts()
    assert Count.objects.filter(span="week", by="specialty", name="cardiology").count() == 1


def test_a_kill_between_two_weeks_leaves_what_is_left_for_the_next_run(cast, lena, monkeypatch):
    for weeks in range(3):
        track(lena, "search", occurred_at=NOW - timedelta(weeks=weeks))
    count_week, done = counting.count_week, []

    def killed(*arguments):
        if len(done) == 1:
            raise KeyboardInterrupt
        done.append(count_week(*arguments))
        return done[-1]

    monkeypatch.setattr(counting, "count_week", killed)
    with pytest.raises(KeyboardInterrupt):
        count_changes(now=NOW)
    assert CountedDay.objects.filter(due=True).count() == 2
    # What is complete is not told before it is.
    assert CountingProgress.objects.get().complete_through is None
    monkeypatch.setattr(counting, "count_week", count_week)
    count_changes(now=NOW)
    assert stored_counts() == naive_counts()
    assert CountingProgress.objects.get().complete_through < NOW


def test_some_days_are_counted_anew_on_request(cast, lena):
    track(lena, "search", occurred_at=NOW - timedelta(days=20))
    track(lena, "search", occurred_at=NOW - timedelta(days=30))
    count_changes(now=NOW)
    Count.objects.all().delete()
    day = (NOW - timedelta(days=20)).date()
    count_between(day, day, now=NOW, heard=lambda days: None)
    assert {start for start, *_ in stored_counts()[0]} >= {day}


def test_a_sealed_day_is_never_counted_again(cast, lena):
    track(lena, "search")
    count_changes(now=NOW)
    CountedDay.objects.update(sealed=True)
    lena.interactions.all().delete()
    count_changes(now=NOW, everything=True)
    assert Count.objects.filter(span="day", by="all").count() == 1


def test_levels_are_those_of_the_index_at_the_end_of_each_week(cast, lena, mia):
    enrol(mia, cast["cardiology"], TERM_START)
    for day in range(60):
        track(lena, "case_complete", case_id="c", time_spent_seconds=1800, occurred_at=NOW - timedelta(days=day))
    count_changes(now=NOW)
    newest = {row.crowd.key: row.levels for row in LevelCount.objects.filter(week=NOW.date()).select_related("crowd")}
    both = f"{cast['cardiology'].pk},{cast['surgery'].pk}"
    assert newest == {str(cast["cardiology"].pk): {"very_high": 1}, both: {"low": 1}}


def test_counting_a_week_takes_as_many_queries_for_many_as_for_few(cast, lena, mia):
    track(lena, "search")
    count_changes(now=NOW)
    with CaptureQueriesContext(connection) as few:
        count_changes(now=NOW, everything=True)
    for number in range(30):
        track(mia, "search", occurred_at=NOW - timedelta(minutes=number))
    count_changes(now=NOW)
    with CaptureQueriesContext(connection) as many:
        count_changes(now=NOW, everything=True)
    assert len(many) <= len(few) + 4


def test_where_learners_left_is_counted_by_declared_and_inferred_abandonments(cast, lena, mia, monkeypatch):
    """Lena leaves without a word, Mia by her word and without a stage of her own, a day after her start."""
    monkeypatch.setattr("analytics.rollups.changes.LAG", timedelta())
    monkeypatch.setattr("analytics.rollups.changes.JUDGED_EVERY", timedelta())

    def did(learner, kind, hours_ago, stage=""):
        told = {"stage": stage} if stage else {}
        track(learner, kind, case_id="sepsis", occurred_at=NOW - timedelta(hours=hours_ago), metadata=told)

    for learner in (lena, mia):
        did(learner, "case_start", 75)
    did(lena, "case_view", 74, "history")
    did(mia, "case_view", 73, "diagnosis")
    did(mia, "case_abandon", 58)
    count_changes(now=NOW)

    def left():
        days = Count.objects.filter(span="day", by="case", name="sepsis").order_by("start")
        found = [(NOW.date() - row.start, row.values.get("leftAtStage")) for row in days]
        return [(ago.days, told) for ago, told in found if told]

    assert left() == [(2, {"": 1})]
    assert sum(step.inferred for step in infer_abandonments(now=NOW, lag=-timedelta(seconds=1))) == 1
    count_changes(now=NOW)
    assert left() == [(3, {"history": 1}), (2, {"diagnosis": 1})]

"""What is told to clear a reason does clear it: the change is made, by real interactions, and the reason is gone."""

from datetime import date, datetime, time, timedelta

import pytest

from accounts.models import Pause
from engagement.clearing import Clearing, clearings_of
from engagement.domain.attention import total_points
from engagement.selectors import records_of
from engagement.standing import standings_of
from interactions.policies import policy_book
from interactions.services import CREATED, track_bulk_interactions
from medsim_tracking.testing import NOW, track

TODAY = NOW.date()


def judged(learner, today: date = TODAY):
    """The learner's reasons as of a day with their clearings, by kind."""
    book = policy_book()
    record = records_of([learner.pk], since=None, today=today, book=book)[learner.pk]
    [standing] = standings_of([record], today, book)
    now = datetime.combine(today, time(12), NOW.tzinfo)
    found = {reason.kind: clearing for reason, clearing in clearings_of(record, standing, now=now, book=book)}
    assert standing.points == total_points(standing.reasons)
    return found, standing.points


def work(learner, sim, days_ago, kind="case_complete", **fields):
    told = [
        {
            "userId": learner.public_id,
            "interactionType": kind,
            "caseId": "sepsis",
            "occurredAt": (NOW - timedelta(days=ago)).isoformat(),
            "timeSpentSeconds": 1200,
        }
        | fields
        for ago in days_ago
    ]
    outcomes = track_bulk_interactions(sender=sim, interactions=told, now=NOW, historical=True)
    assert {outcome.status for outcome in outcomes} == {CREATED}


def done_as_told(learner, clearing: Clearing) -> None:
    """Make the change: so many active days from today on, or a case worked to its end now."""
    if clearing.cases:
        track(learner, "case_complete", case_id="other", time_spent_seconds=1200)
        return
    days = (clearing.by - TODAY).days
    assert days + 1 >= clearing.active_days
    for ahead in range(days + 1 - clearing.active_days, days + 1):
        moment = NOW + timedelta(days=ahead)
        # Work that ends no case: it makes the day active, and nothing else.
        track(learner, "feedback_submit", time_spent_seconds=1200, occurred_at=moment, now=moment)


def silent(lena, sim):
    work(lena, sim, range(9, 60, 2))


def silent_having_left_two(lena, sim):
    work(lena, sim, range(13, 60, 2))
    # Without much time they make no day active.
    work(lena, sim, (9, 11), kind="case_abandon", timeSpentSeconds=10)


def never_started(lena, sim):
    lena.enrolments.update(start=TODAY - timedelta(days=8))


def fallen(lena, sim):
    work(lena, sim, [*range(35, 60), *range(4, 35, 6)])


def little(lena, sim):
    work(lena, sim, (3, 12, 26))


def left_three(lena, sim):
    work(lena, sim, range(1, 60, 2))
    for hour in (3, 2, 1):
        track(lena, "case_abandon", case_id="sepsis", occurred_at=NOW - timedelta(hours=hour))


@pytest.mark.parametrize(
    ("story", "kinds"),
    [
        (silent, {"silent": 28}),
        (silent_having_left_two, {"silent": 44, "abandoned": 18}),
        (never_started, {"never_started": 28}),
        (fallen, {"fallen": 17}),
        (little, {"little": 3}),
        (left_three, {"abandoned": 24}),
    ],
)
def test_each_change_that_is_told_clears_its_reason(lena, mia, sim, story, kinds):
    """And leaves the points that were foretold; Mia's work, which could leak, changes nothing."""
    work(mia, sim, [0, 1, 2])
    story(lena, sim)
    found, points = judged(lena)
    assert (set(found), points) == (set(kinds), sum(kinds.values()))
    kind, clearing = next(iter(found.items()))
    done_as_told(lena, clearing)
    after, left = judged(lena, clearing.by)
    assert kind not in after
    assert left == clearing.points_after


def test_one_day_fewer_would_not_have_done(lena, sim):
    fallen(lena, sim)
    clearing = judged(lena)[0]["fallen"]
    assert clearing.active_days > 1
    for ahead in range(clearing.active_days - 1):
        moment = NOW + timedelta(days=ahead)
        track(lena, "case_complete", case_id="sepsis", time_spent_seconds=1200, occurred_at=moment, now=moment)
        assert "fallen" in judged(lena, moment.date())[0]


@pytest.mark.parametrize("story", [silent, little, never_started])
def test_the_pause_that_is_told_clears_it_too(lena, sim, story):
    story(lena, sim)
    [clearing] = judged(lena)[0].values()
    Pause.objects.create(
        enrolment=lena.enrolments.get(), start=clearing.pause_from, end=TODAY + timedelta(days=1), reason="Leave"
    )
    assert judged(lena) == ({}, 0)


def test_no_pause_is_offered_to_who_has_worked_today(lena, sim):
    work(lena, sim, (0, 12, 26))
    clearing = judged(lena)[0]["little"]
    assert (clearing.active_days, clearing.by, clearing.pause_from) == (1, TODAY + timedelta(days=1), None)


def test_one_day_is_told_the_same_by_a_table_that_reads_less_far_back(lena, sim):
    """The usual day is that of the newest 84 counting days, whoever reads."""
    work(lena, sim, [*range(35, 60), *range(4, 35, 6)])
    work(lena, sim, range(100, 300), kind="search")
    book = policy_book()
    told = []
    for since in (None, TODAY - timedelta(days=83)):
        record = records_of([lena.pk], since=since, today=TODAY, book=book)[lena.pk]
        [standing] = standings_of([record], TODAY, book)
        told.append(clearings_of(record, standing, now=NOW, book=book))
    assert told[0] == told[1] != []

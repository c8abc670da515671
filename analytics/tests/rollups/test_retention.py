"""Releases of retention: written once, kept against what comes late, found out where they were tampered with."""

import zlib
from datetime import timedelta

import pytest

from analytics.models import RetentionCount, RetentionRelease
from analytics.rollups import changes
from analytics.rollups.counting import count_changes
from analytics.rollups.verify import verify
from analytics.tests.crowd_work import crowd, work
from medsim_tracking.testing import NOW, TERM_START


@pytest.fixture
def learners(cardiology, monkeypatch):
    monkeypatch.setattr(changes, "LAG", timedelta(hours=-1))
    monkeypatch.setattr("analytics.rollups.verify.LAG", timedelta(hours=1))
    monkeypatch.setattr("analytics.rollups.verify_retention.LAG", timedelta(hours=1))
    # Lena is the twenty-fourth.
    learners = crowd(cardiology, 23)
    work(learners[:6], days_ago=14)
    return learners


def told():
    return list(RetentionCount.objects.order_by("week", "start").values_list("week", "enrolled", "active"))


MONDAY = (NOW - timedelta(days=14)).date()


def test_a_week_is_told_when_it_has_been_over_for_a_week(learners):
    count_changes(now=NOW - timedelta(days=1))
    assert told() == []
    count_changes(now=NOW)
    assert told() == [(MONDAY, 24, 6)]


def test_what_few_send_late_is_not_told_and_what_ten_send_is(learners):
    count_changes(now=NOW)
    work(learners[6:15], days_ago=12)
    count_anew()
    assert told() == [(MONDAY, 24, 6)]
    assert verify(now=NOW).drifts == []
    work(learners[15:16], days_ago=12)
    count_anew()
    assert told() == [(MONDAY, 24, 16)]
    assert verify(now=NOW).drifts == []


def count_anew():
    changes.mark_due([(NOW - timedelta(days=12)).date()])
    count_changes(now=NOW)


def test_an_enrolment_corrected_afterwards_changes_nothing_and_ten_do(learners, cardiology):
    count_changes(now=NOW)
    cardiology.enrolments.filter(learner=learners[0]).update(start=TERM_START + timedelta(days=7))
    count_changes(now=NOW)
    assert told() == [(MONDAY, 24, 6)]
    cardiology.enrolments.filter(learner__in=learners[:11]).update(start=TERM_START + timedelta(days=7))
    count_changes(now=NOW)
    assert told() == [(MONDAY, 13, 0), (MONDAY, 11, 6)]


def test_everything_counted_anew_releases_nothing_anew(learners):
    count_changes(now=NOW)
    count_changes(now=NOW, everything=True)
    assert RetentionRelease.objects.count() == 1
    assert told() == [(MONDAY, 24, 6)]


@pytest.mark.parametrize(
    "fault",
    [
        lambda: RetentionCount.objects.update(active=7),
        lambda: RetentionCount.objects.all().delete(),
        lambda: RetentionCount.objects.update(start=TERM_START - timedelta(days=7)),
    ],
)
def test_a_figure_that_was_not_released_is_found_and_put_right(learners, fault):
    count_changes(now=NOW)
    fault()
    [drift, *_] = verify(now=NOW).drifts
    assert (drift.span, drift.start) == ("retention", MONDAY)
    verify(now=NOW, repair=True)
    assert told() == [(MONDAY, 24, 6)]
    assert verify(now=NOW).drifts == []


def test_a_release_that_is_due_and_was_not_made_is_found_and_made(learners):
    count_changes(now=NOW)
    RetentionRelease.objects.update(state=zlib.compress(b"\x90"))
    [drift] = verify(now=NOW).drifts
    assert [name for name, *_ in drift.differences][-1] == "release"
    verify(now=NOW, repair=True)
    assert told() == [(MONDAY, 24, 6)]

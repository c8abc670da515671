"""Cases completed by each learner: counted, and what came in since the count."""

from datetime import timedelta

import pytest

from engagement import completions
from engagement.completions import completions_since
from engagement.progress import count_progress
from interactions.models import Case
from medsim_tracking.testing import NOW, track

START = NOW.date() - timedelta(days=30)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def done(lena, mia):
    """Lena: two of cardiology since her start, one of them twice; one before it; one of another field. Mia: one."""
    for case, specialty in (("c1", "Cardiology"), ("c2", "cardiology"), ("n1", "neurology"), ("c3", "cardiology")):
        Case.objects.create(case_id=case, specialty=specialty, first_seen=NOW)
    for case, days in (("c1", 9), ("c1", 2), ("c2", 3), ("n1", 1), ("c3", 40)):
        track(lena, "case_complete", case_id=case, occurred_at=NOW - timedelta(days=days))
    track(lena, "case_start", case_id="c3", occurred_at=NOW - timedelta(days=1))
    track(mia, "case_complete", case_id="c3", occurred_at=NOW - timedelta(days=1))


@pytest.mark.parametrize("counted", ["nothing", "all", "half"])
def test_different_cases_since_the_start_by_specialty_whatever_is_counted(lena, mia, done, counted):
    if counted == "all":
        count_progress(now=LATER)
    elif counted == "half":
        count_progress(now=LATER, block=3)
        track(lena, "case_complete", case_id="c1")
        track(lena, "case_complete", case_id="new")
    found = completions_since({lena.pk: START, mia.pk: START}, ("CARDIOLOGY",))
    others = 2 if counted == "half" else 1
    assert found.cases == {lena.pk: {"cardiology": 2, "": others}, mia.pk: {"cardiology": 1}}
    assert (found.total(lena.pk), found.of(mia.pk, "cardiology"), found.through) == (2 + others, 1, None)


def test_each_learner_has_his_own_start(lena, mia, done):
    count_progress(now=LATER)
    found = completions_since({lena.pk: NOW.date() - timedelta(days=2), mia.pk: NOW.date()}, ())
    assert found.cases == {lena.pk: {"": 2}}


def test_much_that_waits_is_told_by_until_when_it_is_counted(lena, done, monkeypatch):
    count_progress(now=LATER)
    monkeypatch.setattr(completions, "MOST_UNCOUNTED", 1)
    for case in ("x1", "x2"):
        track(lena, "case_complete", case_id=case, now=LATER)
    found = completions_since({lena.pk: START}, ("cardiology",))
    assert (found.cases, found.through) == ({lena.pk: {"cardiology": 2, "": 1}}, NOW)


def test_nothing_counted_and_much_to_count_is_no_figure(lena, done, monkeypatch):
    monkeypatch.setattr(completions, "MOST_UNCOUNTED", 3)
    assert completions_since({lena.pk: START}) is None

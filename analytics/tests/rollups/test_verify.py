"""`verify_counts` finds every count that is not what a recount gives, and puts it right."""

from datetime import timedelta
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command

from analytics.domain.totals import packed_totals
from analytics.models import Count, LevelCount
from analytics.rollups import changes
from analytics.rollups.counting import count_changes
from analytics.rollups.verify import verify
from analytics.tests.crowd_work import crowd, naive_counts, stored_counts, work
from medsim_tracking.testing import NOW, track


@pytest.fixture
def counted(cast, cardiology, monkeypatch):
    """Some weeks of work, counted, and old enough to be compared."""
    monkeypatch.setattr(changes, "LAG", timedelta(hours=-1))
    monkeypatch.setattr("analytics.rollups.verify.LAG", timedelta(hours=1))
    learners = crowd(cardiology, 3)
    for days in range(10, 50, 2):
        kind = "case_complete" if days % 4 else "help_request"
        words = {"specialty": f"s{days % 5}", "difficulty": "hard"}
        work(learners[: 1 + days % 3], days_ago=days, kind=kind, case_id=f"c{days}", metadata=words)
    count_changes(now=NOW)


def test_what_was_counted_is_what_a_recount_gives(counted):
    assert verify(now=NOW).drifts == []


def test_every_planted_fault_is_found_and_put_right(counted):
    random = Random(3)
    rows = list(Count.objects.filter(span="day").order_by("pk"))
    for row in random.sample(rows, min(100, len(rows))):
        name = random.choice(sorted(row.values))
        word = random.choice(sorted(row.values[name]))
        row.values[name][word] += 1
        row.save()
    planted = min(100, len(rows))
    output = StringIO()
    with pytest.raises(CommandError, match="do not add up"):
        call_command("verify_counts", stdout=output)
    assert sum(line.startswith("day ") for line in output.getvalue().splitlines()) == planted == 100
    call_command("verify_counts", "--repair", stdout=StringIO())
    assert verify(now=NOW).drifts == []
    assert stored_counts() == naive_counts()


@pytest.mark.parametrize(
    "fault",
    [
        lambda: Count.objects.filter(span="day").first().delete(),
        lambda: Count.objects.filter(span="week", by="case").first().delete(),
        lambda: Count.objects.filter(span="week").update(size=99),
        lambda: Count.objects.filter(span="week", by="specialty").update(totals=packed_totals({"shallow": {"": 7}})),
        lambda: Count.objects.filter(span="week", by="all").update(totals=b""),
        lambda: Count.objects.filter(span="week", by="all").update(shown=True),
        lambda: Count.objects.filter(span="block").first().delete(),
        lambda: Count.objects.filter(span="day", by="all").update(learners=b""),
        lambda: LevelCount.objects.order_by("week").first().delete(),
        lambda: LevelCount.objects.filter(week__lt=NOW.date()).update(levels={"low": 7}),
    ],
)
def test_each_kind_of_fault_is_found_and_put_right(counted, fault):
    fault()
    assert verify(now=NOW).drifts
    verify(now=NOW, repair=True)
    assert verify(now=NOW).drifts == []


def test_days_with_news_are_passed_over(counted, lena):
    track(lena, "search", occurred_at=NOW - timedelta(days=12))
    changes.mark_due([(NOW - timedelta(days=12)).date()])
    verified = verify(now=NOW)
    assert (verified.drifts, verified.passed_over) == ([], 1)

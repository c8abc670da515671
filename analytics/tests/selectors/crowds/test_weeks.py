"""A range is read by whole blocks and by the weeks around them, and tells what its weeks alone tell."""

from dataclasses import replace
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from accounts.calendar import day_start
from analytics.domain.stats import DIFFICULTY, PARTS, SPECIALTY
from analytics.domain.totals import TOTAL_STATS
from analytics.models import Count
from analytics.rollups import changes
from analytics.rollups.counting import count_changes
from analytics.rollups.spans import block_of, week_of
from analytics.rollups.verify import verify
from analytics.selectors.crowds.scope import scope_for
from analytics.selectors.crowds.weeks import counts_of, part_counts
from analytics.tests.crowd_work import crowd, work
from interactions.windows import Window
from medsim_tracking.testing import NOW

WEEKS = 11


@pytest.fixture
def counted(cardiology, surgery, monkeypatch):
    """Eleven weeks of two crowds: often is shown in every other week, never in none, and always where never is not."""
    monkeypatch.setattr(changes, "LAG", timedelta(hours=-1))
    monkeypatch.setattr("analytics.rollups.verify.LAG", timedelta(hours=1))
    for learners in (crowd(cardiology, 14, "c"), crowd(surgery, 12, "s")):
        for weeks_ago in range(WEEKS):
            those = {"days_ago": 7 * weeks_ago, "kind": "case_complete", "time_spent_seconds": 400 + 90 * weeks_ago}
            work(learners, metadata={"specialty": "always", "difficulty": "hard"}, case_id="c1", **those)
            if weeks_ago % 2:
                work(learners, metadata={"specialty": "often", "difficulty": "easy"}, case_id="c2", **those)
            elif weeks_ago % 4:
                work(learners[:3], metadata={"specialty": "never", "difficulty": "easy"}, case_id="c3", **those)
    count_changes(now=NOW)


def part_by_weeks(scope, window, by, name):
    """What the reads of single weeks say of one part."""
    filtered = replace(scope, **{by: name})
    return replace(counts_of(filtered, window, TOTAL_STATS), weeks=())


def windows():
    """From every week to this one, to the last, and to one in the middle; and all there is."""
    monday = week_of(NOW.date())
    for weeks_ago in range(WEEKS + 1):
        start = day_start(monday - timedelta(days=7 * weeks_ago))
        yield Window(start, NOW, running=True)
        for before in (7, 35):
            if (end := day_start(monday - timedelta(days=before - 7))) > start:
                yield Window(start, end)
    yield Window(None, NOW, running=True)
    yield Window(None, day_start(monday - timedelta(days=14)))


@pytest.mark.parametrize("who", ["ada", "edda"])
def test_a_part_in_blocks_is_what_its_weeks_are(counted, request, who):
    scope, told = scope_for(request.getfixturevalue(who)), 0
    for window in windows():
        for by, names in ((SPECIALTY, ("always", "often", "never")), (DIFFICULTY, ("hard", "easy"))):
            parts = part_counts(scope, window, by, TOTAL_STATS)
            for name in names:
                alone = part_by_weeks(scope, window, by, name)
                if name in parts:
                    assert parts[name] == alone, (window, name)
                    told += 1
                else:
                    assert alone.is_withheld, (window, name)
    assert told > 60


def test_the_range_has_whole_blocks_or_this_shows_nothing(counted):
    blocks = Count.objects.filter(span="block", by__in=PARTS)
    assert {row.name for row in blocks} == {"always", "often", "hard", "easy"}
    assert all(row.shown and row.start == block_of(row.start) for row in blocks)
    assert len({row.start for row in blocks}) >= 3


def test_the_migration_packs_what_is_stored_as_counting_does(counted):
    stored = list(Count.objects.order_by("span", "start", "crowd", "by", "name", "second_name").values())
    migration = import_module("analytics.migrations.0009_packed_totals")
    migration.take_blocks_of_parts_away(apps, None)
    Count.objects.update(totals=b"")
    assert verify(now=NOW).drifts
    migration.pack_totals(apps, None)
    assert verify(now=NOW).drifts == []
    packed = list(Count.objects.order_by("span", "start", "crowd", "by", "name", "second_name").values())
    assert [row | {"id": 0, "totals": bytes(row["totals"])} for row in packed] == [
        row | {"id": 0, "totals": bytes(row["totals"])} for row in stored
    ]

"""Where cases lie on the scale, and where a new one starts, against worked values."""

from datetime import timedelta

import pytest

from engagement.domain.elo import Estimate
from engagement.domain.progress import CASE, RESOURCE, Catalogue, Item, ItemStatistics
from medsim_tracking.testing import NOW

EASY, MEDIUM, NEW = (Item(CASE, "", name) for name in ("easy", "medium", "new"))


def catalogue() -> Catalogue:
    """Two cases that were scored, easier than their authors put them by .4 and .6; one that was only completed."""
    found = Catalogue()
    found.enter(EASY, "cardiology", "beginner")
    found.enter(MEDIUM, "cardiology", "intermediate")
    found.enter(NEW, "cardiology", "advanced")
    found.statistics = {
        EASY: ItemStatistics(Estimate(-1.2, 4), completions=3, as_of=NOW),
        MEDIUM: ItemStatistics(Estimate(-0.6, 1), completions=2, as_of=NOW - timedelta(days=90)),
        NEW: ItemStatistics(completions=50, as_of=NOW),
        Item(RESOURCE, "video", "v1"): ItemStatistics(Estimate(9.0, 9), completions=9, as_of=NOW),
    }
    return found


def test_the_usual_case_is_what_is_completed_lately_and_was_scored():
    scale = catalogue().scale(NOW)
    # Two completions of ninety days ago weigh one: (3 * -1.2 + 1 * -.6) / 4.
    assert scale.usual == {"cardiology": pytest.approx(-1.05)}
    assert scale.middle == pytest.approx(-0.5)


def test_a_new_case_starts_where_its_author_put_it_on_the_scale_as_it_lies_now():
    known = catalogue()
    assert known.difficulty_of(NEW).value == pytest.approx(0.3)
    assert known.difficulty_of(EASY).value == -1.2
    assert Catalogue().difficulty_of(NEW).value == 0.0


def test_without_a_scored_case_the_scale_is_as_authors_put_it():
    scale = Catalogue().scale(NOW)
    assert (scale.middle, scale.usual) == (0.0, {})

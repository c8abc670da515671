from datetime import timedelta
from types import SimpleNamespace

import pytest

from engagement.domain.progress import CASE, Catalogue, Item
from engagement.domain.replay import replay
from medsim_tracking.testing import NOW


def event(learner, kind, case, score=None, day=0):
    return SimpleNamespace(
        user_id=learner,
        interaction_type=kind,
        case_id=case,
        resource_type="",
        resource_id="",
        performance=score,
        occurred_at=NOW + timedelta(days=day),
    )


def replayed(*events):
    catalogue = Catalogue()
    for case in ("c1", "c2"):
        catalogue.enter(Item(CASE, "", case), "cardiology", "")
    return list(replay(events, catalogue))


def test_an_attempt_stands_beside_what_was_expected_before_it_help_counted():
    first, second = replayed(
        event(1, "case_complete", "c1", 85),
        event(1, "help_request", "c1", day=1),
        event(1, "case_complete", "c1", 90, day=1),
    )
    assert (first.score, first.on_case, first.in_specialty, first.attempts) == (0.85, 0.5, 0.5, 0)
    # On the case: sigma(.175 + .175 + .35), the second value of the three that are worked out in analytics.md.
    assert (second.score, second.on_case, second.attempts) == (
        pytest.approx(0.81),
        pytest.approx(0.668188, abs=1e-6),
        1,
    )
    assert second.in_specialty == second.on_case


def test_a_case_nobody_was_scored_on_is_expected_to_be_like_the_others():
    *_, other = replayed(event(1, "case_complete", "c1", 85), event(2, "case_complete", "c2", 80, day=1))
    # sigma(0 + .35): the other case turned out .35 easier than its author said.
    assert other.on_case == other.in_specialty == pytest.approx(0.586618, abs=1e-6)
    assert (other.learner, other.case, other.specialty, other.attempts_in_specialty) == (2, "c2", "cardiology", 0)


def test_what_comes_later_changes_nothing_that_was_expected_before():
    events = [event(n % 3, "case_complete", f"c{n % 2 + 1}", 60 + n, day=n) for n in range(9)]
    events += [event(1, "case_abandon", "c1", day=9), event(1, "case_complete", "c1", None, day=9)]
    whole = replayed(*events, event(2, "case_complete", "c1", 0, day=10))
    assert replayed(*events) == whole[:-1]

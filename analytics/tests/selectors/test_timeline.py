"""The timeline: newest first, folded by session, never half a session where a page can hold it."""

from datetime import timedelta

import pytest

from analytics.selectors.timeline import interactions_in, timeline
from interactions.models import Case
from interactions.paging import after, cursor_behind
from interactions.policies import policy_book
from interactions.windows import read_window
from medsim_tracking.testing import NOW, track


@pytest.fixture
def three_sessions(lena, mia):
    """Two interactions ten minutes apart, three sessions three hours apart; Mia's must not leak."""
    track(mia, "case_start", event_id="secret")
    return [
        track(
            lena, "case_view", event_id=f"{hours}-{minutes}", occurred_at=NOW - timedelta(hours=hours, minutes=minutes)
        )
        for hours in (1, 4, 7)
        for minutes in (0, 10)
    ]


def page(lena, size, last=None):
    rows = interactions_in(lena, read_window({}, NOW))
    if last is not None:
        rows = after(rows, cursor_behind(last), lena.pk)
    return timeline(rows, policy_book(), size)


def told(found):
    return [[entry.row.event_id for entry in session.entries] for session in found.sessions]


def test_interactions_are_folded_by_session_newest_first(lena, three_sessions):
    found = page(lena, 100)
    assert told(found) == [["1-0", "1-10"], ["4-0", "4-10"], ["7-0", "7-10"]]
    assert found.last is None
    assert [(session.end - session.start, session.seconds) for session in found.sessions] == [
        (timedelta(minutes=10), 600.0)
    ] * 3


def test_a_case_that_is_told_by_its_id_alone_has_the_title_of_the_catalogue(lena):
    hour_ago = NOW - timedelta(hours=1)
    track(lena, "case_start", event_id="titled", case_id="sepsis", case_title="Sepsis", occurred_at=hour_ago)
    track(lena, "navigation", event_id="bare", case_id="sepsis", occurred_at=hour_ago)
    track(lena, "navigation", event_id="unknown", case_id="nowhere", occurred_at=hour_ago)
    Case.objects.filter(case_id="sepsis").update(title="Sepsis II")
    [session] = page(lena, 100).sessions
    titles = {entry.row.event_id: entry.row.case_title or entry.row.case_id for entry in session.entries}
    assert titles == {"titled": "Sepsis", "bare": "Sepsis II", "unknown": "nowhere"}


@pytest.mark.parametrize("size", [2, 3, 4, 5])
def test_pages_hold_whole_sessions_and_together_everything_once(lena, three_sessions, size):
    seen, last = [], None
    for _ in range(10):
        found = page(lena, size, last)
        assert not any(session.is_cut for session in found.sessions if len(session.entries) == 2 and size > 2)
        seen += told(found)
        last = found.last
        if last is None:
            break
    assert seen == [["1-0", "1-10"], ["4-0", "4-10"], ["7-0", "7-10"]]


def test_a_session_longer_than_a_page_is_cut_and_says_so(lena):
    for minute in range(5):
        track(lena, "case_view", event_id=f"e{minute}", occurred_at=NOW - timedelta(minutes=1 + minute))
    first = page(lena, 3)
    assert (told(first), first.sessions[0].is_cut) == ([["e0", "e1", "e2"]], True)
    second = page(lena, 3, first.last)
    assert (told(second), second.sessions[0].is_cut, second.last) == ([["e3", "e4"]], False, None)


def test_the_parts_of_an_entry_add_up_to_its_score(lena):
    track(
        lena,
        "case_complete",
        occurred_at=NOW - timedelta(hours=1),
        time_spent_seconds=1500,
        performance_metrics={"score": 71},
    )
    [[entry]] = [session.entries for session in page(lena, 10).sessions]
    assert sum(entry.parts.values()) == pytest.approx(entry.row.engagement_score, abs=0.01)
    assert entry.parts.keys() == {"type", "time", "performance", "consistency"}


def test_a_session_is_named_by_its_cases_and_without_any_by_its_resources(lena):
    hours = [NOW - timedelta(hours=hours) for hours in range(4)]
    track(lena, "case_start", case_id="a", case_title="Sepsis", occurred_at=hours[3])
    track(lena, "resource_access", resource_id="v", resource_name="Shock", occurred_at=hours[3])
    track(lena, "resource_access", resource_id="w", occurred_at=hours[1])
    assert [session.topics for session in page(lena, 10).sessions] == [["w"], ["Sepsis"]]


def test_a_timeline_of_nothing_is_empty(lena):
    found = page(lena, 10)
    assert (found.sessions, found.last) == ([], None)

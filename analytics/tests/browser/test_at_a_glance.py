"""What an educator asks first is answered on a desk without a click and without scrolling, in a real browser."""

import pytest

from analytics.tests.browser.chromium import DESK, chromium, opened, session_of
from analytics.tests.case_work import attempt, judge_and_count
from analytics.tests.crowd_work import crowd
from analytics.tests.work import work
from medsim_tracking.testing import client_of, enrol, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def session(cast, live_server) -> str:
    """Twelve at work as always, Ben silent after weeks of work, Lena who never began; Sepsis loses more than Asthma."""
    cardiology, sim = cast["cardiology"], cast["sim"]
    others, ben = crowd(cardiology, 12), person("ben")
    enrol(ben, cardiology)
    work(*others, days_ago=range(1, 60, 3), sim=sim)
    work(ben, days_ago=range(13, 60, 2), sim=sim)
    attempt(others[:7], "sepsis", sim, end="abandon", stage="antibiotics")
    attempt(others[7:], "sepsis", sim)
    attempt(others, "asthma", sim)
    judge_and_count()
    return session_of(client_of(cast["edda"]))


def first_sight(page, path: str) -> str:
    """The words that stand in the window as the page comes, in the order in which they are read."""
    assert page.goto(path).status == 200
    return page.evaluate(
        """() => {
            const words = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
                const range = document.createRange();
                range.selectNodeContents(walk.currentNode);
                const box = range.getBoundingClientRect();
                const isShown = walk.currentNode.parentElement.checkVisibility({visibilityProperty: true})
                    && box.width > 1 && box.height > 1 && box.left >= 0 && box.top >= 0
                    && box.right <= innerWidth && box.bottom <= innerHeight;
                if (isShown) words.push(walk.currentNode.data);
            }
            return words.join(' ').replace(/\\s+/g, ' ');
        }"""
    )


def test_today_says_who_needs_me_in_which_order_and_why_who_changed_and_whether_to_trust_it(live_server, session):
    with chromium() as browser, opened(browser, live_server.url, session=session, size=DESK) as (page, _):
        told = first_sight(page, "/")
    # 1: who, in which order, why, and what would clear it.
    assert "2 learners may need you." in told
    first, second = told.partition("Who may need you")[2].partition("Ben")[::2]
    assert first.startswith(" Lena No work in the last 84 days.")
    assert "60 points: silence. It clears with one active day" in first
    assert second.startswith(" No work for 13 days; the usual gap is 2 days.")
    assert "44 points: silence. It clears with one active day" in second
    # 2: against the own past.
    assert "Against four weeks ago:" in told
    assert "index 38 (was 69)" in second
    # 8: fresh, complete, how many, since when, cut where.
    assert "Last interaction" in told
    assert "complete through 12:00, UTC" in told
    assert "14 learners · index over 28 days, change against 28 days ago · days in UTC" in told


def test_cases_say_which_of_them_lose_learners_and_at_which_step(live_server, session):
    with chromium() as browser, opened(browser, live_server.url, session=session, size=DESK) as (page, _):
        told = first_sight(page, "/cases")
    # 4, and of how many and until when.
    assert told.index("Sepsis") < told.index("Asthma")
    assert "7 of 12 starts left unfinished" in told
    assert "at “antibiotics”" in told
    assert "complete through" in told

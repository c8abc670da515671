"""Who asks for a page that takes more than a second reads that it is on its way."""

from time import sleep

import pytest

from analytics.tests.browser.chromium import chromium, opened, session_of
from analytics.views.cases import CasesPage
from medsim_tracking.testing import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "Working on it. This can take some seconds."
SECONDS = 3
# While a page is awaited the browser answers no question about the one that stands there; so that one tells by itself.
# Who asked loses patience, and presses Escape, a while after he has read it.
_TELL = """() => {
    const said = document.getElementById('waiting');
    const escape = () => document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'}));
    const tell = () => {
        const shown = said.checkVisibility();
        console.log(shown ? said.innerText : 'nothing');
        if (shown) setTimeout(escape, 300);
    };
    new MutationObserver(tell).observe(said, {attributes: true});
}"""


@pytest.fixture
def session(cast, live_server, monkeypatch) -> str:
    """Edda's, where the page of all cases takes its time."""
    answer = CasesPage.get

    def slowly(page, request):
        sleep(SECONDS)
        return answer(page, request)

    monkeypatch.setattr(CasesPage, "get", slowly)
    return session_of(client_of(cast["edda"]))


def announced(page, heard, role: str, name: str) -> list[str]:
    """What the page told while the one behind this link or button was awaited."""
    page.evaluate(_TELL)
    with page.expect_navigation(url="**/cases**"):
        page.get_by_role(role, name=name, exact=True).click()
    told = list(heard.complaints)
    heard.complaints.clear()
    return told


def test_what_takes_more_than_a_second_is_announced_until_one_stops_waiting(live_server, session):
    with chromium() as browser, opened(browser, live_server.url, session=session) as (page, heard):
        page.goto("/")
        for role, name in (("link", "Cases"), ("button", "Filter")):
            assert announced(page, heard, role, name) == [f"log: {WORDS}", "log: nothing"]
            assert not page.locator("#waiting").is_visible()


def test_nothing_is_announced_where_the_page_stays(live_server, session):
    with chromium() as browser, opened(browser, live_server.url, session=session) as (page, heard):
        page.goto("/cohorts")
        page.evaluate(_TELL)
        with page.expect_download():
            page.get_by_role("link", name="Download as CSV").click()
        page.get_by_role("link", name="Skip to the content").focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(1300)
        assert heard.complaints == []

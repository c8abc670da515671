"""The live page in a real browser, over a real server: what is sent stands there within seconds."""

import time

import pytest
from rest_framework_simplejwt.tokens import AccessToken

from analytics.tests.browser.chromium import chromium, opened, session_of
from medsim_tracking.testing import client_of, track

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TRACK = "/api/interaction-tracking/track"
# The page may lie behind by so much.
MOST_SECONDS = 5


def test_what_a_simulator_sends_stands_on_an_open_page_within_five_seconds(live_server, cast):
    track(cast["lena"], "search")
    session = session_of(client_of(cast["edda"]))
    token = {"Authorization": f"Bearer {AccessToken.for_user(cast['sim'])}"}
    with chromium() as browser, opened(browser, live_server.url, session=session) as (page, heard):
        page.goto("/live")
        table = page.locator("figure", has_text="Interactions per minute").locator("details")
        table.locator("summary").click()
        sent = {"userId": "lena", "interactionType": "case_start", "caseId": "sepsis", "caseTitle": "Sepsis II"}
        assert page.request.post(TRACK, data=sent, headers=token).status == 201
        started = time.monotonic()
        page.locator(".working", has_text="Sepsis II").wait_for(timeout=MOST_SECONDS * 1000)
        assert time.monotonic() - started < MOST_SECONDS
        assert page.locator(".arrivals li").first.inner_text().split("\n")[1] == "Lena"
        # What its reader has opened and where his focus stands are left to him.
        assert table.get_attribute("open") is not None
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
        assert (heard.complaints, heard.foreign) == ([], [])


def test_held_still_the_page_stays_and_hidden_it_asks_rarely(live_server, cast):
    session = session_of(client_of(cast["edda"]))
    with chromium() as browser, opened(browser, live_server.url, session=session) as (page, _):
        page.clock.install()
        page.goto("/live")
        asked = []
        page.on("request", lambda request: asked.append(request.url))

        def asks_in(seconds: int) -> int:
            """How often the page asks again meanwhile."""
            asked.clear()
            for _ in range(seconds):
                page.clock.run_for(1000)
                page.wait_for_timeout(20)
            return len(asked)

        assert asks_in(10) >= 3
        page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        assert asks_in(20) == 0
        page.evaluate("delete document.hidden")
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.get_by_role("button", name="Hold still").click()
        page.wait_for_load_state("networkidle")
        assert asks_in(10) == 0


def test_after_the_session_has_ended_the_page_leads_to_signing_in_and_back(live_server, cast):
    client = client_of(cast["edda"])
    session = session_of(client)
    with chromium() as browser, opened(browser, live_server.url, session=session) as (page, _):
        page.goto("/live")
        page.context.clear_cookies()
        page.wait_for_url("**/sign-in?next=/live**", timeout=MOST_SECONDS * 1000)

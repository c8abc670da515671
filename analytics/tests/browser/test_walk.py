"""Every page as everybody meets it, in a real browser: no fault for axe, nothing from elsewhere, all by keyboard."""

from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from django.urls import resolve

from analytics.tests.browser.accessibility import accessibility_faults, resize
from analytics.tests.browser.chromium import DESK, PHONE, Heard, chromium, opened
from analytics.tests.browser.house import furnish
from analytics.tests.browser.keyboard import keyboard_faults
from analytics.tests.browser.visits import READERS, VISITS, Visit
from analytics.urls import urlpatterns
from analytics.views.page import Page

# What is downloaded, or answers a form alone.
NO_PAGES = {"interactions-csv", "interactions-jsonl"}
# The console says so of every refusal; the page itself had nothing to complain about.
REFUSED = "error: Failed to load resource: the server responded with a status of "


def test_every_page_is_opened_by_everybody():
    """A page that comes is walked through too, or this fails."""
    pages = {
        pattern.name
        for pattern in urlpatterns
        if issubclass(pattern.callback.view_class, Page) and "get" in pattern.callback.view_class.http_method_names
    } - NO_PAGES
    for who in READERS:
        assert pages <= {resolve(urlsplit(visit.path).path).url_name for visit in VISITS if visit.who == who}, who


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_every_page_is_clean_and_goes_by_keyboard_whoever_opens_it(cast, live_server):
    sessions, windows, looked_at, found = furnish(cast), {}, set(), []
    with chromium() as browser, ExitStack() as stack:
        for visit in VISITS:
            if visit.who not in windows:
                window = opened(browser, live_server.url, session=sessions[visit.who])
                windows[visit.who] = stack.enter_context(window)
            page, heard = windows[visit.who]
            resize(page, DESK)
            faults = answer_faults(page, visit)
            # One page is looked through once, whoever reads it; a refusal once for each reader; where somebody is sent
            # is a page of its own.
            sight = visit.path if visit.answer == 200 else (visit.who, visit.answer)
            if sight not in looked_at and isinstance(visit.answer, int):
                looked_at.add(sight)
                faults += keyboard_faults(page) + accessibility_faults(page)
            resize(page, PHONE)
            faults += width_faults(page)
            faults += complaints(heard, visit)
            found += [(*visit, fault) for fault in faults]
    assert found == [], "\n".join(map(str, found))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_no_page_is_wider_than_a_phone_in_german_whose_words_are_longer(cast, live_server):
    session, found = furnish(cast)["ada"], []
    german = {"session": session, "size": PHONE, "locale": "de-DE"}
    with chromium() as browser, opened(browser, live_server.url, **german) as (page, _):
        for visit in VISITS:
            if visit.who == "ada" and visit.answer == 200:
                page.goto(visit.path)
                assert page.locator("html[lang=de]").count() == 1
                found += [(visit.path, fault) for fault in width_faults(page)]
        page.goto("/cases?cohort=cardiology")
        assert page.locator(".health > li").count() == 3, "the house shows cases with their figures"
    assert found == [], "\n".join(map(str, found))


def width_faults(page) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"is {wide} px wider than the window"] if wide > 0 else []


def answer_faults(page, visit: Visit) -> list[str]:
    """Open it, and see that the answer is the expected one."""
    answer = page.goto(visit.path)
    status, address = (visit.answer, visit.path) if isinstance(visit.answer, int) else (200, visit.answer)
    if answer.status == status and page.url.endswith(address):
        return []
    return [f"answered {answer.status} at {page.url}"]


def complaints(heard: Heard, visit: Visit) -> list[str]:
    """What the browser said of this visit, and whom else it asked."""
    found = [said for said in heard.complaints if visit.answer == 200 or not said.startswith(REFUSED)]
    found += [f"asks {address}" for address in heard.foreign]
    heard.complaints.clear()
    heard.foreign.clear()
    return found

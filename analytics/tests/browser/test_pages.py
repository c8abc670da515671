"""Ways through the pages in a real browser, what they look like on a phone and on paper."""

from datetime import timedelta

import pytest

from accounts.models import Pause
from analytics.tests.browser.chromium import PHONE, chromium, opened, session_of
from analytics.tests.work import work
from medsim_tracking.testing import NOW, PASSWORD, client_of, enrol, person, track

# The server's thread sees only what is committed; the policies that migrations brought come back afterwards.
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house(cast, live_server) -> dict[str, str]:
    """A cohort with every kind of learner in it, and the sessions of those who look, by user name."""
    cardiology, today = cast["cardiology"], NOW.date()
    ben, dov, cleo = (person(name) for name in ("ben", "dov", "cleo"))
    enrol(ben, cardiology)
    enrol(dov, cardiology, start=today - timedelta(days=2))
    leave = enrol(cleo, cardiology)
    Pause.objects.create(enrolment=leave, start=today - timedelta(days=20), end=today + timedelta(days=5))
    work(cast["lena"], days_ago=range(1, 100, 2), sim=cast["sim"])
    work(cleo, days_ago=range(21, 100, 2), sim=cast["sim"])
    work(ben, days_ago=range(13, 100, 2), sim=cast["sim"])
    track(ben, "case_start", case_id="asthma", case_title="Asthma")
    return {name: session_of(client_of(cast[name])) for name in ("lena", "edda", "otto", "ada", "sim")} | {"": ""}


def test_the_policy_of_a_page_stops_a_planted_script(live_server, house):
    """The ears above do hear: an inline script is refused, and the browser says so."""
    with chromium() as browser, opened(browser, live_server.url, session=house["edda"]) as (page, heard):
        page.goto("/")
        page.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: '1'}))")
        assert ["Content Security Policy" in complaint for complaint in heard.complaints] == [True]


def test_the_way_to_a_learner_goes_by_keyboard_alone(live_server, house):
    with chromium() as browser, opened(browser, live_server.url) as (page, _):
        page.goto("/cohorts/cardiology")
        # The browser puts the focus there by itself, but not before the page has loaded.
        page.locator("input[name=username]:focus").wait_for()
        page.keyboard.type("edda")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{live_server.url}/cohorts/cardiology")
        page.keyboard.press("Tab")
        assert focused(page) == "Skip to the content"
        page.keyboard.press("Enter")
        tab_to(page, "Name")
        page.keyboard.type("lena")
        page.keyboard.press("Enter")
        page.wait_for_url("**q=lena**")
        tab_to(page, "Lena")
        assert page.locator("tr:focus-within time").first.is_visible()
        page.keyboard.press("Enter")
        page.wait_for_url("**/learners/lena")
        tab_to(page, "90 days")
        page.keyboard.press("Enter")
        page.wait_for_url("**timeRange=90d")
        tab_to(page, "Show as table: Points per week")
        page.keyboard.press("Enter")
        assert page.locator("figure", has_text="Points per week").locator("table").is_visible()


def focused(page) -> str:
    """What a screen reader would say of the element that has the focus, blanks as one."""
    return page.evaluate("(e => (e.labels?.[0] ?? e).textContent.replace(/\\s+/g, ' ').trim())(document.activeElement)")


def tab_to(page, words: str) -> None:
    """Press Tab until the focus stands on the element with these words."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if focused(page) == words:
            return
    raise AssertionError(f"Tab never reaches {words!r}")


def test_a_table_becomes_a_list_on_a_phone_and_stays_a_table_to_a_screen_reader(live_server, house):
    with chromium() as browser, opened(browser, live_server.url, session=house["edda"], size=PHONE) as (page, _):
        page.goto("/cohorts/cardiology")
        row = page.get_by_role("row").filter(has_text="Lena")
        assert row.bounding_box()["height"] < 90
        assert row.get_by_role("cell").count() >= 5


def test_cases_fit_a_phone_and_nothing_of_them_is_lost(live_server, house):
    with chromium() as browser, opened(browser, live_server.url, session=house["edda"], size=PHONE) as (page, _):
        page.goto("/learners/lena")
        row = page.locator(".cases tbody tr").first
        assert row.bounding_box()["height"] < 90
        for cell in row.locator("th, td").all():
            box = cell.bounding_box()
            assert box["x"] + box["width"] <= PHONE[0]


def test_paper_is_light_and_names_its_address(live_server, house):
    with chromium() as browser, opened(browser, live_server.url, session=house["edda"], scheme="dark") as (page, _):
        page.goto("/cohorts/cardiology?sort=name")
        ground = "getComputedStyle(document.documentElement).backgroundColor"
        dark = page.evaluate(ground)
        page.emulate_media(media="print", color_scheme="dark")
        assert (dark, page.evaluate(ground)) == ("rgb(20, 23, 26)", "rgb(255, 255, 255)")
        told = page.locator(".paper").inner_text()
        assert told.startswith("Monday 16 March 2026, 12:00 UTC")
        assert told.endswith("/cohorts/cardiology?sort=name")
        assert not page.locator(".filters").is_visible()
        assert not page.locator(".learners thead a > span").is_visible()


@pytest.mark.parametrize("path", ["/", "/cohorts", "/cohorts/cardiology", "/learners/lena", "/search?q=e"])
def test_no_line_on_paper_ends_where_a_link_was(live_server, house, path):
    with chromium() as browser, opened(browser, live_server.url, session=house["edda"]) as (page, _):
        page.goto(path)
        page.emulate_media(media="print")
        notes = [note.strip() for note in page.locator("main .note").all_inner_texts()]
        assert not page.get_by_text("Download as CSV").first.is_visible()
        assert [note for note in notes if note.endswith("·")] == []


def test_signing_out_goes_by_the_button(live_server, house):
    with chromium() as browser, opened(browser, live_server.url, session=house["lena"]) as (page, heard):
        page.goto("/")
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/sign-in")
        page.goto("/me")
        page.wait_for_url("**/sign-in?next=/me")
        assert heard.complaints == []

"""Every chart in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from analytics.tests.browser.chromium import DESK, PHONE, chromium, opened

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("analytics.tests.browser.gallery"),
]


def test_every_chart_is_clean_at_both_widths_and_in_both_themes(live_server):
    found = []
    with chromium() as browser:
        for size in (DESK, PHONE):
            with opened(browser, live_server.url, size=size) as (page, heard):
                page.goto("/gallery")
                page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
                found += Axe().run(page).response["violations"]
                page.emulate_media(color_scheme="dark")
                found += Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
                assert (heard.complaints, heard.foreign) == ([], [])
                assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
                cut = page.evaluate(
                    """[...document.querySelectorAll('svg text:not(.tip)')].filter(text => {
                        const box = text.getBoundingClientRect();
                        return box.left < 0 || box.right > window.innerWidth;
                    }).map(text => text.textContent)"""
                )
                assert cut == [], f"cut off at {size[0]} px"
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_a_mark_says_its_figure_to_the_keyboard(live_server):
    with chromium() as browser, opened(browser, live_server.url) as (page, _):
        page.goto("/gallery")
        mark = page.locator("figure", has_text="Few").locator(".mark").first
        tip = mark.locator(".tip")
        assert tip.evaluate("each => getComputedStyle(each).visibility") == "hidden"
        mark.focus()
        assert tip.evaluate("each => getComputedStyle(each).visibility") == "visible"
        assert (mark.get_attribute("aria-label"), tip.text_content()) == ("1 short: Points 110", "1 short: Points 110")

"""Charts as they stand on the pages: what each is of, and how fresh."""

import pytest

from analytics.tests.browser.chart_grammar import chart_faults, charts_on
from analytics.tests.browser.chromium import chromium, opened
from analytics.tests.browser.house import furnish
from analytics.tests.browser.visits import VISITS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_every_chart_of_every_page_says_what_it_is_of_and_how_fresh(cast, live_server):
    sessions, found, charts = furnish(cast), [], 0
    with chromium() as browser:
        for who in ("ada", "lena"):
            with opened(browser, live_server.url, session=sessions[who]) as (page, _):
                for path in [visit.path for visit in VISITS if visit.who == who and visit.answer == 200]:
                    page.goto(path)
                    found += [(who, path, fault) for fault in chart_faults(page)]
                    charts += charts_on(page)
    assert found == [], "\n".join(map(str, found))
    assert charts > 25


@pytest.mark.parametrize("gone", ["figcaption", ".note", "details.twin", "desc"])
def test_a_chart_that_lacks_something_is_found(cast, live_server, gone):
    session = furnish(cast)["ada"]
    with chromium() as browser, opened(browser, live_server.url, session=session) as (page, _):
        page.goto("/patterns")
        page.evaluate("gone => document.querySelectorAll(`figure.chart ${gone}`).forEach((e) => e.remove())", gone)
        page.evaluate("document.querySelectorAll('figure.chart title').forEach((e) => e.remove())")
        assert chart_faults(page)

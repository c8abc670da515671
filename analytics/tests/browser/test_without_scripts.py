"""Every page in a real browser that runs no scripts: its contents stand there, its filters filter, its tables leave."""

import re
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from analytics.tests.browser.chromium import chromium, opened
from analytics.tests.browser.house import furnish, sessions
from analytics.tests.browser.visits import VISITS
from analytics.tests.case_work import attempt, judge_and_count
from analytics.tests.crowd_work import crowd

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What each page is opened for, as an educator, an admin or the learner reads it.
CONTENTS = {
    "/": ["may need you", "It clears with", "points", "Levels", "complete through"],
    "/cohorts": ["Cardiology", "Median index", "complete through"],
    "/cohorts/cardiology": ["Lena", "Ben", "Active learners per week", "started cases", "Show as table"],
    "/cohorts/surgery": ["Mia", "Levels", "complete through"],
    "/cases": ["Sepsis on the ward", "completed", "complete through"],
    "/cases/sepsis": ["Sepsis on the ward", "Where it was left", "Worked, or clicked through?", "Show as table"],
    "/debrief": ["Cardiology"],
    "/debrief/cardiology": ["Cardiology", "Sepsis on the ward", "complete through"],
    "/patterns": ["Most work is done on", "Who is still at work", "Show as table"],
    "/learners/ben": ["Ben", "Engagement index, of 100", "Patterns", "What next", "By specialty", "Timeline"],
    "/learners/mia": ["Mia", "No interactions yet"],
    "/me": ["Where you stand", "What next", "Comparison with others"],
    "/data-quality": ["unknown_type", "What it said", "Try again", "Show as table"],
    "/live": ["In a case now", "Ben", "Interactions per minute", "What came in last", "Look again"],
    "/search?q=e": ["Lena", "Ben"],
}


@contextmanager
def reading(browser, live_server, session):
    with opened(browser, live_server.url, session=session, scripts=False) as (page, heard):
        yield page
        assert heard.foreign == []


def test_a_window_without_scripts_runs_none(cast, live_server):
    """Else the tests below would say nothing."""
    with chromium() as browser, opened(browser, live_server.url, scripts=False) as (page, _):
        page.goto("data:text/html,<title>none ran</title><script>document.title = 'one ran'</script>")
        assert page.title() == "none ran"


def test_every_page_shows_what_it_is_opened_for(cast, live_server):
    doors, missing, seen = furnish(cast), [], set()
    with chromium() as browser:
        for who in ("edda", "lena", "ada"):
            with reading(browser, live_server, doors[who]) as page:
                for visit in VISITS:
                    if visit.who == who and visit.answer == 200 and visit.path in CONTENTS:
                        assert page.goto(visit.path).status == 200
                        told = page.locator("main").inner_text()
                        wanted = CONTENTS[visit.path] if visit.path != "/me" or who == "lena" else []
                        missing += [(who, visit.path, words) for words in wanted if words not in told]
                        seen.add(visit.path)
    assert missing == [], "\n".join(map(str, missing))
    assert seen == set(CONTENTS)


def test_filters_filter_and_orders_order(cast, live_server):
    session = furnish(cast)["edda"]
    with chromium() as browser, reading(browser, live_server, session) as page:
        page.goto("/cohorts/cardiology")
        names = page.locator("table.learners tbody th a")
        everybody = names.all_inner_texts()
        page.get_by_label("Name").fill("ben")
        page.get_by_role("button", name="Filter").click()
        assert names.all_inner_texts() == ["Ben"]
        page.get_by_role("link", name="Show all").click()
        assert names.all_inner_texts() == everybody
        page.get_by_role("link", name=re.compile("^Learner")).first.click()
        assert names.all_inner_texts() != everybody
        assert sorted(names.all_inner_texts()) == sorted(everybody)
        page.goto("/learners/lena")
        page.locator(".ranges").get_by_role("link", name="7 days").click()
        assert asked(page)["timeRange"] == ["7d"]
        assert page.locator(".ranges [aria-current]").inner_text() == "7 days"
        page.goto("/cases")
        page.get_by_label("Cohort").select_option("cardiology")
        page.get_by_role("button", name="Filter").click()
        assert asked(page)["cohort"] == ["cardiology"]
        # What was chosen on one page holds on the next.
        page.get_by_role("link", name="Patterns").click()
        assert page.get_by_label("Cohort").input_value() == "cardiology"
        page.get_by_label("Find a learner").fill("lena")
        page.get_by_role("button", name="Find").click()
        assert urlsplit(page.url).path == "/learners/lena"
        page.locator(".sessions > li > details > summary").first.click()
        page.locator(".entries summary").first.click()
        assert page.locator(".entries .sum").first.is_visible()


def test_every_table_leaves_by_its_link(cast, live_server, settings):
    settings.MEDSIM_RATE_EXPORT = "500/h"
    doors, wrong, left = furnish(cast), [], 0
    with chromium() as browser:
        for who, paths in {"edda": CONTENTS, "lena": ["/me"], "ada": ["/data-quality"]}.items():
            with reading(browser, live_server, doors[who]) as page:
                for path in [path for path in paths if (who, path, 200) in VISITS]:
                    page.goto(path)
                    for summary in page.locator("details.twin > summary").all():
                        summary.click()
                    for link in page.locator("main a[href*='format=csv']").all():
                        with page.expect_download() as download:
                            link.click()
                        told = Path(download.value.path()).read_text(encoding="utf-8")
                        left += 1
                        if not told.startswith("\ufeff") or told.count("\n") < 2:
                            wrong.append((who, path, link.get_attribute("href"), told[:80]))
    assert wrong == []
    assert left > 40


def test_a_case_of_dots_opens_from_the_list(cast, live_server):
    learners, sim = crowd(cast["cardiology"], 12), cast["sim"]
    for name in (".", ".."):
        attempt(learners, name, sim)
    judge_and_count()
    session = sessions(cast)["edda"]
    with chromium() as browser, reading(browser, live_server, session) as page:
        for name in (".", ".."):
            page.goto("/cases")
            page.locator("main").get_by_role("link", name=name, exact=True).click()
            assert (urlsplit(page.url).path, page.locator("h1").inner_text()) == (f"/cases/~{name}", name)
            page.get_by_role("button", name="Filter").click()
            assert urlsplit(page.url).path == f"/cases/~{name}"


def asked(page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)

"""The admin in a real browser: its scripts work under the strict policy, and nothing breaks it."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from interactions.models import ScoringPolicy, ScoringRule
from interactions.policy_versions import copy_as_draft
from interactions.tests.log_pages import LIST, fill
from medsim_tracking.testing import NOW, track
from medsim_tracking.tests.plugin import chromium_path

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


@pytest.fixture
def complaints() -> list[str]:
    """What the browser reported: refusals under the policy, errors of scripts, failed requests."""
    return []


@pytest.fixture
def page(live_server, ada_client, complaints, monkeypatch):
    """A page signed in as Ada."""
    from playwright.sync_api import sync_playwright

    # Playwright runs an event loop in this thread, in which Django would refuse to ask the database.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET)
        context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 1000})
        session = {
            "name": settings.SESSION_COOKIE_NAME,
            "value": ada_client.cookies[settings.SESSION_COOKIE_NAME].value,
        }
        context.add_cookies([session | {"url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: _note(message, complaints))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("requestfailed", lambda request: complaints.append(f"failed: {request.url}"))
        yield page
        browser.close()


def _note(message, complaints: list[str]) -> None:
    # The browser asks for an icon by itself; that there is none here breaks nothing.
    if message.type == "error" and "favicon.ico" not in message.location["url"]:
        complaints.append(f"{message.text} {message.location['url']}")


def test_the_policy_is_strict_and_would_be_noticed(page, complaints):
    answer = page.goto("/admin/")
    assert "unsafe" not in answer.headers["content-security-policy"]
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">red</p>')")
    assert any("style-src" in complaint for complaint in complaints)


def test_the_log_is_searched_filtered_and_drilled_into(page, complaints, lena):
    fill(lena, 120)
    row = track(lena, "case_complete", case_id="c1", case_title="Sepsis", time_spent_seconds=900,
                performance_metrics={"score": 80}, metadata={"stage": "clerkship"})  # fmt: skip
    page.goto(LIST)
    page.get_by_role("link", name="Older").click()
    page.get_by_role("link", name="Newest").click()
    page.get_by_role("link", name="2026", exact=True).click()
    page.get_by_role("link", name="March 2026").click()
    page.get_by_role("link", name="March 16").click()
    assert page.locator("#result_list tbody tr").count() == 1
    page.goto(LIST)
    page.screenshot(path="/tmp/shot_log.png", full_page=True)
    page.locator("#changelist-filter").get_by_role("link", name="case complete").click()
    assert urlsplit(page.url).query == "interaction_type__exact=case_complete"
    # Folding a filter away is a script's work, and is remembered.
    page.locator("#changelist-filter summary").first.click()
    page.reload()
    assert page.locator("#changelist-filter details").first.get_attribute("open") is None
    page.locator("#searchbar").fill("lena")
    page.locator("#searchbar").press("Enter")
    assert page.locator("#result_list tbody tr").count() == 1
    page.locator("#result_list tbody th a").click()
    assert "The parts add up to the score." in page.locator(".field-score_parts").inner_text()
    assert str(row.id) in page.url
    page.screenshot(path="/tmp/shot_detail.png", full_page=True)
    assert complaints == []


def test_a_policy_is_copied_edited_and_put_into_force(page, complaints, db):
    page.goto("/admin/interactions/scoringpolicy/")
    page.locator("#result_list tbody input[type=checkbox]").check()
    page.locator("select[name=action]").select_option("copy_as_new_draft")
    page.get_by_role("button", name="Go").click()
    page.get_by_role("link", name="es-2").first.click()
    page.locator(".add-row a").click()
    page.locator("#id_rules-15-interaction_type").fill("ward_round")
    page.locator("#id_rules-15-weight").fill("0.7")
    page.screenshot(path="/tmp/shot_policy.png", full_page=True)
    page.locator("#id_effective_from").fill((NOW.date() + timedelta(days=1)).isoformat())
    page.get_by_role("button", name="Save and continue editing").click()
    assert page.get_by_role("button", name="Save", exact=True).count() == 0
    assert ScoringPolicy.objects.get(version="es-2").effective_from == NOW.date() + timedelta(days=1)
    assert ScoringRule.objects.get(policy__version="es-2", interaction_type="ward_round").weight == 0.7
    assert complaints == []


def test_a_cohort_gets_an_educator_and_a_learner_by_typing(page, complaints, surgery, edda, lena):
    page.goto(f"/admin/accounts/cohort/{surgery.pk}/change/")
    page.locator(".field-educators .select2-selection").click()
    page.locator(".field-educators .select2-search__field").type("Edd")
    page.locator(".select2-results__option", has_text="Edda").click()
    page.locator("#enrolments-2-0 .select2-selection").click()
    page.locator(".select2-container--open .select2-search__field").type("Len")
    page.locator(".select2-results__option", has_text="Lena").click()
    page.locator("#enrolments-2-0").get_by_role("link", name="Today").first.click()
    page.screenshot(path="/tmp/shot_cohort.png", full_page=True)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/admin/accounts/cohort/")
    assert edda in surgery.educators.all()
    assert surgery.enrolments.filter(learner=lena).count() == 1
    assert complaints == []


@pytest.mark.parametrize(
    "path",
    [
        "",
        "accounts/user/",
        "accounts/user/add/",
        "accounts/enrolment/",
        "interactions/case/",
        "interactions/dailyactivity/",
    ],
)
def test_every_other_page_keeps_to_the_policy(page, complaints, lena, path):
    copy_as_draft(ScoringPolicy.objects.get())
    track(lena, "case_view", case_id="c1")
    assert page.goto(f"/admin/{path}").status == 200
    page.wait_for_load_state("networkidle")
    assert complaints == []

"""The admin in a real browser: its scripts work under the strict policy, and nothing breaks it."""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from analytics.tests.browser.chromium import chromium, opened, session_of
from interactions.models import ScoringPolicy, ScoringRule
from interactions.policy_versions import copy_as_draft
from interactions.tests.log_pages import LIST, fill
from medsim_tracking.testing import NOW, track

# The server's thread sees only what is committed; the policies that migrations brought come back afterwards.
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ada_page(live_server, ada_client) -> Callable:
    """Opens a page signed in as Ada; on leaving it, the browser must have had nothing to complain about."""

    @contextmanager
    def open_page(path: str):
        with chromium() as browser, opened(browser, live_server.url, session=session_of(ada_client)) as (page, heard):
            page.set_default_timeout(15_000)
            page.goto(path)
            yield page
            page.wait_for_load_state("networkidle")
            assert (heard.complaints, heard.foreign) == ([], [])

    return open_page


def test_a_breach_of_the_policy_would_be_heard(live_server, ada_client):
    with chromium() as browser, opened(browser, live_server.url, session=session_of(ada_client)) as (page, heard):
        answer = page.goto("/admin/")
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">red</p>')")
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert any("style-src" in complaint for complaint in heard.complaints)


def test_the_log_is_searched_filtered_and_drilled_into(ada_page, lena):
    fill(lena, 120)
    told = {"case_title": "Sepsis", "time_spent_seconds": 900, "performance_metrics": {"score": 80}}
    row = track(lena, "case_complete", case_id="c1", **told)
    with ada_page(LIST) as page:
        rows = page.locator("#result_list tbody tr")
        page.get_by_role("link", name="Older").click()
        page.get_by_role("link", name="Newest").click()
        page.get_by_role("link", name="2026", exact=True).click()
        page.get_by_role("link", name="March 2026").click()
        page.get_by_role("link", name="March 16").click()
        expect(rows).to_have_count(1)
        page.goto(LIST)
        page.locator("#changelist-filter").get_by_role("link", name="case complete").click()
        page.wait_for_url("**/?interaction_type__exact=case_complete")
        # Folding a filter away is a script's work, and is remembered.
        page.locator("#changelist-filter summary").first.click()
        page.reload()
        expect(page.locator("#changelist-filter details").first).not_to_have_attribute("open", "")
        page.locator("#searchbar").fill("lena")
        page.locator("#searchbar").press("Enter")
        expect(rows).to_have_count(1)
        page.locator("#result_list tbody th a").click()
        expect(page.locator(".field-score_parts")).to_contain_text("The parts add up to the score.")
        assert str(row.id) in page.url


def test_a_policy_is_copied_edited_and_put_into_force(ada_page):
    tomorrow = NOW.date() + timedelta(days=1)
    with ada_page("/admin/interactions/scoringpolicy/") as page:
        page.locator("#result_list tbody input[type=checkbox]").check()
        page.locator("select[name=action]").select_option("copy_as_new_draft")
        page.get_by_role("button", name="Go").click()
        page.locator("#result_list").get_by_role("link", name="es-2").click()
        page.locator(".add-row a").click()
        page.locator("#id_rules-15-interaction_type").fill("ward_round")
        page.locator("#id_rules-15-weight").fill("0.7")
        page.locator("#id_effective_from").fill(tomorrow.isoformat())
        page.get_by_role("button", name="Save and continue editing").click()
        expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
        expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    assert ScoringPolicy.objects.get(version="es-2").effective_from == tomorrow
    assert ScoringRule.objects.get(policy__version="es-2", interaction_type="ward_round").weight == 0.7


def test_tables_fit_a_window_of_1440_pixels(ada_page, lena):
    draft = copy_as_draft(ScoringPolicy.objects.get())
    lena.name = "Lena Hoffmann-Zielińska"
    lena.save()
    row = track(lena, "competency_update", case_id="c1", case_title="Third Day after Colectomy")
    type(row).objects.filter(pk=row.pk).update(clock_flag="clamped")
    policies = ("scoringpolicy/add/", f"scoringpolicy/{draft.pk}/change/")
    with ada_page("/admin/") as page:
        page.set_viewport_size({"width": 1440, "height": 900})
        for path in ("userinteractiontrackingmodel/", "dailyactivity/", *policies):
            page.goto(f"/admin/interactions/{path}")
            beyond = page.evaluate(
                "[...document.querySelectorAll('html, .results, .tabular')]"
                ".filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.className || e.tagName)"
            )
            assert (path, beyond) == (path, [])


def test_a_cohort_gets_an_educator_and_a_learner_by_typing(ada_page, surgery, edda, lena):
    with ada_page(f"/admin/accounts/cohort/{surgery.pk}/change/") as page:
        page.locator(".field-educators .select2-selection").click()
        page.locator(".field-educators .select2-search__field").type("Edd")
        page.locator(".select2-results__option", has_text="Edda").click()
        page.locator("#enrolments-2-0 .select2-selection").click()
        page.locator(".select2-container--open .select2-search__field").type("Len")
        page.locator(".select2-results__option", has_text="Lena").click()
        page.locator("#enrolments-2-0").get_by_role("link", name="Today").first.click()
        page.get_by_role("button", name="Save", exact=True).click()
        page.wait_for_url("**/admin/accounts/cohort/")
    assert edda in surgery.educators.all()
    assert surgery.enrolments.filter(learner=lena).count() == 1


def test_every_other_page_keeps_to_the_policy(ada_page, lena):
    copy_as_draft(ScoringPolicy.objects.get())
    track(lena, "case_view", case_id="c1")
    paths = [
        f"accounts/{name}/" for name in ("user", "user/add", f"user/{lena.pk}/change", "enrolment", "enrolment/add")
    ]
    paths += [f"interactions/{name}/" for name in ("case", "resource", "dailyactivity", "scoringpolicy/add")]
    with ada_page("/admin/") as page:
        for path in paths:
            assert page.goto(f"/admin/{path}").status == 200
            page.wait_for_load_state("networkidle")

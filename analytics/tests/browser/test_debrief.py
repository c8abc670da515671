"""A debrief in a real browser, on paper."""

import re

import pytest

from analytics.tests.browser.chromium import chromium, opened, session_of
from analytics.tests.case_work import attempt, judge_and_count
from analytics.tests.crowd_work import crowd
from interactions.models import Case
from medsim_tracking.testing import NOW, client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOSTILE = '<img src=x onerror="alert(1)">'


@pytest.fixture
def session(cast, live_server) -> str:
    learners, sim = crowd(cast["cardiology"], 12), cast["sim"]
    attempt(learners[:4], "sepsis", sim, end="abandon", stage=HOSTILE)
    attempt(learners[4:7], "sepsis", sim, minutes=1, help_at="a stage with a name of more words than there is room for")
    attempt(learners[7:], "sepsis", sim, days_ago=20)
    attempt(learners, "plain", sim, score=55)
    Case.objects.filter(case_id="sepsis").update(title=f"Sepsis {HOSTILE}", changed_on=NOW.date())
    judge_and_count()
    return session_of(client_of(cast["edda"]))


@pytest.fixture
def full_sheet(cast, live_server) -> str:
    """As much on a sheet as there may be: titles and stages of two hundred letters, six cases, six specialties."""
    learners, sim = crowd(cast["cardiology"], 12), cast["sim"]
    for number in range(7):
        left, about = 9 - number, {"specialty": f"a specialty of many words {number}"}
        attempt(learners[:left], f"case {number}", sim, end="abandon", stage="stage of many words " * 10, **about)
        attempt(learners[left:], f"case {number}", sim, help_at="another stage " * 14, score=40 + 5 * number, **about)
    Case.objects.update(title="A title of many words " * 9)
    judge_and_count()
    return session_of(client_of(cast["edda"]))


@pytest.mark.parametrize("sheet", ["session", "full_sheet"])
def test_a_debrief_is_one_sheet_of_paper(request, live_server, sheet):
    session = request.getfixturevalue(sheet)
    with chromium() as browser, opened(browser, live_server.url, session=session) as (page, _):
        assert page.goto("/debrief/cardiology?timeRange=90d").status == 200
        printed = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1
        page.emulate_media(media="print")
        assert page.locator(".points li").count() == 3
        assert not page.locator(".ranges").is_visible()

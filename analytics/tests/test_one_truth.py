"""A cohort's table, the learner's page, his own page and the API say the same about everybody of the demo."""

import re
from datetime import date, datetime, time

import pytest
from django.core.management import call_command
from django.test import Client
from rest_framework_simplejwt.tokens import AccessToken

from accounts.calendar import institution_zone
from accounts.models import Cohort, User
from analytics.selectors.cohorts import clearings_of_rows, cohort_overviews
from analytics.selectors.learners import learner_overview
from analytics.words import level_words, whole
from engagement.api.insight_answers import STATUS, insights_json
from engagement.insights import learning_insights
from engagement.standing import NEEDING
from interactions.windows import read_window
from medsim_tracking.testing import client_of

TODAY = date(2026, 3, 16)
NOW = datetime.combine(TODAY, time(12), institution_zone())


@pytest.fixture
def demo(db, monkeypatch):
    # Enough for the index and for the one before it, and as little as it may take.
    monkeypatch.setattr("analytics.demo.terms.WEEKS_SHOWN", 9)
    call_command("load_demo", today=TODAY)


def shown(answer) -> tuple[str, str]:
    """The index and the level that stand in large type on a learner's page; empty where too little is known."""
    assert answer.status_code == 200
    found = re.search(
        r'<p class="display"><span class="figure">(\d+)</span> <span class="level">.*?</svg> ([^<]+)</span>',
        answer.content.decode(),
    )
    return found.groups() if found else ("", "")


def told(answer) -> tuple[str, str]:
    """The same of the API's answer, as a page would write it."""
    summary = answer.json().get("engagementSummary") or answer.json()
    score = summary["engagementScore"]
    return ("", "") if isinstance(score, dict) else (str(whole(score)), level_words(summary["engagementLevel"]))


def assert_read_alike(learner: User) -> None:
    """The learner's page, his own page and both endpoints, as they are answered."""
    ada = User.objects.get(username="ada")
    api = Client(headers={"Authorization": f"Bearer {AccessToken.for_user(ada)}"})
    page = shown(client_of(learner).get("/me"))
    assert page == shown(client_of(ada).get(f"/learners/{learner.public_id}")), learner
    for name in ("engagement", "learning-insights"):
        assert page == told(api.get(f"/api/interaction-tracking/{name}/{learner.public_id}")), (learner, name)


def test_every_learner_of_the_demo_has_one_status_wherever_it_is_read(demo, clock):
    rows = [row for overview in cohort_overviews(list(Cohort.objects.all()), now=NOW) for row in overview.rows]
    assert len(rows) == User.objects.learners().count() == 60
    window, kinds = read_window({}, NOW), set()
    for row in rows:
        found = learning_insights(row.learner, window=window, now=NOW)
        page = learner_overview(row.learner, window=window, now=NOW)
        told = [(factor.reason, factor.clearing) for factor in found.risk_factors]
        assert row.standing == page.standing == found.standing, row.learner
        assert clearings_of_rows([row], now=NOW) == [page.clearings] == [told], row.learner
        for own in (True, False):
            answer = insights_json(found, "UTC", to_the_learner=own)
            summary = answer["engagementSummary"]
            assert summary["status"] == STATUS[row.standing.kind]
            assert summary["urgency"] == row.standing.points == sum(one["points"] for one in answer["riskFactors"])
            assert (summary["urgency"] > 0) == (row.standing.kind == NEEDING)
        kinds |= {reason.kind for reason in row.standing.reasons}
    # The demo has somebody for most of the rules, or this would prove little.
    assert len(kinds) >= 3
    # What is answered is made of these values alone; whole answers are slow, so one learner of each sort is read.
    clock.now = NOW
    sorts = {(row.standing.kind, row.standing.level): row.learner for row in rows}
    assert len(sorts) >= 6
    for learner in sorts.values():
        assert_read_alike(learner)

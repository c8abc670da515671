"""A cohort's table, the learner's page, his own page and the API say the same about everybody of the demo."""

import re
from datetime import date, datetime, time

import pytest
from django.core.management import call_command
from django.test import Client
from rest_framework_simplejwt.tokens import AccessToken

from accounts.calendar import institution_zone
from accounts.models import Cohort, User
from analytics.selectors.cohorts import LearnerRow, clearings_of_rows, cohort_overviews
from analytics.selectors.learners import learner_overview
from analytics.tests.reading import words_of
from analytics.words import level_words, own_standing_sentence, standing_sentence, whole
from engagement.api.insight_answers import STATUS, insights_json
from engagement.insights import learning_insights
from engagement.standing import NEEDING, UNMEASURED
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


def said(standing, last_seen, *, own: bool) -> str:
    """The sentence about where a learner stands; of whom too little is known, his educators read what is missing."""
    if own:
        return own_standing_sentence(standing, has_begun=last_seen is not None)
    return "" if standing.kind == UNMEASURED else standing_sentence(standing)


def assert_read_alike(row: LearnerRow, window) -> None:
    """The learner's page, his own page and both endpoints, as they are answered.

    The shortest period: where somebody stands is told over 28 days whatever is chosen, and the page is soon made.
    """
    learner, standing = row.learner, row.standing
    ada = User.objects.get(username="ada")
    api = Client(headers={"Authorization": f"Bearer {AccessToken.for_user(ada)}"})
    own = client_of(learner).get("/me", window)
    page = client_of(ada).get(f"/learners/{learner.public_id}", window)
    assert shown(own) == shown(page), learner
    assert said(standing, row.last_seen, own=False) in words_of(page), learner
    if standing.kind != UNMEASURED or row.last_seen is None:
        assert said(standing, row.last_seen, own=True) in words_of(own), learner
    for name in ("engagement", "learning-insights"):
        answer = api.get(f"/api/interaction-tracking/{name}/{learner.public_id}", window)
        assert told(answer) == shown(page), (learner, name)
    assert answer.json()["engagementSummary"]["status"] == STATUS[standing.kind], learner


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
    # And as it is answered.
    clock.now = NOW
    for row in rows:
        assert_read_alike(row, {"timeRange": "7d"})

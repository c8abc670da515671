"""A cohort's table, the learner's page, his own page and the API say the same about everybody of the demo."""

from datetime import date, datetime, time

import pytest
from django.core.management import call_command

from accounts.calendar import institution_zone
from accounts.models import Cohort, User
from analytics.selectors.cohorts import clearings_of_rows, cohort_overviews
from analytics.selectors.learners import learner_overview
from engagement.api.insight_answers import STATUS, insights_json
from engagement.insights import learning_insights
from engagement.standing import NEEDING
from interactions.windows import read_window

TODAY = date(2026, 3, 16)
NOW = datetime.combine(TODAY, time(12), institution_zone())


@pytest.fixture
def demo(db, monkeypatch):
    # Enough for the index and for the one before it, and as little as it may take.
    monkeypatch.setattr("analytics.demo.terms.WEEKS_SHOWN", 9)
    call_command("load_demo", today=TODAY)


def test_every_learner_of_the_demo_has_one_status_wherever_it_is_read(demo):
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

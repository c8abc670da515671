"""What counts at most of a type on a day: the database says what the policy says."""

from datetime import date, timedelta

import pytest

from interactions.domain.policy import ES_1, Policy
from interactions.domain.scoring import POINT_UNITS, day_points
from interactions.models import DailyActivity
from interactions.policies import PolicyBook
from medsim_tracking.testing import NOW

DAY = date(2026, 3, 16)
# A second policy that knows fewer types.
FEWER = Policy(
    "es-2", {kind: rule for kind, rule in ES_1.rules.items() if kind[0] != "search"}, DAY + timedelta(days=1)
)


def did(learner, version: str, units: dict[str, int]) -> None:
    DailyActivity.objects.bulk_create(
        DailyActivity(
            user=learner,
            day=DAY,
            interaction_type=kind,
            policy_version=version,
            interactions=1,
            base_units=base,
            **dict.fromkeys(("best_units", "active_seconds", "wall_seconds", "unknown_seconds", "untimed"), 0),
            first_at=NOW,
            last_at=NOW,
        )
        for kind, base in units.items()
    )


@pytest.mark.parametrize("units", [100, 900_000, 50_000_000])
def test_a_days_points_are_capped_by_type_and_policy_as_the_domain_caps_them(lena, units):
    kinds = {*ES_1.interaction_types, "juggling"}
    for policy in (ES_1, FEWER):
        did(lena, policy.version, dict.fromkeys(kinds, units))
    told = DailyActivity.objects.per_day(PolicyBook((ES_1, FEWER))).values_list("policy_version", "points")
    expected = {policy.version: day_points(policy, dict.fromkeys(kinds, units)) for policy in (ES_1, FEWER)}
    assert {version: points / POINT_UNITS for version, points in told} == pytest.approx(expected)
    assert expected["es-1"] > expected["es-2"] > 0


def test_without_a_policy_nothing_counts(lena):
    did(lena, "es-1", {"search": 500})
    assert [row["points"] for row in DailyActivity.objects.per_day(PolicyBook(()))] == [0]

"""Case attempts in the admin: what was inferred, apart from what was declared."""

from datetime import timedelta

import pytest

from interactions.models import CaseAttempt
from medsim_tracking.testing import NOW, track

LIST = "/admin/interactions/caseattempt/"


@pytest.fixture
def attempts(lena, mia) -> dict[str, CaseAttempt]:
    def attempt(user, case, outcome, days, **fields):
        started = track(user, "case_start", case_id=case, occurred_at=NOW - timedelta(days=days))
        return CaseAttempt.objects.create(
            user=user,
            start=started.pk,
            case_id=case,
            started_at=started.occurred_at,
            last_seen_at=started.occurred_at,
            outcome=outcome,
            **fields,
        )

    return {
        "left": attempt(lena, "sepsis", "inferred", 3, inferred_at=NOW),
        "declared": attempt(lena, "stroke", "abandoned", 1),
        "hers": attempt(mia, "sepsis", "inferred", 2, inferred_at=NOW),
    }


def shown(client, query: str = "") -> list[str]:
    answer = client.get(LIST + query)
    assert answer.status_code == 200, answer
    return [f"{row.user.public_id} {row.case_id}" for row in answer.context["cl"].result_list]


def test_attempts_are_listed_newest_first_and_narrowed(ada_client, attempts, cardiology):
    assert shown(ada_client) == ["lena stroke", "mia sepsis", "lena sepsis"]
    assert shown(ada_client, "?outcome__exact=inferred") == ["mia sepsis", "lena sepsis"]
    assert shown(ada_client, f"?outcome__exact=inferred&cohort={cardiology.pk}") == ["lena sepsis"]
    assert shown(ada_client, "?learner=lena") == ["lena stroke", "lena sepsis"]
    assert shown(ada_client, "?case=sepsis") == ["mia sepsis", "lena sepsis"]
    assert shown(ada_client, "?q=stroke") == ["lena stroke"]


def test_an_attempt_links_to_what_it_was_made_from_and_cannot_be_changed(ada_client, attempts):
    row = attempts["left"]
    page = ada_client.get(f"{LIST}{row.pk}/change/").content.decode()
    assert f"/admin/interactions/userinteractiontrackingmodel/{row.start}/change/" in page
    assert "2026-03-16 12:00:00 UTC" in page
    assert 'name="_save"' not in page
    assert ada_client.post(f"{LIST}{row.pk}/change/", {"outcome": "open"}).status_code == 403
    assert ada_client.post(f"{LIST}{row.pk}/delete/").status_code == 403

"""The interaction log in the admin as tests fill and read it."""

import re
from datetime import timedelta

from uuid_utils.compat import uuid7

from interactions.models import UserInteractionTrackingModel
from medsim_tracking.testing import NOW

LIST = "/admin/interactions/userinteractiontrackingmodel/"


def shown(client, query: str = "") -> list[str]:
    """Event ids on a page of the list, from the top."""
    answer = client.get(LIST + query)
    assert answer.status_code == 200, answer
    return [row.event_id for row in answer.context["cl"].result_list]


def text(answer) -> str:
    """What a page says, in one line."""
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def fill(learner, count: int, *, first: int = 0, step=timedelta(minutes=1), start=NOW - timedelta(days=30), **fields):
    """Store `count` interactions named 0, 1, … in the order of time, without the writer."""
    told = {
        "interaction_type": "navigation",
        "fingerprint": b"",
        "received_at": NOW,
        "engagement_score": 5.0,
        "engagement_level": "low",
        "consistency": 0.0,
        "base_units": 50_000,
        "policy_version": "es-1",
    } | fields
    UserInteractionTrackingModel.objects.bulk_create(
        UserInteractionTrackingModel(
            id=uuid7(),
            user=learner,
            event_id=str(number),
            occurred_at=start + number * step,
            day=(start + number * step).date(),
            **told,
        )
        for number in range(first, first + count)
    )

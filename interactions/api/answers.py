"""What the endpoints say about stored interactions, in the specification's camelCase."""

from datetime import UTC, datetime
from typing import Any

from interactions.api.problems import as_json
from interactions.models import UserInteractionTrackingModel
from interactions.policies import PolicyBook
from interactions.services import Outcome
from interactions.windows import Window


def instant(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC with Z."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def tracked(outcome: Outcome, book: PolicyBook) -> dict[str, Any]:
    """The answer to one created or repeated interaction."""
    row = outcome.row
    return {
        "id": str(row.id),
        "eventId": row.event_id,
        "status": outcome.status,
        "occurredAt": instant(row.occurred_at),
        "engagementScore": row.engagement_score,
        "engagementLevel": row.engagement_level,
        "scoreParts": row.score_parts(book.named(row.policy_version)),
        "policy": row.policy_version,
    }


def bulk_item(outcome: Outcome) -> dict[str, Any]:
    """One line of a bulk's answer. Nothing that arrived and was judged is worth sending again unchanged."""
    row = outcome.row
    return {
        "index": outcome.index,
        "eventId": outcome.event_id,
        "status": outcome.status,
        "id": None if row is None else str(row.id),
        "engagementScore": None if row is None else row.engagement_score,
        "engagementLevel": None if row is None else row.engagement_level,
        "code": outcome.code,
        "errors": as_json(outcome.errors, outcome.index),
        "retryable": False,
    }


def history_item(row: UserInteractionTrackingModel, book: PolicyBook) -> dict[str, Any]:
    """One interaction of a history: the fields as sent, and what was made of them. `row.user` is loaded."""
    return {
        "id": str(row.id),
        "eventId": row.event_id,
        "userId": row.user.public_id,
        "interactionType": row.interaction_type,
        "occurredAt": instant(row.occurred_at),
        "receivedAt": instant(row.received_at),
        "sentAt": instant(row.sent_at),
        "startTime": instant(row.start_time),
        "endTime": instant(row.end_time),
        "timeSpentSeconds": row.time_spent_seconds,
        "activeSeconds": row.active_seconds,
        "caseId": row.case_id or None,
        "caseTitle": row.case_title or None,
        "resourceType": row.resource_type or None,
        "resourceId": row.resource_id or None,
        "resourceName": row.resource_name or None,
        "helpRequestType": row.help_request_type or None,
        "performanceMetrics": row.performance_metrics,
        "sessionId": row.session_id or None,
        "metadata": row.metadata,
        "clockFlag": row.clock_flag or None,
        "engagementScore": row.engagement_score,
        "engagementLevel": row.engagement_level,
        "scoreParts": row.score_parts(book.named(row.policy_version)),
        "policy": row.policy_version,
    }


def window_json(window: Window, time_zone: str) -> dict[str, Any]:
    return {"from": instant(window.start), "to": instant(window.end), "timeZone": time_zone}

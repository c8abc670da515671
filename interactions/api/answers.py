"""What the endpoints say about stored interactions, in the specification's camelCase."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import repeat
from typing import Any

import msgspec

from interactions.api.problems import as_json
from interactions.domain.identifiers import as_text
from interactions.domain.moments import moment_of
from interactions.models import UserInteractionTrackingModel
from interactions.policies import PolicyBook
from interactions.services import CONFLICT, CREATED, DUPLICATE, INVALID, REFUSED, Outcome
from interactions.turns import turn_to_work_out
from interactions.windows import Window


def instant(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC with Z."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def tracked(outcome: Outcome, book: PolicyBook) -> dict[str, Any]:
    """The answer to one created or repeated interaction."""
    if type(outcome.stored_as) is tuple:
        # Just scored: nothing needs to be read or computed again.
        facts, place = outcome.stored_as
        [identifier], occurred_at = as_text(facts.id[place : place + 1]), moment_of(int(facts.occurred_at[place]))
        score, level = float(facts.engagement_score[place]), facts.engagement_level[place]
        parts, policy = facts.scores.parts(place), facts.policy_version[place]
    else:
        row = outcome.stored_as
        identifier, occurred_at = str(row.id), row.occurred_at
        score, level = row.engagement_score, row.engagement_level
        parts, policy = row.score_parts(book.named(row.policy_version)), row.policy_version
    return {
        "id": identifier,
        "eventId": outcome.event_id,
        "status": outcome.status,
        "occurredAt": instant(occurred_at),
        "engagementScore": score,
        "engagementLevel": level,
        "scoreParts": parts,
        "policy": policy,
    }


class BulkItem(msgspec.Struct, rename="camel", gc=False):
    """One line of a bulk's answer. Nothing that arrived and was judged is worth sending again unchanged."""

    index: int
    event_id: str | None
    status: str
    id: str | None = None
    engagement_score: float | None = None
    engagement_level: str | None = None
    code: str | None = None
    errors: list[dict] = []
    retryable: bool = False


GOOD = (CREATED, DUPLICATE)


def bulk_answer(outcomes: Sequence[Outcome]) -> tuple[int, dict[str, Any]]:
    """Status and body: how many of each kind, and a line for each interaction in the order sent."""
    with turn_to_work_out(len(outcomes)):
        said, results = Counter(outcome.status for outcome in outcomes), bulk_items(outcomes)
    counts = {status: said[status] for status in (CREATED, DUPLICATE, CONFLICT, INVALID, REFUSED)}
    all_created = 0 < said[CREATED] == len(outcomes)
    status = 201 if all_created else 200 if said.keys() <= set(GOOD) else 207
    return status, {**counts, "results": results}


def bulk_items(outcomes: Sequence[Outcome]) -> list[BulkItem]:
    """The lines of a bulk's answer, in the order sent."""
    # Most bulks are new from end to end; then the facts are read column by column, as they were written.
    first = outcomes[0].stored_as if outcomes else None
    if type(first) is tuple and len(first[0]) == len(outcomes) and all(each.status == CREATED for each in outcomes):
        facts = first[0]
        return list(
            map(
                BulkItem,
                range(len(facts)),
                facts.event_id,
                repeat(CREATED),
                as_text(facts.id),
                facts.engagement_score.tolist(),
                facts.engagement_level,
            )
        )
    return [_bulk_item(outcome) for outcome in outcomes]


def _bulk_item(outcome: Outcome) -> BulkItem:
    item = BulkItem(outcome.index, outcome.event_id, outcome.status)
    item.code, item.errors = outcome.code, as_json(outcome.errors, outcome.index)
    if (row := outcome.row) is not None:
        item.id, item.engagement_score, item.engagement_level = str(row.id), row.engagement_score, row.engagement_level
    return item


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

"""Interactions of the log as lines of a file: every field as sent, what was made of it, the parts of its score."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from analytics.exports import safe_cell
from interactions.api.answers import instant
from interactions.domain.fact import score_parts_of
from interactions.models import UserInteractionTrackingModel
from interactions.policies import PolicyBook

PARTS = ("type", "time", "performance", "consistency")
_OBJECTS = ("performanceMetrics", "metadata")
CSV_COLUMNS = (
    *("id", "eventId", "userId", "userName", "interactionType", "occurredAt", "day", "receivedAt", "sentAt", "toldAt"),
    *("clockFlag", "startTime", "endTime", "timeSpentSeconds", "activeSeconds", "caseId", "caseTitle"),
    *("resourceType", "resourceId", "resourceName", "helpRequestType", "specialty", "difficulty", "sessionId"),
    *("performanceMetrics", "metadata", "engagementScore", "engagementLevel", "policy"),
    *(f"scoreParts.{part}" for part in PARTS),
)


def interaction_lines(rows: Sequence[UserInteractionTrackingModel], book: PolicyBook) -> Iterator[dict[str, Any]]:
    """Interactions under the API's names. `row.user` is loaded. scoreParts: None where a row's policy is gone."""
    parts: dict[UUID, dict[str, float]] = {}
    for policy in book.policies:
        # Together: one by one, scoring would take as long as reading them.
        scored = [row for row in rows if row.policy_version == policy.version]
        parts |= zip((row.pk for row in scored), score_parts_of(scored, policy), strict=True)
    return (_line(row, parts.get(row.pk)) for row in rows)


def _line(row: UserInteractionTrackingModel, parts: dict[str, float] | None) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "eventId": row.event_id,
        "userId": row.user.public_id,
        "userName": row.user.display_name,
        "interactionType": row.interaction_type,
        "occurredAt": instant(row.occurred_at),
        "day": row.day.isoformat(),
        "receivedAt": instant(row.received_at),
        "sentAt": instant(row.sent_at),
        "toldAt": instant(row.told_at),
        "clockFlag": row.clock_flag or None,
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
        "specialty": row.specialty or None,
        "difficulty": row.difficulty or None,
        "sessionId": row.session_id or None,
        "performanceMetrics": row.performance_metrics,
        "metadata": row.metadata,
        "engagementScore": row.engagement_score,
        "engagementLevel": row.engagement_level,
        "policy": row.policy_version,
        "scoreParts": parts,
    }


class JsonLines:
    """A JSON object on each line."""

    content_type = "application/x-ndjson"
    head = ""

    def lines(self, rows: Sequence[UserInteractionTrackingModel], book: PolicyBook) -> str:
        told = (json.dumps(line, ensure_ascii=False) for line in interaction_lines(rows, book))
        return "".join(f"{line}\n" for line in told)

    def notice(self, words: str) -> str:
        return json.dumps({"notice": words}, ensure_ascii=False) + "\n"


class Csv:
    """A table that a spreadsheet opens: objects as JSON, parts of the score in columns, no text that would be run."""

    content_type = "text/csv; charset=utf-8"

    head = "\N{ZERO WIDTH NO-BREAK SPACE}" + ",".join(f'"{name}"' for name in CSV_COLUMNS) + "\r\n"

    def lines(self, rows: Sequence[UserInteractionTrackingModel], book: PolicyBook) -> str:
        return _written([_cells(line) for line in interaction_lines(rows, book)])

    def notice(self, words: str) -> str:
        return _written([[words]])


def _cells(line: dict[str, Any]) -> list[Any]:
    parts = line.pop("scoreParts") or {}
    line |= {name: json.dumps(line[name], ensure_ascii=False) for name in _OBJECTS if line[name] is not None}
    line |= {f"scoreParts.{part}": parts.get(part) for part in PARTS}
    return [safe_cell(line[name]) for name in CSV_COLUMNS]


def _written(rows: list[list[Any]]) -> str:
    told = io.StringIO()
    csv.writer(told, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n").writerows(rows)
    return told.getvalue()

"""Engagement as JSON, in the specification's camelCase."""

from typing import Any

from accounts.api.openapi import closed, or_insufficient
from engagement.analytics import EngagementAnalytics, Previous, TimeSpent, Totals
from engagement.domain.buckets import GRANULARITIES
from engagement.domain.insufficient import Insufficient
from engagement.selectors import Index
from interactions.api.answers import instant, window_json
from interactions.api.schema import TIME_RANGE

_NUMBER, _COUNT = {"type": "number"}, {"type": "integer", "minimum": 0}
_BY_WORD = {"type": "object", "additionalProperties": _COUNT}
_INDEX = {
    "engagementScore": or_insufficient(_NUMBER),
    "engagementLevel": or_insufficient({"type": "string"}),
    "parts": or_insufficient(closed(dict.fromkeys(("activity", "regularity", "depth"), _NUMBER))),
}
_TIME_SPENT = closed(
    dict.fromkeys(("active", "wallClock", "unknown", "untimed"), _COUNT),
    description="Seconds; `untimed` counts interactions that brought no time.",
)
ENGAGEMENT_PROPERTIES = {
    "granularity": {"type": "string", "enum": list(GRANULARITIES)},
    **_INDEX,
    "totalInteractions": _COUNT,
    "activeDays": _COUNT,
    "timeSpent": _TIME_SPENT,
    "interactionsByType": _BY_WORD,
    "cases": closed({"touched": _COUNT, "completed": _COUNT}),
    "resources": closed({"touched": _COUNT, "byType": _BY_WORD}),
    "series": {
        "type": "array",
        "items": closed(
            {
                "start": {"type": "string", "format": "date-time"},
                "interactions": _COUNT,
                "activeSeconds": _COUNT,
                "points": _NUMBER,
                "index": {
                    "type": ["number", "null"],
                    "description": "As of the step's last day; null by the hour and below seven counting days.",
                },
            }
        ),
    },
    "sessions": closed({"count": _COUNT, "medianSeconds": {"type": ["number", "null"]}, "totalSeconds": _NUMBER}),
    "streak": closed(
        {"current": _COUNT, "longest": _COUNT, "lastActiveDay": {"type": ["string", "null"], "format": "date"}}
    ),
    "previous": {
        "description": "The window before, as long; null where the range is open.",
        "oneOf": [
            closed(
                {
                    "timeRange": TIME_RANGE,
                    **_INDEX,
                    "totalInteractions": _COUNT,
                    "activeDays": _COUNT,
                    "timeSpent": _TIME_SPENT,
                    "interactionsByType": _BY_WORD,
                }
            ),
            {"type": "null"},
        ],
    },
}
_INDEX_EXAMPLE = {
    "engagementScore": 61.4,
    "engagementLevel": "high",
    "parts": {"activity": 0.62, "regularity": 0.7, "depth": 0.47},
    "totalInteractions": 3,
    "activeDays": 1,
    "interactionsByType": {"case_complete": 1, "search": 2},
    "timeSpent": {"active": 0, "wallClock": 2700, "unknown": 2700, "untimed": 1},
}
ENGAGEMENT_EXAMPLE = {
    "granularity": "day",
    **_INDEX_EXAMPLE,
    "cases": {"touched": 1, "completed": 1},
    "resources": {"touched": 2, "byType": {"quiz": 1, "video": 1}},
    "series": [
        {"start": "2026-03-16T00:00:00Z", "interactions": 3, "activeSeconds": 0, "points": 120.5, "index": 61.4}
    ],
    "sessions": {"count": 1, "medianSeconds": 2700.0, "totalSeconds": 2700.0},
    "streak": {"current": 1, "longest": 4, "lastActiveDay": "2026-03-16"},
    "previous": {
        "timeRange": {"from": "2026-01-16T00:00:00Z", "to": "2026-02-15T00:00:00Z", "timeZone": "UTC"},
        **_INDEX_EXAMPLE,
    },
}


def insufficient_json(missing: Insufficient) -> dict[str, Any]:
    return {
        "status": "insufficient_data",
        "value": None,
        "needs": [{"what": need.what, "have": need.have, "need": need.need} for need in missing.needs],
    }


def _index_json(index: Index) -> dict[str, Any]:
    if isinstance(index, Insufficient):
        missing = insufficient_json(index)
        return {"engagementScore": missing, "engagementLevel": missing, "parts": missing}
    return {
        "engagementScore": index.score,
        "engagementLevel": index.level,
        "parts": {
            "activity": round(index.activity, 6),
            "regularity": round(index.regularity, 6),
            "depth": round(index.depth, 6),
        },
    }


def _time_json(time: TimeSpent) -> dict[str, int]:
    return {
        "active": time.active,
        "wallClock": time.wall_clock,
        "unknown": time.unknown,
        "untimed": time.untimed,
    }


def _previous_json(previous: Previous | None, time_zone: str) -> dict[str, Any] | None:
    if previous is None:
        return None
    return {
        "timeRange": window_json(previous.window, time_zone),
        **_index_json(previous.index),
        **_totals_json(previous.totals),
    }


def _totals_json(totals: Totals) -> dict[str, Any]:
    return {
        "totalInteractions": totals.interactions,
        "activeDays": totals.active_days,
        "timeSpent": _time_json(totals.time_spent),
        "interactionsByType": totals.by_type,
    }


def engagement_json(analytics: EngagementAnalytics, time_zone: str) -> dict[str, Any]:
    touched = analytics.touched
    return {
        "userId": analytics.learner.public_id,
        "timeRange": window_json(analytics.window, time_zone),
        "granularity": analytics.granularity,
        "completeThrough": instant(analytics.complete_through),
        "policy": analytics.policy_version,
        **_index_json(analytics.index),
        **_totals_json(analytics.totals),
        "cases": {"touched": touched.cases, "completed": touched.cases_completed},
        "resources": {"touched": touched.resources, "byType": touched.resources_by_type},
        "series": [
            {
                "start": instant(bucket.start),
                "interactions": bucket.interactions,
                "activeSeconds": bucket.active_seconds,
                "points": round(bucket.points, 4),
                "index": bucket.index,
            }
            for bucket in analytics.series
        ],
        "sessions": {
            "count": analytics.sessions.count,
            "medianSeconds": analytics.sessions.median_seconds,
            "totalSeconds": analytics.sessions.total_seconds,
        },
        "streak": {
            "current": analytics.streak.current,
            "longest": analytics.streak.longest,
            "lastActiveDay": analytics.streak.last_active and analytics.streak.last_active.isoformat(),
        },
        "previous": _previous_json(analytics.previous, time_zone),
    }

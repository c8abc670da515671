"""Engagement as JSON, in the specification's camelCase."""

from typing import Any

from engagement.analytics import EngagementAnalytics, Previous, TimeSpent
from engagement.domain.insufficient import Insufficient
from engagement.selectors import Index
from interactions.api.answers import instant, window_json

_NUMBER = {"type": "number"}
_TOO_LITTLE = {
    "type": "object",
    "description": "Stands in the place of a value when there is too little data.",
    "properties": {
        "status": {"const": "insufficient_data"},
        "value": {"type": "null"},
        "needs": {
            "type": "array",
            "items": {"type": "object", "properties": {"what": {"type": "string"}, "have": _NUMBER, "need": _NUMBER}},
        },
    },
}
ENGAGEMENT_PROPERTIES = {
    "engagementScore": {"oneOf": [_NUMBER, _TOO_LITTLE]},
    "engagementLevel": {"oneOf": [{"type": "string"}, _TOO_LITTLE]},
    "parts": {
        "oneOf": [
            {"type": "object", "properties": dict.fromkeys(("activity", "regularity", "depth"), _NUMBER)},
            _TOO_LITTLE,
        ]
    },
    "totalInteractions": {"type": "integer"},
    "timeSpent": {
        "type": "object",
        "description": "Seconds; `untimed` counts interactions that brought no time.",
        "properties": {key: {"type": "integer"} for key in ("active", "wallClock", "unknown", "untimed")},
    },
    "interactionsByType": {"type": "object", "additionalProperties": {"type": "integer"}},
    "series": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "start": {"type": "string", "format": "date-time"},
                "interactions": {"type": "integer"},
                "activeSeconds": {"type": "integer"},
                "points": _NUMBER,
            },
        },
    },
    "sessions": {
        "type": "object",
        "properties": {
            "count": {"type": "integer"},
            "medianSeconds": {"type": ["number", "null"]},
            "totalSeconds": _NUMBER,
        },
    },
    "streak": {
        "type": "object",
        "properties": {
            "current": {"type": "integer"},
            "longest": {"type": "integer"},
            "lastActiveDay": {"type": ["string", "null"], "format": "date"},
        },
    },
    "previous": {"type": ["object", "null"]},
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
        "totalInteractions": previous.totals.interactions,
        "timeSpent": _time_json(previous.totals.time_spent),
    }


def engagement_json(analytics: EngagementAnalytics, time_zone: str) -> dict[str, Any]:
    return {
        "userId": analytics.learner.public_id,
        "timeRange": window_json(analytics.window, time_zone),
        "granularity": analytics.granularity,
        "completeThrough": instant(analytics.complete_through),
        "policy": analytics.policy_version,
        **_index_json(analytics.index),
        "totalInteractions": analytics.totals.interactions,
        "timeSpent": _time_json(analytics.totals.time_spent),
        "interactionsByType": analytics.totals.by_type,
        "series": [
            {
                "start": instant(bucket.start),
                "interactions": bucket.interactions,
                "activeSeconds": bucket.active_seconds,
                "points": round(bucket.points, 4),
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

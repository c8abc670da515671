"""Crowds as JSON, in the specification's camelCase."""

from typing import Any

from django.conf import settings

from analytics.selectors.crowds.figures import Funnel, Heatmap, Spread, TimeSpent
from analytics.selectors.crowds.levels import WeekLevels
from analytics.selectors.crowds.reports import CrowdEngagement, GlobalPatterns, Head, Part, PreviousWeeks, Totals
from analytics.selectors.crowds.retention import RetentionCurve
from analytics.selectors.crowds.scope import Withheld
from interactions.api.answers import instant, window_json

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def patterns_json(patterns: GlobalPatterns) -> dict[str, Any]:
    return {
        **_head(patterns.head),
        "activityByHour": _told(patterns.heatmap, lambda heatmap: list(heatmap.by_hour)),
        "activityByWeekday": _told(patterns.heatmap, _weekdays),
        "activityByWeekdayAndHour": _told(patterns.heatmap, lambda heatmap: [list(row) for row in heatmap.cells]),
        "interactionsByType": _told(patterns.types, dict),
        "caseFunnel": _told(patterns.funnel, funnel_json),
        "levels": _told(patterns.levels, levels_json),
        "retention": [_curve(curve) for curve in patterns.retention],
    }


def engagement_json(engagement: CrowdEngagement) -> dict[str, Any]:
    return {
        **_head(engagement.head),
        "totals": _told(engagement.totals, totals_json),
        "series": [
            {
                "start": week.start.isoformat(),
                "activeLearners": week.learners,
                "interactions": week.interactions,
                "suppressed": week.learners is None,
            }
            for week in engagement.weeks
        ],
        "levels": _told(engagement.levels, levels_json),
        "levelsByWeek": [
            {"start": week.week.isoformat(), **_told(None if week.is_withheld else week, levels_json, Withheld())}
            for week in engagement.levels_by_week
        ],
        "specialties": [_part(part) for part in engagement.specialties],
        "difficulties": [_part(part) for part in engagement.difficulties],
        "previous": engagement.previous and _previous(engagement.previous),
    }


def withheld_json(withheld: Withheld) -> dict[str, Any]:
    return {"suppressed": True, "value": None, "reason": withheld.reason}


def _told(value: Any, shape, withheld: Withheld | None = None) -> Any:
    if value is None and withheld:
        value = withheld
    return withheld_json(value) if isinstance(value, Withheld) else shape(value)


def _head(head: Head) -> dict[str, Any]:
    too_few = head.n is None
    return {
        "timeRange": window_json(head.window, settings.MEDSIM_TIME_ZONE),
        "completeThrough": instant(head.complete_through),
        "policy": head.policy,
        "filters": {
            "cohort": head.scope.cohorts[0].slug if head.scope.is_part else None,
            "specialty": head.scope.specialty or None,
            "difficulty": head.scope.difficulty or None,
        },
        "n": head.n,
        "suppressed": too_few,
        "reason": Withheld().reason if too_few else None,
    }


def _weekdays(heatmap: Heatmap) -> dict[str, int]:
    return dict(zip(WEEKDAYS, heatmap.by_weekday, strict=True))


def funnel_json(funnel: Funnel) -> dict[str, int]:
    return {
        "started": funnel.started,
        "completed": funnel.completed,
        "abandoned": funnel.abandoned,
        "inferredAbandoned": funnel.inferred,
        "restarted": funnel.restarted,
        "unresolved": funnel.unresolved,
    }


def levels_json(week: WeekLevels) -> dict[str, Any]:
    return {
        "asOf": week.as_of.isoformat(),
        "n": week.n,
        "learners": {**dict(week.levels), "unmeasured": week.unmeasured},
    }


def _curve(curve: RetentionCurve) -> dict[str, Any]:
    head = {"cohort": curve.cohort.slug, "name": curve.cohort.name}
    if curve.is_withheld:
        return {**head, **withheld_json(Withheld())}
    points = [
        {
            "week": point.week,
            "enrolled": point.enrolled,
            "active": point.active,
            "share": None if point.share is None else round(point.share, 4),
        }
        for point in curve.points
    ]
    return {**head, "suppressed": False, "points": points}


def totals_json(totals: Totals) -> dict[str, Any]:
    return {
        "interactions": totals.interactions,
        "timeSpent": _time(totals.time_spent),
        "interactionsByType": totals.types,
        "caseFunnel": funnel_json(totals.funnel),
        "completionSeconds": _spread(totals.completion_time),
        "scores": _spread(totals.scores),
        "shallowCompletions": totals.shallow,
    }


def _time(time: TimeSpent) -> dict[str, int]:
    return {"active": time.active, "wallClock": time.wall_clock, "unknown": time.unknown, "untimed": time.untimed}


def _spread(spread: Spread | None) -> dict[str, Any] | None:
    if spread is None:
        return None
    return {
        "count": spread.count,
        "mean": round(spread.mean, 2),
        "p10": round(spread.low, 2),
        "median": round(spread.median, 2),
        "p90": round(spread.high, 2),
    }


def _part(part: Part) -> dict[str, Any]:
    return {"name": part.name, "n": part.n, **totals_json(part.totals)}


def _previous(previous: PreviousWeeks) -> dict[str, Any]:
    return {
        "timeRange": window_json(previous.window, settings.MEDSIM_TIME_ZONE),
        "n": previous.n,
        "totals": _told(previous.totals, totals_json),
    }

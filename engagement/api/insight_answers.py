"""Insights as JSON: the summary, what asks for somebody with points that add up, what goes well, what is not known."""

from typing import Any

from accounts.api.openapi import closed
from engagement.api.answers import (
    ENGAGEMENT_EXAMPLE,
    ENGAGEMENT_PROPERTIES,
    engagement_json,
    insufficient_json,
)
from engagement.api.pattern_answers import PATTERN, PATTERNS_EXAMPLE, json_of, pattern_json
from engagement.api.recommendations import EXAMPLE as RECOMMENDATIONS_EXAMPLE
from engagement.api.recommendations import PROPERTIES as RECOMMENDATIONS
from engagement.api.recommendations import recommendation_json
from engagement.clearing import Clearing
from engagement.domain.attention import KINDS, MOST_POINTS, Attention
from engagement.domain.insights import OPENINGS, Insight
from engagement.insights import LearningInsights, RiskFactor
from engagement.standing import BACK, NEEDING, PAUSED, PLAIN, RISEN, UNMEASURED
from engagement.words.insights import (
    LIMITS,
    OPPORTUNITIES,
    STRENGTHS,
    clearing_words,
    limit_words,
    opportunity_words,
    risk_words,
    strength_words,
    summary_words,
)

# What a status is called; nothing stands out: usual.
STATUS = {PAUSED: "paused", NEEDING: "may_need_somebody", BACK: "back", UNMEASURED: "unmeasured", RISEN: "risen"}
STATUS |= {PLAIN: "usual"}

_TEXT, _COUNT, _DAY = {"type": "string"}, {"type": "integer", "minimum": 0}, {"type": "string", "format": "date"}
_MAYBE_COUNT = {"type": ["integer", "null"], "minimum": 0}
_POINTS = {"type": "integer", "minimum": 0, "maximum": MOST_POINTS}
_EVIDENCE = {
    "type": "object",
    "description": "Figures, units in their names, and days.",
    "additionalProperties": True,
}
_IDS = {"type": "array", "maxItems": 50, "items": {"type": "string", "format": "uuid"}}
_NEEDS = {
    "type": "array",
    "items": closed({"what": _TEXT, "have": {"type": "number"}, "need": {"type": "number"}}),
}
_SUMMED = ("engagementScore", "engagementLevel", "parts", "totalInteractions", "activeDays", "timeSpent")
_SUMMED += ("interactionsByType", "cases", "resources", "sessions", "streak", "previous")
_SUMMARY = closed(
    {
        "text": _TEXT | {"description": "In the second person where the learner himself asks."},
        "asOf": _DAY,
        "status": {
            "type": "string",
            "enum": sorted(STATUS.values()),
            "description": "The one thing that is said first, on pages too.",
        },
        "urgency": _POINTS | {"description": "The sum of the risk factors' points; orders lists, is no probability."},
        "change": {
            "type": ["integer", "null"],
            "description": "Whole index points against 28 days ago; null where one of the two is not measured.",
        },
        **{name: ENGAGEMENT_PROPERTIES[name] for name in _SUMMED},
    }
)
_CLEARS = closed(
    {
        "text": _TEXT,
        "activeDays": _MAYBE_COUNT | {"description": "So many more, on the next days that count."},
        "casesCompleted": _MAYBE_COUNT,
        "by": _DAY | {"description": "The earliest day on which it may be gone."},
        "pauseFrom": {
            "type": ["string", "null"],
            "format": "date",
            "description": "A pause from this day through today would clear it as well.",
        },
        "urgencyAfter": _POINTS | {"description": "What would then be left of all points."},
    }
)
_RISK = closed(
    {
        "kind": {"type": "string", "enum": list(KINDS)},
        "points": _POINTS,
        "text": _TEXT,
        "evidence": _EVIDENCE,
        "clears": {
            "description": "The smallest change that was found to clear it.",
            "oneOf": [_CLEARS, {"type": "null"}],
        },
    }
)


def _insight(kinds: list[str]) -> dict[str, Any]:
    shape = {"kind": {"type": "string", "enum": kinds}, "text": _TEXT, "evidence": _EVIDENCE, "interactions": _IDS}
    return {"type": "array", "items": closed(shape)}


INSIGHT_PROPERTIES = {
    "engagementSummary": _SUMMARY,
    "riskFactors": {"type": "array", "items": _RISK},
    "strengths": _insight(list(STRENGTHS)),
    "opportunities": _insight([*OPPORTUNITIES, *OPENINGS]),
    "patterns": {"type": "array", "items": PATTERN},
    "recommendations": RECOMMENDATIONS["recommendations"],
    "limits": {
        "type": "array",
        "description": "What the data cannot say about this learner.",
        "items": closed(
            {
                "kind": {"type": "string", "enum": [*LIMITS, "pattern"]},
                "text": _TEXT,
                "evidence": _EVIDENCE,
                "needs": _NEEDS,
            }
        ),
    },
}
INSIGHT_EXAMPLE = {
    "engagementSummary": {
        "text": "No work for 9 days; the usual gap is 2 days. 2 cases left in a row, none worked to the end since. "
        "46 points: silence 28 · cases left in a row 18. 9 active days in this period, 14 in the one before.",
        "asOf": "2026-03-16",
        "status": "may_need_somebody",
        "urgency": 46,
        "change": -33,
        **{name: ENGAGEMENT_EXAMPLE[name] for name in _SUMMED},
    },
    "riskFactors": [
        {
            "kind": "silent",
            "points": 28,
            "text": "No work for 9 days; the usual gap is 2 days.",
            "evidence": {"days": 9, "orMore": False, "usual": 2.0, "limit": 7.0},
            "clears": {
                "text": "It clears with one active day, or with a pause entered for leave or exams.",
                "activeDays": 1,
                "casesCompleted": None,
                "by": "2026-03-16",
                "pauseFrom": "2026-03-08",
                "urgencyAfter": 18,
            },
        },
        {
            "kind": "abandoned",
            "points": 18,
            "text": "2 cases left in a row, none worked to the end since.",
            "evidence": {"cases": 2},
            "clears": {
                "text": "It clears with one case worked to the end.",
                "activeDays": None,
                "casesCompleted": 1,
                "by": "2026-03-16",
                "pauseFrom": None,
                "urgencyAfter": 0,
            },
        },
    ],
    "strengths": [
        {
            "kind": "mastery",
            "text": "Lena can expect 81 of 100 on a case of middling difficulty in cardiology (9 scored).",
            "evidence": {"specialty": "cardiology", "mastery": 0.8134, "attempts": 9},
            "interactions": [],
        }
    ],
    "opportunities": [
        {
            "kind": "room",
            "text": "Most room in the index: regularity gives 8 of 30 points.",
            "evidence": {"part": "regularity", "points": 8.1, "ofPoints": 30.0},
            "interactions": [],
        }
    ],
    "patterns": PATTERNS_EXAMPLE["patterns"],
    "recommendations": RECOMMENDATIONS_EXAMPLE["recommendations"],
    "limits": [
        {
            "kind": "not_competence",
            "text": "These figures tell how much and how regularly somebody works, not how well.",
            "evidence": {},
            "needs": [],
        },
        {
            "kind": "pattern",
            "text": "Too little data yet: 3 of 8 complete weeks.",
            "evidence": {"pattern": "trend"},
            "needs": [{"what": "complete weeks", "have": 3, "need": 8}],
        },
    ],
}


def insights_json(found: LearningInsights, time_zone: str, *, to_the_learner: bool) -> dict[str, Any]:
    name = None if to_the_learner else found.learner.display_name
    figures = engagement_json(found.analytics, time_zone)
    standing = found.standing
    return {
        **{word: figures[word] for word in ("userId", "timeRange", "completeThrough", "policy")},
        "engagementSummary": {
            "text": summary_words(found, to_the_learner=to_the_learner),
            "asOf": found.as_of.isoformat(),
            "status": STATUS[standing.kind],
            "urgency": standing.points,
            "change": standing.change,
            **{word: figures[word] for word in _SUMMED},
        },
        "riskFactors": [_risk_json(factor, found, to_the_learner) for factor in found.risk_factors],
        "strengths": [_insight_json(one, strength_words(one, name=name)) for one in found.strengths],
        "opportunities": [_insight_json(one, opportunity_words(one, found, name=name)) for one in found.opportunities],
        "patterns": [pattern_json(pattern, name) for pattern in found.patterns.patterns],
        "recommendations": [recommendation_json(item) for item in found.recommended.items],
        "limits": [_limit_json(limit, name) for limit in found.limits],
    }


# By kind, the figures it is about.
_FIGURES = {
    "silent": ("days", "or_more", "usual", "limit"),
    "never_started": ("days", "limit"),
    "fallen": ("score", "before"),
    "little": ("days", "active"),
    "abandoned": ("cases",),
}


def _reason_json(reason: Attention) -> dict[str, Any]:
    return json_of({name: getattr(reason, name) for name in _FIGURES[reason.kind]})


def _risk_json(factor: RiskFactor, found: LearningInsights, to_the_learner: bool) -> dict[str, Any]:
    clears = factor.clearing
    said = clearing_words(factor, found, to_the_learner=to_the_learner)
    return {
        "kind": factor.reason.kind,
        "points": factor.reason.points,
        "text": risk_words(factor, to_the_learner=to_the_learner),
        "evidence": _reason_json(factor.reason),
        "clears": clears and _clearing_json(clears, said),
    }


def _clearing_json(clears: Clearing, said: str) -> dict[str, Any]:
    return {
        "text": said,
        "activeDays": clears.active_days,
        "casesCompleted": clears.cases,
        "by": clears.by.isoformat(),
        "pauseFrom": clears.pause_from and clears.pause_from.isoformat(),
        "urgencyAfter": clears.points_after,
    }


def _insight_json(insight: Insight, said: str) -> dict[str, Any]:
    return {
        "kind": insight.kind,
        "text": said,
        "evidence": json_of(dict(insight.evidence)),
        "interactions": [str(interaction) for interaction in insight.interactions],
    }


def _limit_json(limit: Insight, name: str | None) -> dict[str, Any]:
    return {
        "kind": limit.kind,
        "text": limit_words(limit, name=name),
        "evidence": json_of(dict(limit.evidence)),
        "needs": insufficient_json(limit.missing)["needs"] if limit.missing else [],
    }

"""The OpenAPI side of the answers about crowds."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter

from accounts.api.openapi import closed
from analytics.api.answers import WEEKDAYS
from analytics.selectors.crowds.scope import REASON
from interactions.api.schema import TIME_RANGE, WINDOW_PARAMETERS, reading_of_many
from interactions.domain.fields import TEXT_LENGTH
from interactions.domain.scoring import LEVEL_NAMES

_NUMBER, _COUNT, _TEXT = {"type": "number"}, {"type": "integer", "minimum": 0}, {"type": "string"}
_COUNT_OR_NOT = {"type": ["integer", "null"], "minimum": 0}
_DAY = {"type": "string", "format": "date"}
_WITHHELD = {"suppressed": {"const": True}, "value": {"type": "null"}, "reason": _TEXT}
WITHHELD = closed(_WITHHELD, description="Stands in the place of a figure about fewer than ten learners, or none.")
_WITHHELD_EXAMPLE = {"suppressed": True, "value": None, "reason": REASON}


def _or_withheld(schema: dict[str, Any]) -> dict[str, Any]:
    return {"oneOf": [schema, WITHHELD]}


_BY_TYPE = {"type": "object", "additionalProperties": _COUNT}
_FUNNEL = closed(
    dict.fromkeys(("started", "completed", "abandoned", "inferredAbandoned", "restarted", "unresolved"), _COUNT),
    description="Cases started, completed and declared abandoned in the range; of the starts, those left without a "
    "word and those begun anew; unresolved: the rest.",
)
_LEVELS = {
    "asOf": _DAY,
    "n": _COUNT,
    "learners": closed(dict.fromkeys((*LEVEL_NAMES, "unmeasured"), _COUNT)),
}
_SPREAD = {
    "oneOf": [
        closed({"count": _COUNT, **dict.fromkeys(("mean", "p10", "median", "p90"), _NUMBER)}),
        {"type": "null"},
    ],
    "description": "Percentiles from fixed bins; null: none.",
}
_TOTALS = {
    "interactions": _COUNT,
    "timeSpent": closed(
        dict.fromkeys(("active", "wallClock", "unknown", "untimed"), _COUNT),
        description="Seconds; `untimed` counts interactions that brought no time.",
    ),
    "interactionsByType": _BY_TYPE,
    "caseFunnel": _FUNNEL,
    "completionSeconds": _SPREAD,
    "scores": _SPREAD,
    "shallowCompletions": _COUNT | {"description": "Faster than the policy takes for work."},
}
_PARTS = {"type": "array", "items": closed({"name": _TEXT, "n": _COUNT, **_TOTALS})}
_HEAD = {
    "completeThrough": {
        "type": ["string", "null"],
        "format": "date-time",
        "description": "Everything received before is counted; null: nothing was counted yet.",
    },
    "filters": closed({name: {"type": ["string", "null"]} for name in ("cohort", "specialty", "difficulty")}),
    "n": _COUNT_OR_NOT | {"description": "Learners who did anything, each once; null: fewer than ten, or none."},
    "suppressed": {"type": "boolean", "description": "Whether all is kept back, because n is below ten."},
    "reason": {"type": ["string", "null"]},
}
_HEAD_EXAMPLE = {
    "timeRange": {"from": "2026-02-09T00:00:00Z", "to": "2026-03-16T12:00:00Z", "timeZone": "UTC"},
    "completeThrough": "2026-03-16T11:59:00Z",
    "filters": {"cohort": None, "specialty": "cardiology", "difficulty": None},
    "n": 43,
    "suppressed": False,
    "reason": None,
}
_FUNNEL_EXAMPLE = {
    **{"started": 120, "completed": 91, "abandoned": 14},
    **{"inferredAbandoned": 6, "restarted": 2, "unresolved": 7},
}
_TYPES_EXAMPLE = {"case_start": 120, "case_complete": 91, "case_abandon": 14}
_LEVELS_EXAMPLE = {
    "asOf": "2026-03-16",
    "n": 45,
    "learners": {"low": 5, "medium": 15, "high": 17, "very_high": 6, "unmeasured": 2},
}
_TOTALS_EXAMPLE = {
    "interactions": 225,
    "timeSpent": {"active": 81000, "wallClock": 120600, "unknown": 3600, "untimed": 120},
    "interactionsByType": _TYPES_EXAMPLE,
    "caseFunnel": _FUNNEL_EXAMPLE,
    "completionSeconds": {"count": 91, "mean": 801.5, "p10": 210.3, "median": 760.2, "p90": 1402.0},
    "scores": {"count": 88, "mean": 71.4, "p10": 48.2, "median": 72.5, "p90": 91.0},
    "shallowCompletions": 9,
}
_PARAMETERS = [
    *WINDOW_PARAMETERS,
    OpenApiParameter("specialty", {"type": "string", "maxLength": TEXT_LENGTH}),
    OpenApiParameter("difficulty", {"type": "string", "maxLength": TEXT_LENGTH}),
    OpenApiParameter("cohort", str, description="The slug of one cohort that you may see. Default: all of them."),
]
_DESCRIPTION = (
    "Educators read the learners of their own cohorts, admins everybody. The range is widened to whole weeks, Monday "
    "to Sunday. Nothing is told about fewer than ten learners, nor could it be had by subtraction: parts that are too "
    "small are left out, and small and empty answer alike."
)
_REFUSALS = (400, 401, 403, 404)

GLOBAL_PATTERNS = reading_of_many(
    "When learners work, at what, and how far they come",
    {
        **_HEAD,
        "activityByHour": _or_withheld({"type": "array", "items": _COUNT, "minItems": 24, "maxItems": 24}),
        "activityByWeekday": _or_withheld(closed(dict.fromkeys(WEEKDAYS, _COUNT))),
        "activityByWeekdayAndHour": _or_withheld(
            {
                "type": "array",
                "items": {"type": "array", "items": _COUNT, "minItems": 24, "maxItems": 24},
                "minItems": 7,
                "maxItems": 7,
                "description": "Monday first.",
            }
        ),
        "interactionsByType": _or_withheld(_BY_TYPE),
        "caseFunnel": _or_withheld(_FUNNEL),
        "levels": _or_withheld(closed(_LEVELS)),
        "retention": {
            "type": "array",
            "description": "Of the learners of a cohort, those who did anything in the k-th week after enrolment. "
            "A week is told when it has been over for a week, and told anew only where ten learners changed alike.",
            "items": {
                "oneOf": [
                    closed(
                        {
                            "cohort": _TEXT,
                            "name": _TEXT,
                            "suppressed": {"const": False},
                            "points": {
                                "type": "array",
                                "items": closed(
                                    {
                                        "week": _COUNT,
                                        "enrolled": _COUNT_OR_NOT,
                                        "active": _COUNT_OR_NOT,
                                        "share": {"type": ["number", "null"]},
                                    }
                                ),
                            },
                        }
                    ),
                    closed({"cohort": _TEXT, "name": _TEXT, **_WITHHELD}),
                ]
            },
        },
    },
    _PARAMETERS,
    "crowds",
    example={
        **_HEAD_EXAMPLE,
        "activityByHour": [0] * 7 + [4, 20, 31, 28, 22, 12, 18, 25, 30, 17, 9, 4, 3, 2, 0, 0, 0],
        "activityByWeekday": dict(zip(WEEKDAYS, (60, 52, 48, 35, 22, 3, 5), strict=True)),
        "activityByWeekdayAndHour": [[0] * 24 for _ in WEEKDAYS],
        "interactionsByType": _TYPES_EXAMPLE,
        "caseFunnel": _FUNNEL_EXAMPLE,
        "levels": _LEVELS_EXAMPLE,
        "retention": [
            {
                "cohort": "cardiology",
                "name": "Cardiology",
                "suppressed": False,
                "points": [{"week": 0, "enrolled": 43, "active": 40, "share": 0.9302}],
            },
            {"cohort": "surgery", "name": "Surgery", **_WITHHELD_EXAMPLE},
        ],
    },
    refusals=_REFUSALS,
    operation_id="getGlobalPatterns",
    description=_DESCRIPTION,
)
CROWD_ENGAGEMENT = reading_of_many(
    "How much learners do, how well, and how that moves",
    {
        **_HEAD,
        "totals": _or_withheld(closed(_TOTALS)),
        "series": {
            "type": "array",
            "description": "One for each week; null: too few to be shown, or none.",
            "items": closed(
                {
                    "start": _DAY,
                    "activeLearners": _COUNT_OR_NOT,
                    "interactions": _COUNT_OR_NOT,
                    "suppressed": {"type": "boolean"},
                }
            ),
        },
        "levels": _or_withheld(closed(_LEVELS)),
        "levelsByWeek": {
            "type": "array",
            "items": {"oneOf": [closed({"start": _DAY, **_LEVELS}), closed({"start": _DAY, **_WITHHELD})]},
        },
        "specialties": _PARTS | {"description": "Those that may be shown; none where the answer is filtered."},
        "difficulties": _PARTS,
        "previous": {
            "description": "As many weeks just before; null where the range is open.",
            "oneOf": [
                closed({"timeRange": TIME_RANGE, "n": _COUNT_OR_NOT, "totals": _or_withheld(closed(_TOTALS))}),
                {"type": "null"},
            ],
        },
    },
    _PARAMETERS,
    "crowds",
    example={
        **_HEAD_EXAMPLE,
        "totals": _TOTALS_EXAMPLE,
        "series": [
            {"start": "2026-03-09", "activeLearners": 38, "interactions": 61, "suppressed": False},
            {"start": "2026-03-16", "activeLearners": None, "interactions": None, "suppressed": True},
        ],
        "levels": _LEVELS_EXAMPLE,
        "levelsByWeek": [{"start": "2026-03-16", **_LEVELS_EXAMPLE}, {"start": "2026-03-09", **_WITHHELD_EXAMPLE}],
        "specialties": [{"name": "cardiology", "n": 31, **_TOTALS_EXAMPLE}],
        "difficulties": [],
        "previous": None,
    },
    refusals=_REFUSALS,
    operation_id="getCrowdEngagement",
    description=_DESCRIPTION,
)

"""Forecasts as JSON, and their shape in OpenAPI."""

from datetime import timedelta
from math import ceil, floor
from typing import Any

from accounts.api.openapi import closed, or_insufficient
from accounts.calendar import day_start
from engagement.api.answers import insufficient_json
from engagement.domain.forecast.index_paths import IndexOutlook
from engagement.domain.forecast.performance import ExpectedScore
from engagement.domain.forecast.silence_rule import RuleAnswer
from engagement.domain.insufficient import Insufficient
from engagement.forecasts import Expected, Forecast, LearnerForecast, SilenceRisk
from engagement.ml.evaluation import AmountScore, EventScore
from engagement.ml.outlook import AMOUNT_METHODS, HORIZONS, SILENCE_METHODS, TrackRecord
from engagement.words.prediction import reason_sentence, risk_sentence
from interactions.api.answers import instant

_NUMBER, _MAYBE, _TEXT = {"type": "number"}, {"type": ["number", "null"]}, {"type": "string"}
_COUNT = {"type": "integer"}
_INTERVAL = {
    "type": ["array", "null"],
    "items": _NUMBER,
    "minItems": 2,
    "maxItems": 2,
    "description": "Holds what comes in 80 of 100 forecasts; null where too few were ever checked.",
}
_FROM_HORIZON = {
    "type": "string",
    "enum": [f"{days}d" for days in HORIZONS],
    "description": "Whose forecast this is: that of a shorter horizon than asked for where the longer would "
    "contradict it (silence likelier, or less done, in more days).",
}
_BASIS = {"type": "string", "enum": ["personal", "shrunk", "rule", "cold_start"]}
_AMOUNT = or_insufficient(
    closed(
        {
            "value": _NUMBER,
            "interval": _INTERVAL,
            "basis": _BASIS,
            "method": {
                "type": "string",
                "enum": list(AMOUNT_METHODS),
                "description": "smoothing: exponential smoothing, where nothing beat the naive forecasts twice.",
            },
            "fromHorizon": _FROM_HORIZON,
        }
    )
)
_REASON = closed(
    {
        "feature": _TEXT,
        "value": _NUMBER,
        "contribution": {"type": ["number", "null"], "description": "In logits; above 0 it raises the risk."},
        "text": _TEXT,
    }
)
_EVENT_RECORD = closed(
    {
        "cases": _COUNT,
        "baseRate": _NUMBER,
        "auc": _MAYBE,
        "brier": _NUMBER,
        "baseRateBrier": _NUMBER,
        "calibrationError": _MAYBE,
        "calibration": {
            "type": "array",
            "items": closed({"forecast": _NUMBER, "happened": _NUMBER, "cases": _COUNT}),
        },
    }
)
_AMOUNT_RECORD = closed({"cases": _COUNT, "rmse": _NUMBER, "mae": _NUMBER, "pinball": _NUMBER, "coverage": _NUMBER})


def _record_of(score: dict) -> dict[str, Any]:
    return {
        "type": ["object", "null"],
        "additionalProperties": False,
        "required": ["from", "to", "forecast", "naive"],
        "properties": {
            "from": {"type": "string", "format": "date"},
            "to": {"type": "string", "format": "date"},
            "forecast": score,
            "naive": {"type": "object", "additionalProperties": score},
        },
    }


PREDICTION_PROPERTIES = {
    "horizon": {"type": "string", "enum": ["7d", "14d", "28d"]},
    "asOf": {"type": "string", "format": "date", "description": "The last day that was known."},
    "activeDays": _AMOUNT,
    "volume": _AMOUNT,
    "index": or_insufficient(
        closed(
            {
                "value": _NUMBER,
                "interval": _INTERVAL,
                "level": _TEXT,
                "levelDrop": _MAYBE | {"description": "The chance of a lower level than now, 0 to 1."},
                "withoutActivity": _NUMBER,
                "basis": _BASIS,
            }
        )
    ),
    "silence": or_insufficient(
        closed(
            {
                "value": _MAYBE | {"description": "The chance of no active day, 0 to 1; null where only a rule spoke."},
                "interval": {"type": "null", "description": "A chance has none; its record is in `record`."},
                "level": {"type": "string", "enum": ["low", "raised", "high"]},
                "basis": _BASIS,
                "method": {
                    "type": "string",
                    "enum": [*SILENCE_METHODS, "rule"],
                    "description": "recency: from the days since the last active day alone, where nothing beat that "
                    "twice. rule: nothing could be judged yet, so no chance is named.",
                },
                "fromHorizon": _FROM_HORIZON,
                "reasons": {"type": "array", "items": _REASON},
                "text": _TEXT,
            }
        )
    ),
    "performance": {
        "type": "object",
        "description": "Expected score on the usual case of each specialty tried; each help costs a tenth of a score.",
        "additionalProperties": or_insufficient(
            closed({"value": _NUMBER, "interval": _INTERVAL, "attempts": _COUNT, "basis": _BASIS})
        ),
    },
    "record": closed(
        {
            "silence": _record_of(_EVENT_RECORD),
            "activeDays": _record_of(_AMOUNT_RECORD),
            "volume": _record_of(_AMOUNT_RECORD),
        },
        description="How such forecasts did on past days, beside naive ones.",
    ),
    "model": closed(
        {
            "fittedThrough": {"type": ["string", "null"], "format": "date"},
            "versions": {"type": "object", "additionalProperties": _TEXT},
        }
    ),
}
_EVENT_EXAMPLE = {
    "cases": 1460,
    "baseRate": 0.18,
    "auc": 0.81,
    "brier": 0.112,
    "baseRateBrier": 0.148,
    "calibrationError": 0.02,
    "calibration": [
        {"forecast": 0.03, "happened": 0.02, "cases": 730},
        {"forecast": 0.33, "happened": 0.34, "cases": 730},
    ],
}
_AMOUNT_EXAMPLE = {"cases": 1460, "rmse": 1.9, "mae": 1.4, "pinball": 0.46, "coverage": 0.8}
PREDICTION_EXAMPLE = {
    "timeRange": {"from": "2026-03-16T00:00:00Z", "to": "2026-03-30T00:00:00Z", "timeZone": "UTC"},
    "horizon": "14d",
    "asOf": "2026-03-15",
    "activeDays": {
        "value": 5.2,
        "interval": [2.0, 8.0],
        "basis": "personal",
        "method": "boosted",
        "fromHorizon": "14d",
    },
    "volume": {"value": 41.0, "interval": [12.0, 77.0], "basis": "rule", "method": "smoothing", "fromHorizon": "14d"},
    "index": {
        "value": 61.5,
        "interval": [48.2, 70.9],
        "level": "high",
        "levelDrop": 0.31,
        "withoutActivity": 30.2,
        "basis": "personal",
    },
    "silence": {
        "value": 0.06,
        "interval": None,
        "level": "low",
        "basis": "personal",
        "method": "blend",
        "fromHorizon": "14d",
        "reasons": [
            {
                "feature": "days since the last active day",
                "value": 1.0,
                "contribution": -0.8,
                "text": "days since the last active day: 1 (lowers it)",
            }
        ],
        "text": "Of learners with days like those of Lena, 6 of 100 did not work in the 14 days after.",
    },
    "performance": {
        "cardiology": {"value": 71.2, "interval": [55.0, 87.4], "attempts": 12, "basis": "personal"},
        "surgery": {
            "status": "insufficient_data",
            "value": None,
            "needs": [{"what": "scored attempts in the specialty", "have": 1, "need": 3}],
        },
    },
    "record": {
        "silence": {
            "from": "2026-01-11",
            "to": "2026-03-01",
            "forecast": _EVENT_EXAMPLE,
            "naive": {"recency alone": _EVENT_EXAMPLE | {"auc": 0.74, "brier": 0.124}},
        },
        "activeDays": {
            "from": "2026-01-11",
            "to": "2026-03-01",
            "forecast": _AMOUNT_EXAMPLE,
            "naive": {"last week": _AMOUNT_EXAMPLE | {"rmse": 2.4}},
        },
        "volume": None,
    },
    "model": {
        "fittedThrough": "2026-03-15",
        "versions": {"cohort": "2026-03-15.12", "active_days:14d": "2026-03-15.12"},
    },
}


def prediction_json(answer: LearnerForecast, time_zone: str) -> dict[str, Any]:
    forecast, days = answer.forecast, answer.forecast.horizon
    first = forecast.as_of + timedelta(days=1)
    start, end = day_start(first), day_start(first + timedelta(days=days))
    records = forecast.records or {}
    return {
        "userId": answer.learner.public_id,
        "timeRange": {"from": instant(start), "to": instant(end), "timeZone": time_zone},
        "completeThrough": instant(answer.complete_through),
        "policy": answer.policy_version,
        "horizon": f"{days}d",
        "asOf": forecast.as_of.isoformat(),
        "activeDays": amount_json(forecast.active_days),
        "volume": amount_json(forecast.volume),
        "index": _index_json(forecast),
        "silence": _silence_json(answer.learner.display_name, forecast.silence, days),
        "performance": {name: _score_json(score) for name, score in (forecast.performance or {}).items()},
        "record": {
            "silence": _record_json(records.get(f"silence:{days}d")),
            "activeDays": _record_json(records.get(f"active_days:{days}d")),
            "volume": _record_json(records.get(f"volume:{days}d")),
        },
        "model": {"fittedThrough": forecast.fitted_on, "versions": dict(forecast.versions or {})},
    }


def _interval(value: float, low: float | None, high: float | None, whole: bool = False) -> list[float] | None:
    """Both ends around the value. Whole days and interactions are told by the outermost ones inside, and by the
    ones next to the value where it would lie outside of these."""
    if low is None or high is None:
        return None
    # A band may lie beside what it was made around, where forecasts of this size came out higher or lower.
    low, high = min(low, value), max(high, value)
    if whole:
        low = floor(low) if ceil(low) > value else ceil(low)
        high = ceil(high) if floor(high) < value else floor(high)
    return [round(low, 2) + 0.0, round(high, 2) + 0.0]


def amount_json(expected: Expected | Insufficient) -> dict[str, Any]:
    """Active days or interactions: what is counted in whole ones."""
    if isinstance(expected, Insufficient):
        return insufficient_json(expected)
    return {
        "value": round(expected.value, 2),
        "interval": _interval(expected.value, expected.low, expected.high, whole=True),
        "basis": expected.basis,
        "method": expected.method,
        "fromHorizon": f"{expected.days}d",
    }


def _index_json(forecast: Forecast) -> dict[str, Any]:
    index = forecast.index
    if not isinstance(index, IndexOutlook):
        return insufficient_json(index)
    return {
        "value": round(index.median, 2),
        "interval": _interval(index.median, index.low, index.high),
        "level": index.level,
        "levelDrop": None if index.level_drop is None else round(index.level_drop, 3),
        "withoutActivity": index.floor,
        "basis": forecast.active_days.basis,
    }


def _silence_json(name: str, risk: SilenceRisk | RuleAnswer | Insufficient, days: int) -> dict[str, Any]:
    if isinstance(risk, Insufficient):
        return insufficient_json(risk)
    text = risk_sentence(name, risk, days)
    if isinstance(risk, RuleAnswer):
        level = "raised" if risk.unusual else "low"
        shared = {"value": None, "interval": None, "level": level, "basis": "rule", "method": "rule"}
        return shared | {"fromHorizon": f"{days}d", "reasons": [], "text": text}
    return {
        "value": round(risk.probability, 4),
        "interval": None,
        "level": risk.level,
        "basis": risk.basis,
        "method": risk.method,
        "fromHorizon": f"{risk.days}d",
        "reasons": [
            {
                "feature": reason.feature,
                "value": round(reason.value, 3),
                "contribution": None if reason.contribution is None else round(reason.contribution, 4),
                "text": reason_sentence(reason),
            }
            for reason in risk.reasons
        ],
        "text": text,
    }


def _score_json(score: ExpectedScore | Insufficient) -> dict[str, Any]:
    if isinstance(score, Insufficient):
        return insufficient_json(score)
    return {
        "value": round(score.value, 2),
        "interval": _interval(score.value, score.low, score.high),
        "attempts": score.attempts,
        "basis": "personal",
    }


def _record_json(record: TrackRecord | None) -> dict[str, Any] | None:
    if record is None:
        return None
    told = {name: _event_json(score) for name, score in record.event.items()}
    told |= {name: _errors_json(score) for name, score in record.amount.items()}
    ours = told.pop("forecast")
    return {"from": record.origins[0], "to": record.origins[1], "forecast": ours, "naive": told}


def _event_json(score: EventScore) -> dict[str, Any]:
    return {
        "cases": score.cases,
        "baseRate": round(score.base_rate, 4),
        "auc": None if score.auc is None else round(score.auc, 4),
        "brier": round(score.brier, 4),
        "baseRateBrier": round(score.base_rate_brier, 4),
        "calibrationError": None if score.calibration_error is None else round(score.calibration_error, 4),
        "calibration": [
            {"forecast": round(said, 4), "happened": round(came, 4), "cases": cases} for said, came, cases in score.bins
        ],
    }


def _errors_json(score: AmountScore) -> dict[str, Any]:
    return {
        "cases": score.cases,
        "rmse": round(score.rmse, 4),
        "mae": round(score.mae, 4),
        "pinball": round(score.pinball, 4),
        "coverage": round(score.coverage, 4),
    }

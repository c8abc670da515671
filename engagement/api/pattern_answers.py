"""Patterns as JSON: what was found, what it rests on, and the sentence for whoever asks."""

from datetime import date
from typing import Any

from accounts.api.openapi import closed
from engagement.api.answers import insufficient_json
from engagement.domain.insufficient import Insufficient
from engagement.domain.patterns.table import DETECTORS
from engagement.patterns import FOUND, INSUFFICIENT, NOT_FOUND, EngagementPatterns, Pattern
from engagement.words.patterns import pattern_words
from interactions.api.answers import instant, window_json

_TEXT, _NUMBER = {"type": "string"}, {"type": "number"}
PATTERN = closed(
    {
        "kind": {"type": "string", "enum": [detector.kind for detector in DETECTORS]},
        "status": {
            "type": "string",
            "enum": [FOUND, NOT_FOUND, INSUFFICIENT],
            "description": "`not_found`: looked, and nothing stood out; it does not say that nothing changed.",
        },
        "strength": {
            "type": ["number", "null"],
            "minimum": 0,
            "maximum": 1,
            "description": "What it measures is told for each kind in the project's docs/patterns.md.",
        },
        "evidence": {
            "type": ["object", "null"],
            "description": "Figures, units in their names, and days; looked at were `firstDay` to `lastDay`.",
            "additionalProperties": True,
        },
        "interactions": {
            "type": "array",
            "maxItems": 50,
            "items": {"type": "string", "format": "uuid"},
            "description": "Ids of those behind it that lie in the range, newest first.",
        },
        "text": _TEXT | {"description": "In the second person where the learner himself asks."},
        "needs": {
            "type": "array",
            "items": closed({"what": _TEXT, "have": _NUMBER, "need": _NUMBER}),
            "description": "What is short, where there is too little data.",
        },
    }
)
PATTERNS_PROPERTIES = {"patterns": {"type": "array", "items": PATTERN}}
PATTERNS_EXAMPLE = {
    "patterns": [
        {
            "kind": "burst",
            "status": FOUND,
            "strength": 0.666667,
            "evidence": {
                "firstDay": "2026-02-15",
                "lastDay": "2026-03-16",
                "days": ["2026-03-12"],
                "pointsByDay": [300.0],
                "usualPoints": 100.0,
                "largestPoints": 300.0,
            },
            "interactions": ["01957f6e-0d3c-7c3e-9f1a-5b8a5d0c9a11"],
            "text": "Lena did far more than usual on 12 March: up to 300 points; the usual day has 100.",
            "needs": [],
        },
        {
            "kind": "cramming",
            "status": NOT_FOUND,
            "strength": None,
            "evidence": None,
            "interactions": [],
            "text": "Looked, and nothing stood out. That does not say that nothing changed.",
            "needs": [],
        },
        {
            "kind": "trend",
            "status": INSUFFICIENT,
            "strength": None,
            "evidence": None,
            "interactions": [],
            "text": "Too little data yet: 3 of 8 complete weeks.",
            "needs": [{"what": "complete weeks", "have": 3, "need": 8}],
        },
    ]
}


def patterns_json(found: EngagementPatterns, time_zone: str, *, to_the_learner: bool) -> dict[str, Any]:
    name = None if to_the_learner else found.learner.display_name
    return {
        "userId": found.learner.public_id,
        "timeRange": window_json(found.window, time_zone),
        "completeThrough": instant(found.complete_through),
        "policy": found.policy_version,
        "patterns": [pattern_json(pattern, name) for pattern in found.patterns],
    }


def pattern_json(pattern: Pattern, name: str | None) -> dict[str, Any]:
    """One pattern; `name`: the learner's, None where he himself asks."""
    finding = pattern.finding
    missing = pattern.outcome if isinstance(pattern.outcome, Insufficient) else Insufficient(())
    return {
        "kind": pattern.kind,
        "status": pattern.status,
        "strength": None if finding is None else round(finding.strength, 6),
        "evidence": None if finding is None else json_of(finding.evidence),
        "interactions": [] if finding is None else [str(interaction) for interaction in finding.interactions],
        "text": pattern_words(pattern.kind, pattern.outcome, name=name),
        "needs": insufficient_json(missing)["needs"],
    }


def json_of(value: Any) -> Any:
    """Evidence as JSON: names in camelCase, days as text, six decimals."""
    if isinstance(value, dict):
        return {_camel(name): json_of(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [json_of(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    return round(value, 6) if isinstance(value, float) else value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)

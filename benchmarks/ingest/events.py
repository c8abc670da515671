"""What is posted: the usual mix of a front end, about 440 bytes of JSON each; also as xAPI statements for an LRS.

A front end collects one learner's interactions and sends them with his token. A simulator's service account sends
those of several learners in one bulk.
"""

from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

KINDS = ("case_view", "case_start", "time_spent", "help_request", "case_complete", "navigation", "resource_access")
LEARNERS_IN_A_MIXED_BULK = 20
_SITE = "https://simulator.example.org"


def interaction(name: str, number: int = 0, learner: str | None = None) -> dict:
    """One interaction. `learner`: a public id, where a service account sends it."""
    return ({"userId": learner} if learner else {}) | {
        "eventId": f"{name}-{number}",
        "interactionType": KINDS[number % len(KINDS)],
        "occurredAt": _moment(number),
        "timeSpentSeconds": 60 + number % 900,
        "caseId": f"case-{number % 24}",
        "caseTitle": "Abdominal Pain Diagnosis in the Emergency Department",
        "performanceMetrics": {"score": number % 100, "accuracy": 0.75, "steps": 12},
        "metadata": {
            "difficulty": "intermediate",
            "specialty": "emergency medicine",
            "page": "/cases/abdominal-pain/step/4",
            "browser": "Chromium 120",
        },
    }


def one_learners_bulk(name: str, size: int) -> list[dict]:
    return [interaction(name, number) for number in range(size)]


def mixed_bulk(name: str, size: int, learners: list[str], turn: int) -> list[dict]:
    """As one after the other did something: `turn` decides who is at work meanwhile."""
    first = turn * 7
    present = [learners[(first + place) % len(learners)] for place in range(LEARNERS_IN_A_MIXED_BULK)]
    return [interaction(name, number, present[number * 7 % len(present)]) for number in range(size)]


def statements(name: str, size: int) -> list[dict]:
    """A learner's bulk as xAPI statements: the same facts, in the words an LRS knows."""
    return [_statement(interaction(name, number), name) for number in range(size)]


def _statement(told: dict, learner: str) -> dict:
    return {
        "id": str(uuid5(NAMESPACE_URL, told["eventId"])),
        "timestamp": told["occurredAt"],
        "actor": {"objectType": "Agent", "account": {"homePage": _SITE, "name": learner}},
        "verb": {"id": f"{_SITE}/verbs/{told['interactionType']}"},
        "object": {
            "objectType": "Activity",
            "id": f"{_SITE}/cases/{told['caseId']}",
            "definition": {"name": {"en": told["caseTitle"]}},
        },
        "result": {
            "duration": f"PT{told['timeSpentSeconds']}S",
            "score": {"raw": told["performanceMetrics"]["score"], "min": 0, "max": 100},
            "extensions": {f"{_SITE}/steps": told["performanceMetrics"]["steps"]},
        },
        "context": {"extensions": {f"{_SITE}/{key}": value for key, value in told["metadata"].items()}},
    }


def _moment(number: int) -> str:
    return (datetime.now(UTC) - timedelta(seconds=number)).isoformat().replace("+00:00", "Z")

"""The interactions that are posted: the usual mix, about 440 bytes of JSON each."""

from datetime import UTC, datetime, timedelta

KINDS = ("case_view", "case_start", "time_spent", "help_request", "case_complete", "navigation", "resource_access")


def single(name: str, number: int = 0) -> dict:
    moment = datetime.now(UTC) - timedelta(seconds=number)
    return {
        "eventId": f"{name}-{number}",
        "interactionType": KINDS[number % len(KINDS)],
        "occurredAt": moment.isoformat().replace("+00:00", "Z"),
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


def bulk(name: str, size: int) -> list[dict]:
    """A learner's bulk, as a front end collects it."""
    return [single(name, number) for number in range(size)]

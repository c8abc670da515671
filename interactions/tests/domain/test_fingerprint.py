"""Equal for a resent interaction, different for a changed one."""

import msgspec
import pytest

from interactions.domain.event import Event, read_interaction
from interactions.domain.fingerprint import fingerprints
from interactions.domain.policy import ES_1
from interactions.domain.telling import Telling

KEY = b"k" * 32
TOLD = {
    "interactionType": "case_complete",
    "eventId": "e-1",
    "occurredAt": "2026-03-02T10:00:00Z",
    "performanceMetrics": {"score": 85, "accuracy": 0.5},
    "metadata": {"difficulty": "hard", "steps": [1, 2]},
}


def fingerprint(event, key):
    # Beside another one: nothing of it may be left over.
    return fingerprints(Telling.of([Event("navigation", case_id="other"), event]), key)[1]


def of(**changes):
    return fingerprint(read_interaction({**TOLD, **changes}, ES_1.interaction_types), KEY)


@pytest.mark.parametrize(
    "changes",
    [
        {"sentAt": "2026-03-02T10:05:00Z"},
        {"occurredAt": "2026-03-02T11:00:00+01:00"},
        {"metadata": {"steps": [1.0, 2], "difficulty": "hard"}},
        {"performanceMetrics": {"accuracy": 0.5, "score": 85.0}},
        {"caseId": None},
    ],
)
def test_the_same_said_otherwise_is_the_same(changes):
    assert of(**changes) == of()


@pytest.mark.parametrize(
    "changes",
    [
        {"interactionType": "case_abandon"},
        {"occurredAt": "2026-03-02T10:00:00.000001Z"},
        {"caseId": "c"},
        {"performanceMetrics": {"score": 86, "accuracy": 0.5}},
        {"metadata": {"difficulty": "hard", "steps": [2, 1]}},
        {"timeSpentSeconds": 0},
    ],
)
def test_any_change_is_seen(changes):
    assert of(**changes) != of()


def test_every_field_but_the_ids_and_sent_at_counts():
    left_out = {"event_id", "user_id", "sent_at", "performance", "specialty", "difficulty", "stage"}
    samples = {"seconds": 1, "active_seconds": 1, "metadata": {"a": 1}, "performance_metrics": {"a": 1}}
    plain = Event(interaction_type="search")
    for name in Event.__struct_fields__:
        changed = msgspec.structs.replace(plain, **{name: samples.get(name, "x")})
        assert (fingerprint(changed, KEY) == fingerprint(plain, KEY)) == (name in left_out), name


def test_another_key_gives_another_fingerprint():
    event = read_interaction(TOLD, ES_1.interaction_types)
    assert fingerprint(event, KEY) != fingerprint(event, b"j" * 32)

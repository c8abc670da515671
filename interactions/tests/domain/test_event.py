"""The gate: what an interaction may say, and how a refusal names the field."""

from datetime import UTC, datetime

import pytest

from interactions.domain.event import Event, FieldError, read_interaction
from interactions.domain.parsing import parse
from interactions.domain.policy import ES_1

TYPES = ES_1.interaction_types


def errors_of(value):
    result = read_interaction(value, TYPES)
    assert isinstance(result, list), f"accepted as {result}"
    return [(error.pointer, error.code) for error in result]


def test_the_specifications_case_start_becomes_an_event():
    told = {
        "interactionType": "case_start",
        "caseId": "case-123",
        "caseTitle": "Abdominal Pain Diagnosis",
        "startTime": "2026-03-02T10:30:00.250+01:00",
        "metadata": {"difficulty": "intermediate", "specialty": "emergency medicine"},
    }
    assert read_interaction(told, TYPES) == Event(
        interaction_type="case_start",
        case_id="case-123",
        case_title="Abdominal Pain Diagnosis",
        start_time=datetime(2026, 3, 2, 9, 30, 0, 250_000, tzinfo=UTC),
        metadata=told["metadata"],
        difficulty="intermediate",
        specialty="emergency medicine",
    )


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_each_of_the_twelve_types_is_taken(kind):
    assert read_interaction({"interactionType": kind}, TYPES) == Event(interaction_type=kind)


def test_there_are_the_specifications_twelve_types():
    assert len(TYPES) == 12


def test_null_says_absent():
    told = {"interactionType": "search", "caseId": None, "metadata": None, "timeSpentSeconds": None}
    assert read_interaction(told, TYPES) == Event(interaction_type="search")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"interactionType": "swim"}, ("/interactionType", "unknown_type")),
        ({"interactionType": 3}, ("/interactionType", "wrong_type")),
        ({"is_staff": True}, ("/is_staff", "unknown_field")),
        ({"engagementScore": 100}, ("/engagementScore", "unknown_field")),
        ({"a/b~c": 1}, ("/a~1b~0c", "unknown_field")),
        ({"eventId": ""}, ("/eventId", "blank")),
        ({"eventId": "x" * 65}, ("/eventId", "too_long")),
        ({"eventId": 7}, ("/eventId", "wrong_type")),
        ({"caseId": "c" * 201}, ("/caseId", "too_long")),
        ({"caseTitle": "a\0b"}, ("/caseTitle", "nul_character")),
        ({"caseTitle": "\ud800"}, ("/caseTitle", "invalid_unicode")),
        ({"timeSpentSeconds": -1}, ("/timeSpentSeconds", "out_of_range")),
        ({"timeSpentSeconds": 86_401}, ("/timeSpentSeconds", "out_of_range")),
        ({"timeSpentSeconds": 1.5}, ("/timeSpentSeconds", "wrong_type")),
        ({"timeSpentSeconds": True}, ("/timeSpentSeconds", "wrong_type")),
        ({"activeSeconds": "12"}, ("/activeSeconds", "wrong_type")),
        ({"occurredAt": "2026-03-02T10:30:00"}, ("/occurredAt", "no_time_zone")),
        ({"occurredAt": "2026-02-30T10:30:00Z"}, ("/occurredAt", "invalid_time")),
        ({"occurredAt": "0001-01-01T00:00:00+14:00"}, ("/occurredAt", "invalid_time")),
        ({"occurredAt": "20260302T103000Z"}, ("/occurredAt", "invalid_time")),
        ({"occurredAt": 1_772_400_000}, ("/occurredAt", "wrong_type")),
        ({"performanceMetrics": {"score": 101}}, ("/performanceMetrics/score", "out_of_range")),
        ({"performanceMetrics": {"score": "85"}}, ("/performanceMetrics/score", "wrong_type")),
        ({"performanceMetrics": {"score": True}}, ("/performanceMetrics/score", "wrong_type")),
        ({"performanceMetrics": [85]}, ("/performanceMetrics", "wrong_type")),
        ({"metadata": "hard"}, ("/metadata", "wrong_type")),
        ({"metadata": {"difficulty": 3}}, ("/metadata/difficulty", "wrong_type")),
        ({"metadata": {"specialty": "s" * 201}}, ("/metadata/specialty", "too_long")),
        ({"metadata": {"deep": {"er": "\0"}}}, ("/metadata/deep/er", "nul_character")),
    ],
)
def test_a_faulty_field_is_named(fields, expected):
    assert errors_of({"interactionType": "search", **fields}) == [expected]


def test_all_faults_are_told_at_once():
    assert errors_of({"caseId": 1, "nonsense": 2, "timeSpentSeconds": -5}) == [
        ("/caseId", "wrong_type"),
        ("/nonsense", "unknown_field"),
        ("/timeSpentSeconds", "out_of_range"),
        ("/interactionType", "required"),
    ]


@pytest.mark.parametrize("value", [None, 3, "x", [], True])
def test_what_is_no_object_is_no_interaction(value):
    assert read_interaction(value, TYPES) == [FieldError("", "wrong_type", "An interaction is a JSON object.")]


def test_a_repeated_key_is_named():
    assert errors_of(parse(b'{"interactionType":"search","interactionType":"search"}')) == [
        ("/interactionType", "duplicate_key")
    ]


def test_wall_clock_seconds_follow_from_start_and_end():
    times = {"startTime": "2026-03-02T10:00:00Z", "endTime": "2026-03-02T10:09:59.9Z"}
    assert read_interaction({"interactionType": "time_spent", **times}, TYPES).seconds == 599


def test_given_seconds_go_before_start_and_end():
    told = {"startTime": "2026-03-02T10:00:00Z", "endTime": "2026-03-02T10:10:00Z", "timeSpentSeconds": 30}
    assert read_interaction({"interactionType": "time_spent", **told}, TYPES).seconds == 30


def test_an_end_before_the_start_is_refused():
    times = {"startTime": "2026-03-02T10:00:00Z", "endTime": "2026-03-02T09:59:59Z"}
    assert errors_of({"interactionType": "time_spent", **times}) == [("/endTime", "end_before_start")]


def test_a_span_of_more_than_a_day_is_refused():
    times = {"startTime": "2026-03-02T10:00:00Z", "endTime": "2026-03-03T10:00:01Z"}
    assert errors_of({"interactionType": "time_spent", **times}) == [("/endTime", "out_of_range")]


def test_active_seconds_score_before_wall_clock():
    told = {"interactionType": "time_spent", "timeSpentSeconds": 600, "activeSeconds": 40}
    assert read_interaction(told, TYPES).scored_seconds == 40

"""The gate: what an interaction may say, and how a refusal names the field."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from interactions.domain.event import Event, _read_quickly, read_carefully, read_interaction
from interactions.domain.fields import FieldError
from interactions.domain.parsing import parse
from interactions.domain.policy import ES_1
from interactions.tests.domain.told import some_interaction

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
        ({"occurredAt": "0001-01-01T00:00:00+14:00"}, ("/occurredAt", "out_of_range")),
        ({"startTime": "9999-12-31T23:59:59Z"}, ("/startTime", "out_of_range")),
        ({"sentAt": "1969-12-31T23:59:59Z"}, ("/sentAt", "out_of_range")),
        ({"occurredAt": "a\ud800b"}, ("/occurredAt", "invalid_time")),
        ({"eventId": "a\ud800b"}, ("/eventId", "invalid_unicode")),
        ({"a\ud800b": 1}, ("/a?b", "unknown_field")),
        ({"metadata": {"x": 1e300}}, ("/metadata/x", "out_of_range")),
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


def test_half_a_surrogate_pair_in_place_of_an_interaction_is_refused():
    assert errors_of("a\ud800b") == [("", "wrong_type")]


def test_a_flood_of_unknown_fields_is_answered_briefly():
    flood = {"interactionType": "search", **{f"k{number}": 1 for number in range(100)}}
    assert len(errors_of(flood)) == 20
    assert errors_of({str(number): 1 for number in range(201)}) == [("", "too_large")]


def test_whole_numbers_are_kept_as_such_so_that_both_databases_give_back_the_same():
    told = {
        "interactionType": "search",
        "metadata": {"a": 1e15, "b": [-0.0, 2.5]},
        "performanceMetrics": {"score": -0.0},
    }
    event = read_interaction(told, TYPES)
    assert repr((event.metadata, event.performance_metrics, event.performance)) == repr(
        ({"a": 10**15, "b": [0, 2.5]}, {"score": 0}, 0.0)
    )


def test_a_repeated_key_is_named():
    assert errors_of(parse(b'{"interactionType":"search","interactionType":"search"}')) == [
        ("/interactionType", "duplicate_key")
    ]


@pytest.mark.parametrize("title", ["plain", "two\nlines"])
def test_an_offset_without_its_colon_is_taken_whichever_reader_reads_it(title):
    told = {"interactionType": "search", "caseTitle": title, "occurredAt": "2026-03-02T11:00:00+0100"}
    assert read_interaction(told, TYPES).occurred_at == datetime(2026, 3, 2, 10, tzinfo=UTC)


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


@settings(max_examples=500, deadline=None)
@given(some_interaction)
def test_the_quick_reader_never_takes_what_the_careful_one_refuses_nor_reads_it_otherwise(told):
    quickly = _read_quickly(told, TYPES)
    assert quickly is None or quickly == read_carefully(told, TYPES)


def test_the_quick_reader_takes_what_is_plainly_in_order():
    told = {
        "interactionType": "case_complete",
        "eventId": "e",
        "userId": "lena",
        "occurredAt": "2026-03-02T10:00:00.25+01:00",
        "startTime": "2026-03-02T10:00:00Z",
        "endTime": "2026-03-02T10:10:00Z",
        "caseId": "c-1",
        "caseTitle": "Bauchschmerz, übel",
        "performanceMetrics": {"score": 85, "steps": [1, 2]},
        "metadata": {"difficulty": "hard", "specialty": "emergency medicine", "stage": None},
    }
    assert _read_quickly(told, TYPES) == read_carefully(told, TYPES)
    assert isinstance(read_carefully(told, TYPES), Event)

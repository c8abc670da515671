"""The quick reader of whole bulks takes nothing that the careful one refuses, and reads nothing otherwise."""

import json
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interactions.domain.bulk_reader import read_bulk
from interactions.domain.event import Event, read_carefully
from interactions.domain.parsing import Unreadable, parse
from interactions.domain.policy import ES_1
from interactions.domain.telling import COLUMNS, Telling
from interactions.tests.domain.told import some_interaction

TYPES = ES_1.interaction_types
PLAIN = {
    "interactionType": "case_complete",
    "eventId": "e",
    "userId": "lena",
    "occurredAt": "2026-03-02T10:00:00.25+01:00",
    "startTime": "2026-03-02T10:00:00Z",
    "endTime": "2026-03-02T10:10:00Z",
    "caseId": "c-1",
    "caseTitle": 'Bauchschmerz, "übel"',
    "performanceMetrics": {"score": 85, "accuracy": 0.5, "steps": 12},
    "metadata": {"difficulty": "hard", "specialty": "emergency medicine", "stage": None, "seen": [1, 2.0]},
}


def carefully(raw):
    """Columns by way of the careful reader, or None where it refuses anything."""
    try:
        events = [read_carefully(value, TYPES) for value in parse(raw)]
    except (Unreadable, TypeError):
        return None
    return Telling.of(events) if events and all(isinstance(event, Event) for event in events) else None


def as_lists(telling):
    return telling and {name: list(getattr(telling, name)) for name in COLUMNS}


def quickly(raw, most=1000):
    bulk = read_bulk(raw, TYPES, most)
    return bulk and bulk.telling


@pytest.mark.parametrize("lacking", [(), *((name,) for name in PLAIN if name != "interactionType")])
@pytest.mark.parametrize("left", ["out", "null"])
def test_what_is_plainly_in_order_is_taken(lacking, left):
    bare = PLAIN | dict.fromkeys(lacking) if left == "null" else {k: v for k, v in PLAIN.items() if k not in lacking}
    raw = json.dumps([PLAIN, bare, {"interactionType": "search"}]).encode()
    told = quickly(raw)
    assert told is not None
    assert as_lists(told) == as_lists(carefully(raw))


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("ensure_ascii", [True, False])
def test_no_way_of_writing_json_is_left_to_the_slow_reader(indent, ensure_ascii):
    assert quickly(json.dumps([PLAIN] * 3, indent=indent, ensure_ascii=ensure_ascii).encode()) is not None


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{}",
        b"[17]",
        b'[{"interactionType":"unknown"}]',
        b'[{"interactionType":"search","interactionType":"search"}]',
        b'[{"interactionType":"search","interactionType" :"search"}]',
        b'[{"interactionType":"search","interaction\\u0054ype":"search"}]',
        b'[{"interactionType":"search","eventId":null,"eventId":"e"}]',
        b'[{"interactionType":"search","metadata":{"a":1,"a":2}}]',
        b'[{"interactionType":"search","metadata":{"a":{"b":1,"b":1}}}]',
        b'[{"interactionType":"search","performanceMetrics":{"score":1,"score":2}}]',
        b'[{"interactionType":"search","metadata":{},"metadata":null}]',
        b'[{"interactionType":"search","metadata":[]}]',
        b'[{"interactionType":"search","metadata":{"a":"\\u0000"}}]',
        b'[{"interactionType":"search","metadata":{"a":"\\ud800"}}]',
        b'[{"interactionType":"search","metadata":{"a":"\xff"}}]',
        b'[{"interactionType":"search","metadata":{"a":9007199254740992}}]',
        b'[{"interactionType":"search","performanceMetrics":{"score":101}}]',
        b'[{"interactionType":"search","performanceMetrics":{"score":true}}]',
        b'[{"interactionType":"search","timeSpentSeconds":1.0}]',
        b'[{"interactionType":"search","timeSpentSeconds":-1}]',
        b'[{"interactionType":"search","caseId":"\\u0000"}]',
        b'[{"interactionType":"search","occurredAt":"2026-03-02T10:00:00"}]',
        b'[{"interactionType":"search","startTime":"2026-03-02T10:00:01Z","endTime":"2026-03-02T10:00:00Z"}]',
        b'[{"interactionType":"search","x":1}]',
        b'[{"interactionType":"search"},]',
        b'[{"interactionType":"search"}',
    ],
)
@pytest.mark.parametrize("among", [0, 100])
def test_what_is_not_plainly_in_order_is_left_to_the_careful_reader(text, among):
    """`among`: so many that are in order stand before it, for a long text is searched otherwise than a short one."""
    before = json.dumps([PLAIN] * among).encode()[1:-1]
    assert quickly(text.replace(b"[", b"[" + before + b",", 1) if among and text.startswith(b"[{") else text) is None


@pytest.mark.parametrize("sent", [{}, {"sentAt": None}, {"sentAt": "2026-03-02T11:00:00+01:00"}])
def test_an_envelope_is_taken_with_when_it_was_sent(sent):
    raw = json.dumps(sent | {"interactions": [PLAIN, PLAIN]}).encode()
    bulk = read_bulk(raw, TYPES, 2)
    assert as_lists(bulk.telling) == as_lists(quickly(json.dumps([PLAIN, PLAIN]).encode()))
    assert bulk.sent_at == (datetime(2026, 3, 2, 10, tzinfo=UTC) if sent.get("sentAt") else None)


@pytest.mark.parametrize(
    "envelope",
    [
        b'{"interactions":[{"interactionType":"search"}],"interactions":[{"interactionType":"search"}]}',
        b'{"interactions":[{"interactionType":"search"}],"sentAt":null,"sentAt":null}',
        b'{"interactions":[{"interactionType":"search"}],"sentAt":"2026-03-02T11:00:00"}',
        b'{"interactions":[{"interactionType":"search"}],"x":1}',
        b'{"interactions":[]}',
        b'{"sentAt":null}',
    ],
)
def test_an_envelope_that_is_not_plain_is_left_to_the_careful_reader(envelope):
    assert read_bulk(envelope, TYPES, 2) is None


def test_a_bulk_that_holds_too_many_is_not_taken():
    raw = json.dumps([PLAIN] * 3).encode()
    assert (quickly(raw, most=2), len(quickly(raw, most=3))) == (None, 3)


@settings(max_examples=400, deadline=None)
@given(st.lists(some_interaction, min_size=1, max_size=3), st.booleans())
def test_the_bulk_reader_never_takes_what_the_careful_one_refuses_nor_reads_it_otherwise(bulk, ensure_ascii):
    try:
        raw = json.dumps(bulk, ensure_ascii=ensure_ascii).encode()
    except UnicodeEncodeError:
        return
    told = quickly(raw)
    assert told is None or as_lists(told) == as_lists(carefully(raw))


def test_objects_are_kept_in_one_order_and_whole_numbers_as_such():
    told = quickly(b'[{"interactionType":"search","metadata":{"b":2.0,"a":{"d":1,"c":[-0.0]}}}]')
    assert told.metadata == (b'{"a":{"c":[0],"d":1},"b":2}',)
    assert msgspec.json.decode(told.metadata[0]) == {"b": 2, "a": {"d": 1, "c": [0]}}

"""Bytes to JSON values: what sinks a whole text and what only flaws the value it stands in."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interactions.domain.parsing import Flaw, Unreadable, check_value, parse


def flaws_in(raw):
    found = []
    check_value(parse(raw), found)
    return [(flaw.pointer, flaw.code) for flaw in found]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "invalid_json"),
        (b"{", "invalid_json"),
        (b'{"a":NaN}', "invalid_json"),
        (b'[Infinity, "\\n"]', "invalid_json"),
        (b'{"a":1} trailing', "invalid_json"),
        (b"\xef\xbb\xbf{}", "invalid_json"),
        (b'{"a":"\xff"}', "invalid_unicode"),
        ('{"a":1}'.encode("utf-16"), "invalid_unicode"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":' * 100_000, "too_deep"),
    ],
)
def test_an_unreadable_text_is_refused_with_its_reason(raw, code):
    with pytest.raises(Unreadable) as refusal:
        parse(raw)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'{"a":1,"a":2}', [("/a", "duplicate_key")]),
        (b'{"a" :1,"b":2,"b":3}', [("/b", "duplicate_key")]),
        (b'{"a":{"b":1,"b":1}}', [("/a/b", "duplicate_key")]),
        (rb'{"a":"\u0000"}', [("/a", "nul_character")]),
        (rb'{"a\u0000":1}', [("", "nul_character")]),
        (rb'{"a":"\ud800"}', [("/a", "invalid_unicode")]),
        (b'{"a":9007199254740992}', [("/a", "out_of_range")]),
        (b'{"a":' + b"9" * 4000 + b"}", [("/a", "out_of_range")]),
        (b'{"a":1e999}', [("/a", "out_of_range")]),
        (b'{"a~/b":1e999}', [("/a~0~1b", "out_of_range")]),
        (json.dumps({"a": "x" * 4097}).encode(), [("/a", "too_long")]),
        (json.dumps({str(n): n for n in range(201)}).encode(), [("", "too_large")]),
        (json.dumps(list(range(201))).encode(), [("", "too_large")]),
    ],
)
def test_a_flaw_stays_in_its_place_and_names_it(raw, expected):
    assert flaws_in(raw) == expected


@pytest.mark.parametrize(("depth", "fits"), [(31, True), (32, True), (33, False), (900, False)])
def test_values_nest_at_most_32_levels(depth, fits):
    found = [code for _, code in flaws_in(b"[" * (depth - 1) + b"1" + b"]" * (depth - 1))]
    assert found == ([] if fits else ["too_deep"])


def test_a_flaw_in_one_item_leaves_its_neighbours_readable():
    first, second, third = parse(rb'[{"a":1},{"a":"\u0000","b":1,"b":2},{"a":"\ud83d\ude00"}]')
    assert (first, third) == ({"a": 1}, {"a": "😀"})
    found: list[Flaw] = []
    check_value(second, found)
    assert [flaw.code for flaw in found] == ["duplicate_key"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(json_values, st.booleans(), st.booleans())
def test_every_json_text_without_flaws_reads_as_the_standard_library_reads_it(value, escaped, spaced):
    separators = (" , ", " : ") if spaced else (",", ":")
    text = json.dumps(value, ensure_ascii=escaped, separators=separators)
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        return
    infinite = [token for token in ("Infinity", "NaN") if token in text and '"' not in text]
    if not infinite and "Infinity" not in text:
        assert parse(raw) == json.loads(text)

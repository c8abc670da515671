"""The bytes of an item are those that were sent, whatever stands in them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interactions.domain.parsing import parse
from interactions.domain.slicing import item_bytes

ITEMS = [
    b"17",
    b"-0.50e+03",
    b"null",
    b"true",
    b'""',
    b'"a,]}\\"{["',
    b'"\\\\"',
    b'{"x":"\\u0000"}',
    b'{"x":"\\ud800"}',
    b'{"\\udc00":1}',
    b'{"a":1,"a":{"b":[1,2,{"a":3,"a":4}]},"a":1}',
    b'{ "a" : [ ] , "b" : { } }',
    b"{}",
    b"[]",
    b'[[["],"],[{"x":"}"}]],1]',
    '{"é":"\N{SNOWMAN}"}'.encode(),
    b'{"big":' + b"9" * 5000 + b"}",
    b"[" * 200 + b"]" * 200,
]
ENVELOPES = [
    (b"[", b",", b"]"),
    (b" \n[ ", b" ,\t", b" ]\r\n"),
    (b'{"interactions":[', b",", b"]}"),
    (b'{"sentAt":"[,]","interactions" : [ ', b" , ", b' ] , "x":{"interactions":[1]}}'),
    (b'{"x":{"interactions":[1]},"\\u0069nteractions":[', b",", b"]}"),
]


@pytest.mark.parametrize(("start", "comma", "end"), ENVELOPES)
def test_every_item_is_cut_out_as_it_was_sent(start, comma, end):
    raw = start + comma.join(ITEMS) + end
    parse(raw)
    assert item_bytes(raw, range(len(ITEMS))) == dict(enumerate(ITEMS))


def test_only_the_items_asked_for_are_cut_out():
    assert item_bytes(b"[1,22,333]", [1]) == {1: b"22"}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.lists(VALUES, min_size=1, max_size=6), st.booleans(), st.sampled_from([None, 1]))
def test_items_of_any_bulk_are_cut_out(values, ascii_only, indent):
    raw = json.dumps(values, ensure_ascii=ascii_only, indent=indent).encode("utf-8", "surrogatepass")
    found = item_bytes(raw, range(len(values)))
    assert [json.loads(found[index]) for index in range(len(values))] == values
    rest = raw
    for index in range(len(values)):
        before, cut, rest = rest.partition(found[index])
        assert cut
        assert before.strip() in (b"[", b",")
    assert rest.strip() == b"]"


def test_a_long_bulk_of_hostile_brackets_takes_no_longer_than_a_plain_one():
    raw = b"[" + b",".join([b"[" * 400 + b'"' + b'\\"{' * 100 + b'"' + b"]" * 400] * 200) + b"]"
    assert len(item_bytes(raw, [199])[199]) == 400 + 302 + 400

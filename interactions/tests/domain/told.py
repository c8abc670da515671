"""Interactions as clients tell them, right and wrong, for tests that generate their cases."""

from hypothesis import strategies as st

from interactions.domain.event import FIELDS
from interactions.domain.policy import ES_1

_times = st.one_of(
    st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    st.from_regex(r"\A[0-2]\d{3}-[01]\d-[0-3]\d[Tt ][0-2]\d:[0-6]\d:[0-6]\d(\.\d{1,10})?([Zz]|[+-]\d\d:?\d\d)?\Z"),
    st.sampled_from(
        ["2026-03-02T24:00:00Z", "2026-03-02T10:00:60Z", "0001-01-01T00:00:00+14:00", "2026-03-02T10:00:00+0100"]
    ),
)
_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 86_500),
    st.floats(allow_nan=False),
    st.text(max_size=70),
    st.text(st.characters(codec=None), max_size=4),
    _times,
    st.dictionaries(
        st.sampled_from(["score", "specialty", "difficulty", "stage", "x\0"]),
        st.none() | st.integers(-1, 101) | st.floats(allow_nan=False) | st.text(max_size=3) | st.just("s" * 201),
    ),
)
_told = st.fixed_dictionaries(
    {"interactionType": st.sampled_from(sorted(ES_1.interaction_types)) | _values},
    optional={name: _times if name.endswith(("At", "Time")) else _values for name in (*FIELDS[1:], "performance")},
)
some_interaction = _told | st.dictionaries(st.sampled_from((*FIELDS, "performance")), _values)

"""The gate: what an interaction may say, in one rule set for every door (API, bulk, import, xAPI).

`read_interaction` turns one JSON value into an Event or into every fault found in it, each with a JSON
pointer. It knows nothing of accounts, clocks or the database.

It reads in two steps. What is plainly in order is taken by a compiled reader (`_Told`) in a few
microseconds. Whatever that one does not take is read again field by field, which finds every fault and has
the last word. So the compiled reader may refuse too much, but must never take what the careful one refuses.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from interactions.domain.fields import (
    ID_LENGTH,
    MAX_SECONDS,
    SESSION_ID_LENGTH,
    TEXT_LENGTH,
    TYPE_LENGTH,
    Fault,
    FieldError,
    in_utc,
    read_identifier,
    read_seconds,
    read_time,
    text_reader,
)
from interactions.domain.parsing import MAX_KEYS, Flaw, canonical, check_value, is_plain, pointer_to

# No client needs a longer list to see what is wrong with one interaction.
MOST_ERRORS = 20

_Text = Annotated[str, Meta(max_length=TEXT_LENGTH)]
_Identifier = Annotated[str, Meta(min_length=1, max_length=ID_LENGTH)]
_Seconds = Annotated[int, Meta(ge=0, le=MAX_SECONDS)]
_Time = Annotated[datetime, Meta(tz=True)]


class _Told(msgspec.Struct, rename="camel", forbid_unknown_fields=True, gc=False):
    """An interaction in its JSON shape, as the compiled reader takes it."""

    interaction_type: Annotated[str, Meta(max_length=TYPE_LENGTH)]
    event_id: _Identifier | None = None
    user_id: _Identifier | None = None
    occurred_at: _Time | None = None
    start_time: _Time | None = None
    end_time: _Time | None = None
    time_spent_seconds: _Seconds | None = None
    active_seconds: _Seconds | None = None
    case_id: _Text | None = None
    case_title: _Text | None = None
    resource_type: _Text | None = None
    resource_id: _Text | None = None
    resource_name: _Text | None = None
    help_request_type: _Text | None = None
    session_id: Annotated[str, Meta(max_length=SESSION_ID_LENGTH)] | None = None
    sent_at: _Time | None = None
    performance_metrics: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None


class Event(msgspec.Struct, gc=False):
    """A valid interaction as its client told it; absent text is "", every other absence is None.

    Times are aware and in UTC. `seconds` is wall-clock time, given or the whole seconds between start and
    end; `active_seconds` is time with the page visible and used. `performance` is 0-100.
    """

    interaction_type: str
    event_id: str = ""
    user_id: str = ""
    occurred_at: datetime | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    seconds: int | None = None
    active_seconds: int | None = None
    case_id: str = ""
    case_title: str = ""
    resource_type: str = ""
    resource_id: str = ""
    resource_name: str = ""
    help_request_type: str = ""
    session_id: str = ""
    sent_at: datetime | None = None
    performance: float | None = None
    performance_metrics: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    specialty: str = ""
    difficulty: str = ""
    stage: str = ""

    @property
    def scored_seconds(self) -> int | None:
        """The time that earns points: active where the client measured it, else wall-clock."""
        return self.seconds if self.active_seconds is None else self.active_seconds


_type_text = text_reader(TYPE_LENGTH)
# JSON name -> (Event's name, reader). Objects are read apart, for they have insides.
_SIMPLE_FIELDS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "interactionType": ("interaction_type", _type_text),
    "eventId": ("event_id", read_identifier),
    "userId": ("user_id", read_identifier),
    "occurredAt": ("occurred_at", read_time),
    "startTime": ("start_time", read_time),
    "endTime": ("end_time", read_time),
    "timeSpentSeconds": ("seconds", read_seconds),
    "activeSeconds": ("active_seconds", read_seconds),
    "caseId": ("case_id", text_reader(TEXT_LENGTH)),
    "caseTitle": ("case_title", text_reader(TEXT_LENGTH)),
    "resourceType": ("resource_type", text_reader(TEXT_LENGTH)),
    "resourceId": ("resource_id", text_reader(TEXT_LENGTH)),
    "resourceName": ("resource_name", text_reader(TEXT_LENGTH)),
    "helpRequestType": ("help_request_type", text_reader(TEXT_LENGTH)),
    "sessionId": ("session_id", text_reader(SESSION_ID_LENGTH)),
    "sentAt": ("sent_at", read_time),
}
_READ_FROM_METADATA = ("specialty", "difficulty", "stage")
FIELDS = (*_SIMPLE_FIELDS, "performanceMetrics", "metadata")


def read_interaction(value: Any, types: frozenset[str]) -> Event | list[FieldError]:
    """The Event that a JSON value tells, or all that is wrong with it. `types`: the active types."""
    return _read_quickly(value, types) or read_carefully(value, types)


def _read_quickly(value: Any, types: frozenset[str]) -> Event | None:
    """The Event of a value that is plainly in order; None: look closer."""
    try:
        told = msgspec.convert(value, _Told)
        start, end, seconds = told.start_time, told.end_time, told.time_spent_seconds
        occurred_at, sent_at = told.occurred_at, told.sent_at
        if occurred_at is not None:
            occurred_at = in_utc(occurred_at)
        if sent_at is not None:
            sent_at = in_utc(sent_at)
        if start is not None:
            start = in_utc(start)
        if end is not None:
            end = in_utc(end)
    except (msgspec.ValidationError, OverflowError, UnicodeError):
        return None
    if start is not None and end is not None:
        if end < start:
            return None
        if seconds is None:
            seconds = int((end - start).total_seconds())
            if seconds > MAX_SECONDS:
                return None
    texts = (
        told.interaction_type,
        told.event_id or "",
        told.user_id or "",
        told.case_id or "",
        told.case_title or "",
        told.resource_type or "",
        told.resource_id or "",
        told.resource_name or "",
        told.help_request_type or "",
        told.session_id or "",
    )
    # Printable text holds neither NUL nor half a surrogate pair.
    if texts[0] not in types or not "".join(texts).isprintable():
        return None
    metadata, metrics = told.metadata, told.performance_metrics
    flaws: list[Flaw] = []
    score = specialty = difficulty = stage = None
    if metrics is not None:
        if not is_plain(metrics):
            check_value(metrics, flaws)
            if flaws:
                return None
            metrics = canonical(metrics)
        score = metrics.get("score")
        if score is not None and (score := score_of(score)) is None:
            return None
    if metadata is not None:
        if not is_plain(metadata):
            check_value(metadata, flaws)
            if flaws:
                return None
            metadata = canonical(metadata)
        specialty, difficulty, stage = metadata.get("specialty"), metadata.get("difficulty"), metadata.get("stage")
        for read in (specialty, difficulty, stage):
            if read is not None and (type(read) is not str or len(read) > TEXT_LENGTH):
                return None
    kind, event_id, user_id, case_id, case_title, *rest = texts
    return Event(
        kind,
        event_id,
        user_id,
        occurred_at,
        start,
        end,
        seconds,
        told.active_seconds,
        case_id,
        case_title,
        *rest,
        sent_at,
        score,
        metrics,
        metadata,
        specialty or "",
        difficulty or "",
        stage or "",
    )


def read_carefully(value: Any, types: frozenset[str]) -> Event | list[FieldError]:
    """The same, field by field: finds every fault, takes longer."""
    if type(value) is not dict:
        return [_not_an_object(value)]
    if len(value) > MAX_KEYS:
        return [FieldError("", "too_large", f"An object has at most {MAX_KEYS} keys.")]
    faults: list[FieldError] = []
    fields: dict[str, Any] = {}
    for name, given in value.items():
        if given is None:
            continue  # null says "absent", as in most clients' models
        simple = _SIMPLE_FIELDS.get(name)
        if simple is not None:
            try:
                fields[simple[0]] = simple[1](given)
            except Fault as fault:
                faults.append(_at_field(name, fault, given))
        elif name == "metadata":
            _read_metadata(given, fields, faults)
        elif name == "performanceMetrics":
            _read_performance(given, fields, faults)
        else:
            faults.append(_unknown(name))

    if "interaction_type" in fields:
        if fields["interaction_type"] not in types:
            faults.append(FieldError("/interactionType", "unknown_type", _known_types(types)))
    elif not any(fault.pointer == "/interactionType" for fault in faults):
        faults.append(FieldError("/interactionType", "required", "This field is required."))
    _relate_times(fields, faults)
    return faults[:MOST_ERRORS] or Event(**fields)


def _relate_times(fields: dict[str, Any], faults: list[FieldError]) -> None:
    """Check that the end is not before the start; derive wall-clock seconds where only the two are given."""
    start, end = fields.get("start_time"), fields.get("end_time")
    if start is None or end is None:
        return
    if end < start:
        faults.append(FieldError("/endTime", "end_before_start", "endTime lies before startTime."))
    elif "seconds" not in fields:
        between = int((end - start).total_seconds())
        if between > MAX_SECONDS:
            faults.append(
                FieldError("/endTime", "out_of_range", f"endTime lies more than {MAX_SECONDS} seconds after startTime.")
            )
        else:
            fields["seconds"] = between


def _read_metadata(given: Any, fields: dict[str, Any], faults: list[FieldError]) -> None:
    if not _read_object("metadata", given, faults):
        return
    fields["metadata"] = canonical(given)
    for name in _READ_FROM_METADATA:
        told = given.get(name)
        if told is None:
            continue
        if type(told) is not str:
            faults.append(FieldError(f"/metadata/{name}", "wrong_type", "This must be a string."))
        elif len(told) > TEXT_LENGTH:
            faults.append(FieldError(f"/metadata/{name}", "too_long", f"This has at most {TEXT_LENGTH} characters."))
        else:
            fields[name] = told


def _read_performance(given: Any, fields: dict[str, Any], faults: list[FieldError]) -> None:
    if not _read_object("performanceMetrics", given, faults):
        return
    fields["performance_metrics"] = canonical(given)
    score = given.get("score")
    if score is None:
        return
    if type(score) is not int and type(score) is not float:
        faults.append(FieldError("/performanceMetrics/score", "wrong_type", "A score is a number."))
    elif (performance := score_of(score)) is None:
        faults.append(FieldError("/performanceMetrics/score", "out_of_range", "A score lies between 0 and 100."))
    else:
        fields["performance"] = performance


def score_of(given: Any) -> float | None:
    """A performance of 0 to 100; None for what is none."""
    if type(given) in (int, float) and 0 <= given <= 100:
        return abs(float(given))  # 0 for -0.0
    return None


def _read_object(name: str, given: Any, faults: list[FieldError]) -> bool:
    """Whether `given` is an object that can be kept; appends what is wrong with it."""
    flaws: list[Flaw] = []
    if type(given) is not dict and type(given) in (str, int, float, bool, list):
        faults.append(FieldError(pointer_to(name), "wrong_type", "This must be an object."))
        return False
    check_value(given, flaws, pointer_to(name))
    faults.extend(FieldError(flaw.pointer, flaw.code, flaw.detail) for flaw in flaws)
    return not flaws


def _not_an_object(value: Any) -> FieldError:
    flaws: list[Flaw] = []
    check_value(value, flaws)
    if flaws and flaws[0].code == "duplicate_key":
        return FieldError(flaws[0].pointer, flaws[0].code, flaws[0].detail)
    return FieldError("", "wrong_type", "An interaction is a JSON object.")


def _at_field(name: str, fault: Fault, given: Any) -> FieldError:
    flaws: list[Flaw] = []
    if type(given) not in (str, dict, list):
        check_value(given, flaws)  # a number too large to read says so, not "wrong type"
    code, detail = (flaws[0].code, flaws[0].detail) if flaws else (fault.code, fault.detail)
    return FieldError(pointer_to(name), code, detail)


def _unknown(name: str) -> FieldError:
    shown = name[:TEXT_LENGTH].encode("utf-8", "replace").decode()
    return FieldError(pointer_to(shown), "unknown_field", "There is no such field.")


def _known_types(types: frozenset[str]) -> str:
    return f"This is no active interaction type; active are {', '.join(sorted(types))}."

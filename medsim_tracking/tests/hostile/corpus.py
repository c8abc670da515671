"""Hostile requests, made in a fixed order: every bad value in every field, at every door.

Each is a name, what is asked and by whom. Nothing here judges an answer; the names are grouped by what is bad.
"""

# ruff: noqa: E501 - hostile text is easier to look through in wide blocks

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

TRACK, BULK = "/api/interaction-tracking/track", "/api/interaction-tracking/track-bulk"
HISTORY, ENGAGEMENT = "/api/interaction-tracking/history/", "/api/interaction-tracking/engagement/"
TOKEN, REFRESH = "/api/auth/token", "/api/auth/token/refresh"
JSON = "application/json"


@dataclass(frozen=True)
class Request:
    """What is sent. `body` is bytes; `sender` one of the cast, or None for nobody."""

    name: str
    path: str
    body: bytes | None = None
    sender: str | None = "sim"
    method: str = "POST"
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


class Raw(str):
    """JSON text that no writer would write."""


def written(value) -> bytes:
    """JSON of a value in which Raw text stands as it is."""
    if isinstance(value, Raw):
        return value.encode()
    if isinstance(value, dict):
        return b"{" + b",".join(json.dumps(k).encode() + b":" + written(v) for k, v in value.items()) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(map(written, value)) + b"]"
    return json.dumps(value).encode()


TEXTS = ("interactionType", "eventId", "userId", "caseId", "caseTitle", "resourceType", "resourceId", "resourceName")
TEXTS += ("helpRequestType", "sessionId")
TIMES = ("occurredAt", "startTime", "endTime", "sentAt")
SECONDS = ("timeSpentSeconds", "activeSeconds")
OBJECTS = ("performanceMetrics", "metadata")
# Where else text may stand: read from metadata, kept in metadata, kept among metrics.
INNER = (("metadata", "difficulty"), ("metadata", "specialty"), ("metadata", "note"), ("performanceMetrics", "note"))

UNKEEPABLE = {
    "nul": Raw('"a\\u0000b"'),
    "nul-alone": Raw('"\\u0000"'),
    "high-surrogate": Raw('"a\\ud83d"'),
    "low-surrogate": Raw('"\\ude00b"'),
    "swapped-surrogates": Raw('"\\ude00\\ud83d"'),
    "long": "x" * 5000,
}
# Nothing is wrong with these: they come back as they were sent.
FINE = {
    "script": "<script>alert(1)</script>",
    "image": '"><img src=x onerror=alert(1)>',
    "quote": "Robert'); DROP TABLE users;--",
    "union": "' UNION SELECT password FROM accounts_user --",
    "formula": "=cmd|' /C calc'!A0",
    "template": "{{7*7}}${7*7}%{7*7}",
    "format": "%s%n%x{0}{0.__class__}",
    "path": "../../../../etc/passwd",
    "line-break": "one\ntwo\r\nthree\x1b[31m",
    "separator": "a\u2028b\u2029c\u0085d",
    "direction": "\u202eevil\u202c\u200b\ufeff",
    "emoji": "👩🏽‍⚕️🫀",
    "combining": "e" + "\u0301" * 60,
    "digits": "١٢٣४५६",
    "non-character": "\ufffe\uffff",
    "jndi": "${jndi:ldap://x/a}",
    "blank": " ",
}
WRONG_TYPES = {
    "number": 7,
    "fraction": 1.5,
    "true": True,
    "list": [],
    "list-of-text": ["search"],
    "object": {"$ne": 1},
    "too-large": Raw("9007199254740993"),
    "thousands-of-digits": Raw("9" * 4300),
    "infinite": Raw("1e400"),
}
NOT_JSON_VALUES = {word: Raw(word) for word in ("NaN", "Infinity", "-Infinity", "undefined", "0x10", "01", "+1", "'a'")}
BAD_TIMES = (
    "", "now", "2026", "2026-03-16", "2026-03-16T12:00:00", "2026-03-16 12:00", "2026-02-30T12:00:00Z",
    "2026-03-16T24:00:00Z", "2026-03-16T12:60:00Z", "2026-03-16T23:59:60Z", "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+23:59", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59-23:59", "2201-01-01T00:00:00Z",
    "2026-03-16T12:00:00+24:00", "2026-03-16T12:00:00+00:60", "2026-03-16T12:00:00 Z", "2026-W12-1T12:00:00Z",
    "2026-075T12:00:00Z", "20260316T120000Z", "-2026-03-16T12:00:00Z", "２０２６-03-16T12:00:00Z",
    "2026-03-16T12:00:00.1234567890Z", "2026-03-16T12:00:00,5Z", "2026-03-16T12:00:00[UTC]",
)  # fmt: skip
GOOD_TIMES = (
    "2026-03-16T11:00:00Z", "2026-03-16t11:00:00z", "2026-03-16T11:00:00.123456789Z", "2026-03-16T11:00:00-12:00",
    "2026-03-16T16:45:00+05:45", "2025-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2200-12-31T23:59:59Z",
)  # fmt: skip
NUMBERS = (-1, 86_401, 86_400, 0, Raw("-0"), Raw("-0.0"), 1.0, Raw("1e2"), 0.5, Raw("1E400"), Raw("1e-400"))
NUMBERS += (2**31, 2**53 - 1, 2**53, 2**63, -(2**63) - 1, Raw("9" * 400), "1", "1.0", "", True)
SCORES = (-1, 101, 100, 0, Raw("-0.0"), 99.999999999, 1e300, Raw("1e-400"), "85", True, [85], {"value": 85})
NOT_WRITABLE = (
    "id", "pk", "user", "user_id", "role", "is_staff", "is_superuser", "password", "receivedAt", "received_at",
    "engagementScore", "engagement_score", "engagementLevel", "scoreParts", "policy", "policy_version", "clockFlag",
    "day", "fingerprint", "body_mac", "toldAt", "effective_at", "__proto__", "constructor", "", " ", "interactionType ",
    "InteractionType", "interaction_type", "metadata.difficulty", "a/b~c", "<b>", "x" * 300, "\u202e", "é",
)  # fmt: skip


def _interaction(**fields) -> dict:
    return {"interactionType": "search", **fields}


def _values() -> Iterator[tuple[str, dict]]:
    """Interactions with one thing in them to look at, by name."""
    for name in TEXTS:
        for kind, value in (UNKEEPABLE | FINE | WRONG_TYPES).items():
            yield f"{name} {kind}", _interaction() | {name: value}
    for outer, inner in INNER:
        for kind, value in (UNKEEPABLE | FINE | WRONG_TYPES).items():
            yield f"{outer}.{inner} {kind}", _interaction() | {outer: {inner: value}}
    for outer in OBJECTS:
        for kind, value in (WRONG_TYPES | {"text": "{}"}).items():
            yield f"{outer} {kind}", _interaction() | {outer: value}
        for kind, key in (UNKEEPABLE | {"script": Raw('"<script>"'), "empty": Raw('""')}).items():
            yield f"{outer} key {kind}", _interaction() | {outer: Raw(f"{{{written(key).decode()}:1}}")}
        for depth in (30, 31, 32, 33, 900):
            yield f"{outer} depth {depth}", _interaction() | {outer: Raw('{"a":' * depth + "1" + "}" * depth)}
            yield f"{outer} lists {depth}", _interaction() | {outer: {"a": Raw("[" * depth + "]" * depth)}}
        for width in (200, 201, 3000):
            yield f"{outer} width {width}", _interaction() | {outer: {f"k{key}": key for key in range(width)}}
            yield f"{outer} list of {width}", _interaction() | {outer: {"a": list(range(width))}}
        yield f"{outer} key twice", _interaction() | {outer: Raw('{"a":1,"a":2}')}
        yield f"{outer} key twice, escaped", _interaction() | {outer: Raw('{"a":1,"\\u0061":2}')}
        yield f"{outer} key twice, deep", _interaction() | {outer: Raw('{"x":[{"a":1,"a" :2}]}')}
        for number in NUMBERS:
            yield f"{outer}.n {written(number).decode()[:24]}", _interaction() | {outer: {"n": number}}
    for name in (*TIMES, *SECONDS):
        for kind, value in (UNKEEPABLE | WRONG_TYPES).items():
            yield f"{name} {kind}", _interaction() | {name: value}
    for name in TIMES:
        for text in (*BAD_TIMES, *GOOD_TIMES):
            yield f"{name} {text}", _interaction() | {name: text}
    for name in SECONDS:
        for number in NUMBERS:
            yield f"{name} {written(number).decode()[:24]}", _interaction() | {name: number}
    for score in SCORES:
        yield f"score {written(score).decode()}", _interaction(performanceMetrics={"score": score})
    for name in NOT_WRITABLE:
        yield f"unknown {name[:30]!r}", _interaction() | {name: "1"}
    for name in (*TEXTS, *TIMES, *SECONDS, *OBJECTS):
        yield f"{name} null", _interaction() | {name: None}
        yield f"{name} twice", Raw(f'{{"interactionType":"search","{name}":null,"{name}":null}}')
    yield "end before start", _interaction(startTime="2026-03-16T11:00:00Z", endTime="2026-03-16T10:00:00Z")
    yield "a day and a second", _interaction(startTime="2026-03-14T11:00:00Z", endTime="2026-03-15T11:00:01Z")
    yield "all at fault", dict.fromkeys((*TEXTS, *TIMES, *SECONDS, *OBJECTS, *NOT_WRITABLE), Raw('"\\u0000"'))


WHOLE = {
    "nothing": b"", "blank": b" ", "null": b"null", "true": b"true", "text": b'"search"', "number": b"1",
    "open object": b"{", "open list": b"[", "open text": b'"', "two values": b"{}{}", "comma": b"[1,]",
    "comment": b"{}//x", "single quotes": b"{'a':1}", "byte order mark": b"\xef\xbb\xbf{}", "no utf-8": b"\xff\xfe{}",
    "latin-1": b'{"interactionType":"\xe9"}', "overlong": b'{"a":"\xc0\x80"}', "surrogate bytes": b'{"a":"\xed\xa0\x80"}',
    "utf-16": "{}".encode("utf-16"), "utf-32": "{}".encode("utf-32"), "utf-7": b"+AHsAfQ-", "nul byte": b"{}\0",
    "nul in text": b'{"interactionType":"a\0b"}', "tab in text": b'{"interactionType":"a\tb"}', "gzip": b"\x1f\x8b\x08",
    "bad escape": b'{"a":"\\x41"}', "half escape": b'{"a":"\\u00"}', "xml": b"<a/>", "form": b"interactionType=search",
    "deep lists": b"[" * 100_000, "deep objects": b'{"a":' * 100_000, "closed deep lists": b"[" * 5000 + b"]" * 5000,
    "long number": b"9" * 100_000, "long key": b'{"' + b"k" * 100_000 + b'":1}', "empty object": b"{}",
    "list of nulls": b"[null,null]", "empty list": b"[]", "too long": b" " * (1024 * 1024 + 1),
    "many keys": json.dumps({f"k{key}": 1 for key in range(20_000)}).encode(),
    "1001 items": b"[" + b",".join([b"{}"] * 1001) + b"]", "100,000 items": b"[" + b",".join([b"1"] * 100_000) + b"]",
    "envelope of nothing": b'{"interactions":null}', "envelope in envelope": b'{"interactions":{"interactions":[]}}',
    "envelope twice": b'{"interactions":[],"interactions":[]}', "envelope with more": b'{"interactions":[],"user":1}',
    "envelope of nul": b'{"interactions":[],"\\u0000":1}', "envelope of halves": b'{"interactions":[],"\\ud800":1}',
    "envelope of 1001": b'{"interactions":[' + b",".join([b"{}"] * 1001) + b"]}",
} | {f"word {word}": f'{{"interactionType":{word}}}'.encode() for word in NOT_JSON_VALUES}  # fmt: skip
CONTENT_TYPES = (
    "", "text/plain", "text/json", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data",
    "multipart/form-data; boundary=x", "application/json; charset=utf-16", "application/json; charset=utf-7",
    "application/json; charset=latin-1", "application/json; charset=hex", "application/json; charset=\"utf-8\"",
    "application/json;charset=UTF8", "application/json; charset=", "application/json; charset=\0", "APPLICATION/JSON",
    "application/json;;;", "application/problem+json", "application/json, text/plain", "*/*", "x" * 5000, "é/é",
    "application/json; charset*=utf-8''utf-16", "application/json; q=\"", "application/json; a=b; a=c",
)  # fmt: skip
HEADERS = (
    {"Content-Encoding": "gzip"}, {"Content-Encoding": "identity"}, {"Content-Encoding": "gzip, identity"},
    {"Accept": "text/html"}, {"Accept": "*/*;q=x"}, {"Accept": "\x00"}, {"Accept": "x" * 9000}, {"Accept-Language": "xx" * 500},
    {"X-Request-ID": "a\r\nSet-Cookie: x=1"}, {"X-Request-ID": "x" * 9000}, {"X-Request-ID": "<script>"},
    {"X-Forwarded-For": "1.2.3.4, ', \0"}, {"X-Forwarded-Host": "evil.example"}, {"X-HTTP-Method-Override": "DELETE"},
    {"Cookie": "sessionid=\0; sessionid=x"}, {"Cookie": "=" * 5000}, {"Range": "bytes=0-"}, {"If-None-Match": "*"},
    {"Expect": "100-continue"}, {"Origin": "null"}, {"User-Agent": "\x1b]0;x\x07\u2028".encode().decode("latin-1")},
)  # fmt: skip
AUTHORIZATIONS = (
    "", "Bearer", "Bearer ", "Bearer  x", "Bearer x y", "Bearer a.b.c", "Bearer ..", "Basic YTpi", "bearer x", "Bearer \0",
    "Bearer é", "Token x", "Bearer " + "x" * 100_000, "Bearer " + "a." * 5000, "Bearer eyJhbGciOiJub25lIn0.e30.",
    "Bearer eyJhbGciOltdfQ.e30.x", "Bearer eyJhbGciOnt9fQ.e30.x", "Bearer bnVsbA.e30.x", "Bearer W10.W10.x",
    "Bearer MQ.MQ.MQ", "Bearer eyJhbGciOiJIUzI1NiIsImNyaXQiOltdfQ.e30.x", "Bearer eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2V9.e30.x",
    "Bearer eyJhbGciOiJSUzI1NiIsImprdSI6Imh0dHA6Ly94In0.e30.x", "Bearer /w.e30.x", "Bearer eyJhbGciOiJIUzI1NiIsImtpZCI6Ii4uL3gifQ.e30.x",
)  # fmt: skip
QUERY_TEXTS = (
    "\0", "a\0b", "'", "' OR 1=1 --", "1; DROP TABLE x", "%", "%00", "\\", "../..", "<script>", "\u202e", "\ufffe", "x" * 5000,
    "١", "-1", "0", "1e9", "1.0", "99999999999999999999", "true", "null", "[]", "{}", "NaN", "7 d", "7D", "all ", "all", "7d",
    "2026-03-16", "2026-02-30", "2026-03-16T12:00:00", "2026-03-16T12:00:00+01:00", "9999-12-31", "0001-01-01", "1970-01-01", "2200-12-31",
)  # fmt: skip
PARAMETERS = {
    HISTORY: ("timeRange", "from", "to", "limit", "page", "cursor", "interactionType", "resourceType", "caseId"),
    ENGAGEMENT: ("timeRange", "from", "to", "granularity"),
}
UNKNOWN_PARAMETERS = (
    "ordering", "user", "user_id", "user__password", "details__x", "interactionType__regex", "interaction_type", "format",
    "limit[]", "limit[$gt]", "page__gt", "\0", "é", "search", "fields", "expand", "_method",
)  # fmt: skip
RAW_QUERIES = (
    "limit=1&limit=2", "timeRange=7d&timeRange=all", "from=2026-01-01&timeRange=7d", "to=2026-01-01", "=", "&&&", "limit", "limit=",
    "caseId=%ff", "caseId=%ed%a0%80", "caseId=%c0%80", "caseId=%u0041", "caseId=%", "a" * 9000, "&".join(f"p{n}=1" for n in range(900)),
    "from=2026-03-16T12:00:00+01:00", "from=2026-03-17&to=2026-03-16", "granularity=hour&timeRange=all", "page=201&limit=50",
    "cursor=a:b:c", "cursor=W10:1:x", "cursor=%00", "limit=200&page=51",
)  # fmt: skip
PATH_IDS = (
    "%00", "a%00b", "%ff", "%ed%a0%80", "%c0%80", "..", "..%2f..", "..;", "%2e%2e", ".", "me%20", "%20me", "ME", "m%65", "lena%00", "lena%2f",
    "%27%20OR%201=1", "%3Cscript%3E", "1", "-1", "0", "99999999999999999999", "%D9%A1", "null", "undefined", "x" * 64, "x" * 65, "x" * 4000,
    "%F0%9F%A9%BA", "%E2%80%AE", "a%0d%0aSet-Cookie:x", "a;b", "a%3Fb", "a%23b", "*", "lena,mia", "lena%0a", "L%C3%A9na",
)  # fmt: skip
PATHS = (
    "/api/%00", "/api/%ff", "/api//", "/api/../admin/", "/api/..;/admin/", "/api/interaction-tracking", "/api/interaction-tracking/",
    "/api/interaction-tracking/track//", "/api/interaction-tracking/track/%00", "/api/interaction-tracking/TRACK",
    "/api/interaction-tracking/history", "/api/interaction-tracking/history/", "/api/interaction-tracking/history/a/b", "/api/auth/",
    "/api/auth/token/x", "/api/schema/x", "/api/%D9%A1", "/api/" + "x" * 8000,
)  # fmt: skip
METHODS = ("GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "X" * 50)
CREDENTIALS = UNKEEPABLE | FINE | WRONG_TYPES | {"null": None, "empty": ""}


def corpus() -> Iterator[Request]:
    """All of them; always the same, in the same order."""
    for name, told in _values():
        yield Request(f"track: {name}", TRACK, written(told))
    for name, told in _values():
        good = _interaction(eventId=f"beside {name}"[:64].rstrip())
        yield Request(f"bulk: {name}", BULK, written([good, told]))
    for name, told in list(_values())[::7]:
        yield Request(f"envelope: {name}", BULK, written({"interactions": [told]}))
        yield Request(f"atomic: {name}", f"{BULK}?atomic=true", written([_interaction(), told]))
        yield Request(f"for others: {name}", TRACK, written(told), sender="lena")
    for text in (*BAD_TIMES, *GOOD_TIMES):
        yield Request(f"envelope's sentAt {text}", BULK, written({"sentAt": text, "interactions": [_interaction()]}))
    for door in (TRACK, BULK, TOKEN, REFRESH):
        for name, body in WHOLE.items():
            yield Request(f"{door}: {name}", door, body)
        for content_type in CONTENT_TYPES:
            body = written(_interaction() if door != BULK else [_interaction()])
            yield Request(f"{door}: as {content_type[:60]!r}", door, body, content_type=content_type)
        for header in HEADERS:
            [(name, value)] = header.items()
            yield Request(f"{door}: {name} {value[:30]!r}", door, b"[]", headers=header)
        for method in METHODS:
            yield Request(f"{door}: {method[:10]}", door, b"{}", method=method)
    for value in AUTHORIZATIONS:
        for door, method in ((TRACK, "POST"), (HISTORY + "me", "GET")):
            yield Request(f"{method} {value[:60]!r}", door, b"{}", None, method, headers={"Authorization": value})
    for kind, value in CREDENTIALS.items():
        for name in ("username", "password"):
            told = {"username": "nobody", "password": "wrong"} | {name: value}
            yield Request(f"sign in: {name} {kind}", TOKEN, written(told), None)
        yield Request(f"refresh: {kind}", REFRESH, written({"refresh": value}), None)
    for read, parameters in PARAMETERS.items():
        for name in parameters:
            for text in QUERY_TEXTS:
                yield Request(
                    f"{read}: {name}={text[:40]!r}", f"{read}lena?{name}={quote(text)}", method="GET", sender="ada"
                )
        for name in UNKNOWN_PARAMETERS:
            yield Request(f"{read}: {name!r}", f"{read}lena?{quote(name)}=1", method="GET", sender="ada")
        for query in RAW_QUERIES:
            yield Request(f"{read}: ?{query[:40]}", f"{read}lena?{query}", method="GET", sender="ada")
        for subject in PATH_IDS:
            for sender in ("ada", "lena"):
                yield Request(f"{read}{subject[:40]} by {sender}", read + subject, method="GET", sender=sender)
    for path in PATHS:
        yield Request(f"GET {path[:60]!r}", path, method="GET")
        yield Request(f"POST {path[:60]!r}", path, b"{}")

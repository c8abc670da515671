"""Thousands of hostile requests: none breaks anything, and both databases answer alike.

`answers.txt` holds what is answered: a line for each distinct answer, with how many requests got it and a digest of
which. After a change that is meant, delete it and run this file: it is written anew, to be read as a diff.
"""

import json
from collections import defaultdict
from hashlib import blake2b
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from django.test import RequestFactory

from interactions.models import UserInteractionTrackingModel
from medsim_tracking.testing import api_of
from medsim_tracking.tests.hostile.corpus import (
    FINE,
    HISTORY,
    INNER,
    JSON,
    TEXTS,
    TRACK,
    Request,
    corpus,
    written,
)
from medsim_tracking.tests.hostile.product import in_the_tests_transaction

ANSWERS = Path(__file__).with_name("answers.txt")


@pytest.fixture
def ask(cast, settings):
    """Ask the product a Request of the corpus: status, content type, body."""
    settings.MEDSIM_RATE_LEARNER = settings.MEDSIM_RATE_SERVICE = settings.MEDSIM_RATE_SIGN_IN = "1000000/m"
    tokens = {name: api_of(cast[name]).defaults["HTTP_AUTHORIZATION"] for name in ("lena", "ada", "sim")}

    def ask(request: Request):
        headers = ({"Authorization": tokens[request.sender]} if request.sender else {}) | request.headers
        environ = RequestFactory().generic(request.method, request.path, request.body or b"", JSON).environ
        environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        # As a server passes them on; the factory's own request has read them already.
        path = unquote_to_bytes(request.path.partition("?")[0]).decode("latin-1")
        environ |= {"CONTENT_TYPE": request.content_type, "PATH_INFO": path}
        said = {}
        [body] = in_the_tests_transaction(environ, lambda status, headers: said.update(dict(headers), status=status))
        return int(said["status"][:3]), said.get("Content-Type", ""), body

    return ask


def digest(names):
    return blake2b("\n".join(names).encode(), digest_size=5).hexdigest()


def gist(status, content_type, body):
    """What of an answer must be the same everywhere: status, codes, pointers."""
    said = json.loads(body) if body and "json" in content_type else {}
    words = [str(status), said.get("code") or ""]
    words += [f"{error['pointer']}:{error['code']}" for error in said.get("errors", ())]
    for line in said.get("results", ()):
        if "index" in line:
            words.append(f"[{line['status']} {line['code'] or ''}]")
            words += [f"{error['pointer']}:{error['code']}" for error in line["errors"]]
    text = " ".join(filter(None, words)).encode("ascii", "backslashreplace").decode()
    return text if len(text) < 150 else f"{text[:120]}… {digest([text])}"


def everything_of(name, ask):
    """How much a history holds when it is read to its end: one row that cannot be read would break a list."""
    cursor, read = "", 0
    while cursor is not None:
        status, _, body = ask(Request("", f"{HISTORY}{name}?limit=200&cursor={cursor}", method="GET", sender="ada"))
        assert status == 200
        read, cursor = read + len(json.loads(body)["results"]), json.loads(body)["nextCursor"]
    return read


def test_no_hostile_request_breaks_anything_and_both_databases_answer_alike(ask):
    got, broken = defaultdict(list), []
    for request in corpus():
        status, content_type, body = ask(request)
        if status >= 500 or (status >= 400 and body and content_type != "application/problem+json"):
            broken.append((request.name, status, content_type, body[:200]))
        got[gist(status, content_type, body)].append(request.name)
    assert broken == []
    assert everything_of("sim", ask) == UserInteractionTrackingModel.objects.filter(user__username="sim").count() > 500
    assert sum(map(len, got.values())) > 3500

    lines = {f"{answer}  × {len(names)} {digest(names)}": names for answer, names in sorted(got.items())}
    if not ANSWERS.exists():
        ANSWERS.write_text("\n".join(lines) + "\n", encoding="utf-8")
        pytest.fail("answers.txt was written anew: read the difference, then run this again.")
    recorded = ANSWERS.read_text(encoding="utf-8").splitlines()
    gone = [line for line in recorded if line not in lines]
    assert ({line: names for line, names in lines.items() if line not in recorded}, gone) == ({}, [])


def test_what_only_looks_bad_comes_back_as_it_was_sent(ask):
    sent = {}
    for kind, text in FINE.items():
        told = dict.fromkeys(set(TEXTS) - {"interactionType", "userId", "eventId"}, text)
        told |= {outer: {inner: text for above, inner in INNER if above == outer} | {text: text} for outer, _ in INNER}
        sent[kind] = told | {"interactionType": "search", "eventId": kind}
        assert ask(Request(kind, TRACK, written(sent[kind])))[0] == 201
    _, _, body = ask(Request("", HISTORY + "me?limit=200", method="GET"))
    read = {line["eventId"]: line for line in json.loads(body)["results"]}
    assert {kind: {name: read[kind][name] for name in told} for kind, told in sent.items()} == sent


def test_a_difference_would_be_seen():
    invalid = {"status": 400, "code": "invalid", "errors": [{"pointer": "/caseId", "code": "nul_character"}]}
    assert gist(400, JSON, json.dumps(invalid).encode()) == "400 invalid /caseId:nul_character"
    assert gist(400, JSON, json.dumps(invalid | {"errors": []}).encode()) == "400 invalid"
    assert digest(["a", "b"]) != digest(["a"])

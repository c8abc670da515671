"""What every address shares, whatever stands behind it: charsets, hosts, methods, lengths."""

import json
from io import BytesIO

import pytest
from django.test import Client, RequestFactory

from medsim_tracking.testing import PASSWORD
from medsim_tracking.wsgi import LONGEST_CHUNKED_BODY, application

HISTORY = "/api/interaction-tracking/history/me"
TOKEN = "/api/auth/token"


def through_wsgi(method, path, **environ):
    """Status and body of a request as a server hands it over, past the test client's own handler."""
    statuses = []
    request = RequestFactory().generic(method, path)
    answer = application(request.environ | environ, lambda status, headers: statuses.append(int(status[:3])))
    body = b"".join(answer)
    answer.close()
    return statuses[0], body


@pytest.mark.parametrize("charset", ["hex", "rot13", "undefined", "idna", "utf-16", "no-such-charset"])
@pytest.mark.parametrize("path", [HISTORY, "/api/nothing", "/api/schema", "/"])
def test_a_forged_charset_does_not_change_how_an_address_is_read(db, path, charset):
    forged = {"CONTENT_TYPE": f"application/json; charset={charset}"}
    assert through_wsgi("GET", path + "?a=%ff", **forged)[0] == through_wsgi("GET", path + "?a=%ff")[0] < 500


@pytest.mark.parametrize("content_type", ["application/json; charset=hex", "application/json; Charset=latin-1"])
def test_a_body_in_another_charset_is_refused(lena_api, content_type):
    for path in (TOKEN, "/api/interaction-tracking/track"):
        assert lena_api.generic("POST", path, b"{}", content_type=content_type).status_code == 415


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=UTF-8; x=y"])
def test_utf_8_is_read_however_it_is_written(lena_api, content_type):
    body = json.dumps({"interactionType": "search"}).encode()
    answer = lena_api.generic("POST", "/api/interaction-tracking/track", body, content_type=content_type)
    assert answer.status_code == 201


@pytest.mark.parametrize("encoding", ["gzip", "br", "x"])
def test_a_packed_body_is_refused_at_sign_in_too(lena_api, encoding):
    for path in (TOKEN, "/api/interaction-tracking/track"):
        answer = lena_api.generic("POST", path, b"{}", "application/json", headers={"Content-Encoding": encoding})
        assert answer.status_code == 415


def test_a_sign_in_reads_no_more_than_it_needs(lena):
    told = {"username": "lena", "password": PASSWORD, "padding": "x" * 20_000}
    answer = Client().post(TOKEN, json.dumps(told), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_an_unknown_address_of_the_api_is_a_problem_by_every_method(method):
    answer = getattr(Client(enforce_csrf_checks=True), method)("/api/nothing")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_foreign_host_is_told_so_in_words():
    api, page = (Client(headers={"Host": "evil.example"}).get(path) for path in ("/api/schema", "/sign-in"))
    assert (api.status_code, api.json()["code"]) == (400, "bad_request")
    assert (page.status_code, "cannot be read" in page.content.decode()) == (400, True)


def test_a_form_that_is_too_large_says_what_to_do(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    page = Client().post("/language", {"language": "de"}, content_type="application/x-www-form-urlencoded")
    assert (page.status_code, "Go back, reload the page and try it once more." in page.content.decode()) == (400, True)


@pytest.mark.django_db(transaction=True)
def test_a_chunked_body_is_read_though_it_states_no_length(lena):
    told = json.dumps({"username": "lena", "password": PASSWORD}).encode()
    chunked = {"CONTENT_TYPE": "application/json", "HTTP_TRANSFER_ENCODING": "Chunked", "CONTENT_LENGTH": ""}
    assert through_wsgi("POST", TOKEN, **chunked, **{"wsgi.input": BytesIO(told)})[0] == 200


def test_an_endless_chunked_body_is_too_large_and_not_read_to_its_end(db):
    endless = BytesIO(b" " * (LONGEST_CHUNKED_BODY + 10))
    chunked = {"CONTENT_TYPE": "application/json", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": endless}
    assert (through_wsgi("POST", TOKEN, **chunked)[0], endless.tell()) == (413, LONGEST_CHUNKED_BODY)


def test_an_unknown_parameter_is_refused_by_every_read(lena_api):
    for path in (HISTORY, "/api/interaction-tracking/engagement/me"):
        answer = lena_api.get(path, {"ordering": "password"})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/ordering")


@pytest.mark.parametrize(
    ("path", "name", "values"),
    [
        ("/api/interaction-tracking/engagement/me", "timeRange", ["7d", "30d"]),
        ("/api/interaction-tracking/prediction/me", "horizon", ["7d", "7d"]),
        ("/api/interaction-tracking/recommendations/me", "limit", ["3", "5"]),
        (HISTORY, "interactionType", ["search", "case_start"]),
    ],
)
def test_a_parameter_given_twice_is_refused_for_one_of_both_would_be_ignored(lena_api, path, name, values):
    answer = lena_api.get(path, {name: values})
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["pointer"], error["code"]) == (400, f"/{name}", "given_twice")

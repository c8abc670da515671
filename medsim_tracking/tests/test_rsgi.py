"""The door to the server: a request gets a thread when its body is there, and arrives as it was sent."""

import asyncio
import json
import sys
import threading
from types import SimpleNamespace

import pytest

from medsim_tracking import rsgi


class Protocol:
    """Granian's side of one request. `pieces`: of the body, each after so many seconds."""

    def __init__(self, *pieces, after=0.0):
        self._pieces, self._after = pieces, after
        self.sent, self.taken = [], 0

    async def __call__(self):
        return b"".join([piece async for piece in self])

    async def __aiter__(self):
        for piece in self._pieces:
            await asyncio.sleep(self._after)
            self.taken += 1
            yield piece

    def response_bytes(self, status, headers, body):
        self.status, self.headers = status, dict(headers)
        self.sent.append(body)

    def response_stream(self, status, headers):
        self.status, self.headers = status, dict(headers)

        async def send_bytes(piece):
            self.sent.append(piece)

        return SimpleNamespace(send_bytes=send_bytes)


class Headers:
    def __init__(self, *pairs):
        self._pairs = pairs
        self.items = lambda: list(pairs)

    def __contains__(self, name):
        return name in dict(self._pairs)

    def get(self, name):
        return dict(self._pairs).get(name)


class Answer(list):
    streaming = False

    def close(self):
        self.closed = True


def scope_of(*headers, **told):
    usual = {
        "method": "POST",
        "path": "/",
        "query_string": "",
        "http_version": "1.1",
        "scheme": "http",
        "server": "127.0.0.1:8000",
        "client": "127.0.0.1:40000",
        "authority": None,
    }
    return SimpleNamespace(headers=Headers(*headers), **usual | told)


def asked(scope, protocol, answer=None):
    """The environ that the application was given (None: it was not asked), with the body it read."""
    seen = {}

    def application(environ, start_response):
        seen.update(environ, body=environ["wsgi.input"].read())
        start_response("200 OK", [("Content-Type", "text/plain")])
        return Answer([b"well"]) if answer is None else answer

    async def run():
        door = rsgi.Application(application, 2)
        door.__rsgi_init__(asyncio.get_running_loop())
        await door.__rsgi__(scope, protocol)
        door.__rsgi_del__(asyncio.get_running_loop())

    asyncio.run(run())
    return seen or None


@pytest.fixture(autouse=True)
def _python_as_it_was():
    usual = sys.getswitchinterval()
    yield usual
    sys.setswitchinterval(usual)


def test_a_thread_with_little_to_do_gets_pythons_lock_sooner_than_usual(_python_as_it_was):
    asked(scope_of(("content-length", "1")), Protocol(b"a"))
    assert sys.getswitchinterval() == pytest.approx(rsgi.SWITCH_SECONDS)
    assert _python_as_it_was > rsgi.SWITCH_SECONDS


def test_a_body_in_pieces_arrives_whole():
    protocol = Protocol(b"ab", b"cd")
    assert asked(scope_of(("content-length", "4")), protocol)["body"] == b"abcd"
    assert (protocol.status, protocol.sent) == (200, [b"well"])


def test_a_body_that_does_not_come_in_time_is_answered_without_anybody_being_asked(monkeypatch):
    monkeypatch.setattr(rsgi, "BODY_SECONDS", 0.05)
    protocol = Protocol(b"a", b"b", after=0.04)
    assert asked(scope_of(("content-length", "2")), protocol) is None
    assert (protocol.status, json.loads(protocol.sent[0])["code"]) == (408, "too_slow")
    assert protocol.headers["content-type"] == "application/problem+json"


def test_a_client_that_goes_away_while_sending_harms_nobody():
    async def gone():
        raise OSError("gone")

    protocol = Protocol()
    protocol.__class__ = type("Gone", (Protocol,), {"__call__": lambda self: gone()})
    assert asked(scope_of(("content-length", "2")), protocol) is None
    assert protocol.sent == []


@pytest.mark.parametrize("header", [("content-length", "9999999999"), ("transfer-encoding", "chunked")])
def test_a_body_without_end_is_left_at_the_limit(header):
    protocol = Protocol(*[b"x" * 100_000] * 100)
    seen = asked(scope_of(header), protocol)
    assert (len(seen["body"]), protocol.taken) == (rsgi.KEPT, rsgi.READ // 100_000 + 1)


def test_the_length_of_a_chunked_body_is_told_though_its_client_did_not():
    seen = asked(scope_of(("transfer-encoding", "chunked")), Protocol(b"ab", b"c"))
    assert (seen["CONTENT_LENGTH"], seen["body"]) == ("3", b"abc")


def test_an_address_arrives_as_the_bytes_it_stands_for():
    seen = asked(scope_of(path="/learners/ü", query_string="q=%C3%BC"), Protocol())
    assert (seen["PATH_INFO"], seen["QUERY_STRING"]) == ("/learners/ü".encode().decode("latin-1"), "q=%C3%BC")


def test_headers_arrive_and_those_given_twice_are_joined():
    told = [("host", "a.example"), ("content-type", "text/x"), ("x-a", "1"), ("x-a", "2")]
    seen = asked(scope_of(*told), Protocol())
    assert (seen["HTTP_HOST"], seen["CONTENT_TYPE"], seen["HTTP_X_A"]) == ("a.example", "text/x", "1,2")


def test_a_header_cannot_pass_for_another_by_an_underscore():
    seen = asked(scope_of(("x_forwarded_for", "10.0.0.9")), Protocol())
    assert "HTTP_X_FORWARDED_FOR" not in seen


@pytest.mark.parametrize(("client", "address"), [("10.0.0.9:1", "10.0.0.9"), ("[::1]:1", "::1")])
def test_the_address_of_the_client_stands_without_its_port(client, address):
    assert asked(scope_of(client=client), Protocol())["REMOTE_ADDR"] == address


def test_the_host_of_http_2_is_its_authority():
    seen = asked(scope_of(authority="a.example:80", http_version="2"), Protocol())
    assert seen["HTTP_HOST"] == "a.example:80"


def test_a_long_answer_goes_out_piece_by_piece_made_by_one_thread():
    threads = set()

    class Long(Answer):
        streaming = True

        def __iter__(self):
            for number in range(3):
                threads.add(threading.get_ident())
                yield b"%d" % number

    answer, protocol = Long(), Protocol()
    asked(scope_of(), protocol, answer)
    assert (protocol.sent, len(threads), answer.closed) == ([b"0", b"1", b"2"], 1, True)


def test_a_request_that_is_given_up_while_it_is_answered_harms_nobody():
    begun, finish, complaints, protocol = threading.Event(), threading.Event(), [], Protocol()

    class Slow(Answer):
        def __iter__(self):
            begun.set()
            finish.wait(5)
            yield b"late"

    def application(environ, start_response):
        start_response("200 OK", [])
        return Slow()

    async def run():
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: complaints.append(context))
        door = rsgi.Application(application, 1)
        door.__rsgi_init__(loop)
        request = asyncio.create_task(door.__rsgi__(scope_of(), protocol))
        await asyncio.to_thread(begun.wait, 5)
        request.cancel()
        finish.set()
        with pytest.raises(asyncio.CancelledError):
            await request
        door.__rsgi_del__(loop)
        await asyncio.sleep(0)

    asyncio.run(run())
    assert (protocol.sent, complaints) == ([b"late"], [])


def test_an_answer_is_closed_though_it_fails_half_way():
    class Broken(Answer):
        def __iter__(self):
            yield b"a"
            raise ValueError("broken")

    answer = Broken()
    with pytest.raises(ValueError, match="broken"):
        asked(scope_of(), Protocol(), answer)
    assert answer.closed

"""What no well-behaved client sends, as bytes on a socket to a real server: lengths that lie, headers without end."""

import json
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from drills.scratch import Scratches
from drills.server import Server

pytestmark = pytest.mark.server
PATH = "/api/interaction-tracking/track"
BODY = b'{"interactionType":"search"}'
END = b"\r\n\r\n"
CHUNKED = b"1c\r\n" + BODY + b"\r\n0\r\n\r\n"


@pytest.fixture(scope="module")
def server():
    with Scratches("sqlite") as scratches:
        scratch = scratches.new()
        with Server(scratch) as server:
            server.token = scratch.token
            server.scratch = scratch
            yield server


def said(server, *pieces, pause=0.0, wait=10):
    """The first line and the body of what comes back; b"" for a connection that is closed without a word."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=wait) as connection:
        answer = b""
        try:
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(pause)
            while chunk := connection.recv(65536):
                answer += chunk
        except (ConnectionResetError, BrokenPipeError):
            pass
    return answer


def request(server, *headers, body=BODY, method="POST", path=PATH):
    told = [
        f"{method} {path} HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {server.token}",
        "Connection: close",
    ]
    told += ["Content-Type: application/json", *headers, "", ""]
    return "\r\n".join(told).encode("latin-1") + body


def status(answer):
    return int(answer.split(b" ", 2)[1]) if answer else None


def is_well(server):
    answer = said(server, request(server, f"Content-Length: {len(BODY)}"))
    return status(answer) == 201 and json.loads(answer.partition(b"\r\n\r\n")[2])["status"] == "created"


# Status, or None where the server closes without a word.
CASES = {
    "length shorter than the body": (["Content-Length: 5"], BODY, {400}),
    "two lengths": (["Content-Length: 28", "Content-Length: 5"], BODY, {400, None}),
    "a length and chunks": (
        ["Content-Length: 5", "Transfer-Encoding: chunked"],
        b"1c\r\n" + BODY + b"\r\n0\r\n\r\n",
        {201, 400},
    ),
    "a negative length": (["Content-Length: -1"], BODY, {400, None}),
    "a length in letters": (["Content-Length: many"], BODY, {400, None}),
    "no length": ([], b"", {400}),
    "chunks": (["Transfer-Encoding: chunked"], CHUNKED, {201}),
    "broken chunks": (["Transfer-Encoding: chunked"], b"zz\r\n" + BODY, {400, None}),
    "a header of 100 kB": ([f"X-Long: {'x' * 100_000}", "Content-Length: 28"], BODY, {201, 400, 431}),
    "a header of 1 MB": ([f"X-Long: {'x' * 1_000_000}", "Content-Length: 28"], BODY, {400, 431, None}),
    "10,000 headers": ([f"X-{n}: 1" for n in range(10_000)], b"", {400, 431, None}),
    "a token that is no ASCII": (["Authorization: Bearer \xe9\xff", "Content-Length: 28"], BODY, {201, 400, 401}),
    "two tokens": (["Authorization: Bearer x", "Content-Length: 28"], BODY, {201, 401}),
    "a bare carriage return": (["X-A: a\rb", "Content-Length: 28"], BODY, {201, 400, None}),
    "a NUL in a header": (["X-A: a\0b", "Content-Length: 28"], BODY, {400, None}),
}


@pytest.mark.parametrize("case", CASES)
def test_what_no_client_sends_is_refused_and_the_server_goes_on(server, case):
    headers, body, expected = CASES[case]
    answer = said(server, request(server, *headers, body=body))
    assert status(answer.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")) in expected, answer[:300]
    assert is_well(server)


def test_slow_senders_do_not_keep_others_out(server):
    with ExitStack() as stack:
        for _ in range(40):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            connection.sendall(request(server, "Content-Length: 28", body=b'{"inter'))
        time.sleep(1)  # so that each has got as far as it ever gets
        started = time.monotonic()
        assert is_well(server)
        assert time.monotonic() - started < 5


def test_an_answer_of_many_pieces_and_one_without_a_body_come_as_they_are(server):
    whole = Path("static/css/medsim.css").read_bytes()
    head, _, body = said(server, request(server, body=b"", method="GET", path="/static/css/medsim.css")).partition(END)
    assert (status(head), body) == (200, whole)
    head, _, body = said(server, request(server, body=b"", method="HEAD", path="/static/css/medsim.css")).partition(END)
    assert (status(head), body, f"content-length: {len(whole)}".encode() in head.lower()) == (200, b"", True)


SIGN_ADMIN_IN = """
from django.test import Client
from accounts.models import User
admin = User.objects.create_superuser("auditor", public_id="auditor")
client = Client()
client.force_login(admin)
print(client.cookies["sessionid"].value)
"""


def test_a_table_that_is_written_while_it_is_sent_comes_whole(server):
    assert is_well(server)
    session = server.scratch.run("manage.py", "shell", "-v0", "-c", SIGN_ADMIN_IN).stdout.strip()
    asked = request(server, f"Cookie: sessionid={session}", body=b"", method="GET", path="/export/interactions.jsonl")
    head, _, body = said(server, asked).partition(END)
    assert (status(head), b"transfer-encoding: chunked" in head.lower()) == (200, True)
    assert body.endswith(b"0\r\n\r\n")
    assert b'"interactionType":"search"' in body.replace(b" ", b"")

"""How the product is served: `granian --interface rsgi medsim_tracking.rsgi:application`.

Granian's own WSGI hands a request to a thread before its body has come, so a dozen senders who stop half-way keep
everybody else out. Here a request gets a thread when its body is there whole; one that does not come in time is
answered 408, and nobody had to wait for it. What is answered is the WSGI application's business as before.

RSGI: https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md
"""

import asyncio
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

from django.conf import settings
from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope

from medsim_tracking import wsgi
from medsim_tracking.middleware import WholeRequestMiddleware

# For at most a megabyte: who is slower has no connection worth the name, or means no good.
BODY_SECONDS = 60
# A byte more than any endpoint reads is kept, so that each can still tell "too large"; a little more is read, so that
# the client is still there when it is told.
KEPT, READ = wsgi.LONGEST_CHUNKED_BODY, WholeRequestMiddleware.LIMIT
# How soon a thread with little to do gets Python's lock from one with much. Python's own 5 ms are half of what a large
# bulk needs in all.
SWITCH_SECONDS = 0.002
# Answers up to here are sent whole, longer ones of a stream piece by piece.
WHOLE = 4 * 1024 * 1024
_TOO_SLOW = (
    b'{"type":"urn:medsim:problem:too_slow","title":"Request Timeout","status":408,"code":"too_slow",'
    b'"detail":"The body did not come within %d seconds. Nothing was stored: send the same again."}' % BODY_SECONDS
)
_ALWAYS = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}
Answer = tuple[int, list[tuple[str, str]], bytes]


class Application:
    """One in each worker process.

    application   a WSGI application whose answers have `status_code`, as Django's do
    threads       how many requests are answered at the same time
    """

    def __init__(self, application: Callable[..., Iterable[bytes]], threads: int):
        self._application = application
        self._threads = threads

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        sys.setswitchinterval(SWITCH_SECONDS)
        self._loop = loop
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="request")

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._pool.shutdown()

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _body(scope, protocol)
        except TimeoutError:
            headers = [("content-type", "application/problem+json"), ("connection", "close")]
            protocol.response_bytes(408, headers, _TOO_SLOW)
            return
        except (OSError, RuntimeError):  # gone, or what came was no HTTP: there is nobody to answer
            return
        answered = self._loop.create_future()
        # Not `run_in_executor`: its second future, chained to the first, costs a third of what this door does.
        self._pool.submit(self._respond, scope, body, protocol, answered)
        await answered

    def _respond(self, scope: Scope, body: bytes, protocol: HTTPProtocol, answered: asyncio.Future) -> None:
        """Called in a thread, which sends the answer itself: the event loop would have to wait for its turn."""
        error = None
        try:
            answer = self._answer(scope, body, protocol)
            if answer is not None:
                protocol.response_bytes(*answer)
        except BaseException as raised:
            error = raised
        self._loop.call_soon_threadsafe(_settle, answered, error)

    def _answer(self, scope: Scope, body: bytes, protocol: HTTPProtocol) -> Answer | None:
        """Called in a thread. None: a long answer, sent already."""
        told: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], error: Any = None) -> None:
            told[:] = int(status.partition(" ")[0]), headers

        pieces = self._application(_environ(scope, body), start_response)
        try:
            if getattr(pieces, "streaming", False) and _length(told[1]) > WHOLE:
                self._stream(protocol, *told, pieces)
                return None
            return (*told, b"".join(pieces))
        finally:
            pieces.close()

    def _stream(self, protocol: HTTPProtocol, status: int, headers: list, pieces: Iterable[bytes]) -> None:
        """From this thread, which alone may ask the database for more: one piece made while one is on its way."""
        transport = protocol.response_stream(status, headers)
        for piece in pieces:
            try:
                asyncio.run_coroutine_threadsafe(_send(transport, piece), self._loop).result()
            except ProtocolClosed:
                return


def _settle(answered: asyncio.Future, error: BaseException | None) -> None:
    if answered.done():  # cancelled: the client is gone, or the server ends
        return
    if error is None:
        answered.set_result(None)
    else:
        answered.set_exception(error)


async def _send(transport: Any, piece: bytes) -> None:
    await transport.send_bytes(piece)


async def _body(scope: Scope, protocol: HTTPProtocol) -> bytes:
    """What came, up to KEPT."""
    length = scope.headers.get("content-length")
    if length is None and "transfer-encoding" not in scope.headers and scope.http_version[0] == "1":
        return b""
    if length is not None and int(length) <= KEPT:
        return await protocol()
    kept, read = bytearray(), 0
    async for piece in protocol:
        read += len(piece)
        kept += piece[: KEPT - len(kept)]
        if read > READ:
            break
    return bytes(kept)


def _environ(scope: Scope, body: bytes) -> dict[str, Any]:
    """https://peps.python.org/pep-3333/#environ-variables"""
    server, _, port = scope.server.rpartition(":")
    environ = {
        **_ALWAYS,
        "REQUEST_METHOD": scope.method,
        # Text whose characters stand for bytes, as the specification wants it.
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body),
    }
    for name, value in scope.headers.items():
        # X_Forwarded_For would else pass for X-Forwarded-For, which a proxy in front has cleaned.
        if "_" not in name:
            key = _NAMES.get(name) or "HTTP_" + name.upper().replace("-", "_")
            environ[key] = f"{environ[key]},{value}" if key in environ else value
    if scope.authority:
        environ.setdefault("HTTP_HOST", scope.authority)
    if "HTTP_TRANSFER_ENCODING" in environ:
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ


_NAMES = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


def _length(headers: list[tuple[str, str]]) -> float:
    """Of a stream that does not say, without end."""
    return next((int(value) for name, value in headers if name.lower() == "content-length"), float("inf"))


application = Application(wsgi.application, settings.MEDSIM_THREADS)

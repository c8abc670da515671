"""Load on a server, and what it cost everybody."""

import http.client
import json
import os
import pickle
import subprocess
import sys
import tempfile

from benchmarks.ingest.costs import Cost
from benchmarks.ingest.processes import Backends, processor_time
from benchmarks.ingest.servers import PROJECT, Server


def request(path: str, body: bytes, **headers: str) -> bytes:
    """A whole HTTP request as it goes over the wire."""
    told = {"Host": "127.0.0.1", "Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


def measure(
    server: Server, requests: list[bytes], *, events: int, clients: int, must_hold: bytes, backends: Backends | None
) -> Cost:
    """Send all over so many connections at once. Ends the benchmark where one is not answered as a success."""
    with tempfile.NamedTemporaryFile(dir=os.environ.get("TMPDIR")) as file:
        pickle.dump((server.port, requests, must_hold), file)
        file.flush()
        command = [sys.executable, "-m", "benchmarks.ingest.client", file.name, str(clients)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        client = subprocess.Popen(command, cwd=PROJECT, **pipes)
        if client.stdout.readline() != "ready\n":
            raise SystemExit("The clients did not start.")
        app, database = processor_time(server.pid), backends.times() if backends else {}
        told = client.communicate("go\n")[0]
        if client.returncode:
            raise SystemExit(1)
        app = processor_time(server.pid) - app
        database = backends.since(database) if backends else 0.0
    sent = json.loads(told)
    slow = sorted(sent["times"])[int(len(sent["times"]) * 0.99)]
    return Cost(events, sent["seconds"], app, database, sent["cpu"], slow)


def token(server: Server, username: str, password: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    body = json.dumps({"username": username, "password": password})
    connection.request("POST", "/api/auth/token", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    said = answer.read()
    if answer.status != 200:
        raise SystemExit(f"Could not sign in: {answer.status} {said[:300]!r}")
    return json.loads(said)["access"]

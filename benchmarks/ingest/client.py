"""A client process: sends requests that are encoded already over a few kept connections, as fast as answers come.

    python -m benchmarks.ingest.client FILE CONNECTIONS

Its own process, one thread, and no HTTP library, so that it takes little of the processors it shares with what is
measured. Prints `ready`, waits for a line, sends, and prints one JSON line: seconds, each request's time, its own
processor time.
"""

import json
import pickle
import selectors
import socket
import sys
import time
from collections import deque


class Connection:
    def __init__(self, port: int):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.unsent = memoryview(b"")
        self.answer = b""
        self.began = 0.0

    def begin(self, request: bytes) -> None:
        self.unsent, self.answer, self.began = memoryview(request), b"", time.perf_counter()

    def send(self) -> None:
        self.unsent = self.unsent[self.socket.send(self.unsent) :]

    def receive(self) -> bytes | None:
        """The whole answer, once it is there."""
        part = self.socket.recv(1 << 20)
        if not part:
            raise SystemExit(f"The server hung up after {self.answer[:300]!r}")
        self.answer += part
        head, found, body = self.answer.partition(b"\r\n\r\n")
        if not found:
            return None
        lowered = head.lower()
        if b"transfer-encoding: chunked" in lowered:
            return self.answer if body.endswith(b"0\r\n\r\n") else None
        length = int(lowered.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        return self.answer if len(body) >= length else None


def send_all(port: int, requests: list[bytes], must_hold: bytes, connections: int) -> dict:
    waiting, times = deque(requests), []
    selector = selectors.DefaultSelector()
    working = 0
    opened = [Connection(port) for _ in range(min(connections, len(requests)))]
    cpu, began = time.process_time(), time.perf_counter()
    for connection in opened:
        connection.begin(waiting.popleft())
        selector.register(connection.socket, selectors.EVENT_WRITE, connection)
        working += 1
    while working:
        for key, ready in selector.select():
            connection = key.data
            if ready & selectors.EVENT_WRITE:
                connection.send()
                if not connection.unsent:
                    selector.modify(connection.socket, selectors.EVENT_READ, connection)
                continue
            answer = connection.receive()
            if answer is None:
                continue
            times.append(time.perf_counter() - connection.began)
            if answer[9:12] not in (b"200", b"201") or must_hold not in answer:
                raise SystemExit(f"Not stored: {answer[:600]!r}")
            if waiting:
                connection.begin(waiting.popleft())
                selector.modify(connection.socket, selectors.EVENT_WRITE, connection)
            else:
                selector.unregister(connection.socket)
                working -= 1
    return {"seconds": time.perf_counter() - began, "times": times, "cpu": time.process_time() - cpu}


def main() -> None:
    with open(sys.argv[1], "rb") as file:
        port, requests, must_hold = pickle.load(file)
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(send_all(port, requests, must_hold, int(sys.argv[2]))))


if __name__ == "__main__":
    main()

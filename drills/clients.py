"""Clients that do what docs/api.md asks of them: send a bulk again, unchanged, until it is acknowledged."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from random import Random
from threading import Event, Lock, Thread

URL = "/api/interaction-tracking/track-bulk"
LEARNERS = 7
OWN, SHARED = 40, 20  # events of a bulk that only this client sends, and that all send sooner or later
ANSWER_SECONDS = 25
# In all, for one bulk: longer than any restart.
BULK_SECONDS = 120
PAUSE_SECONDS = 0.05
TYPES = ("case_start", "case_complete", "search", "resource_access", "help_request", "time_spent")
# Read once: a drill over midnight must go on sending the same.
TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)

EventKey = tuple[str, str]


class Log:
    """What all clients of a drill sent, and what they were answered."""

    def __init__(self):
        self._lock = Lock()
        self.sent: set[EventKey] = set()
        self.acknowledged: dict[EventKey, str] = {}
        self.statuses: Counter[int] = Counter()
        self.faults: list[str] = []
        self.bulks = self.retried = self.lost_answers = self.found_stored = self.under_way = 0
        self.slowest = 0.0

    def begins(self, keys: list[EventKey]) -> None:
        with self._lock:
            self.sent.update(keys)
            self.bulks += 1

    def tries(self, change: int) -> None:
        with self._lock:
            self.under_way += change

    def answered(self, status: int, seconds: float) -> None:
        with self._lock:
            self.statuses[status] += 1
            self.slowest = max(self.slowest, seconds)

    def retries(self, *, answer_lost: bool) -> None:
        with self._lock:
            self.retried += 1
            self.lost_answers += answer_lost

    def acknowledges(self, keys: list[EventKey], results: list[dict], *, retried: bool) -> None:
        """A repeated event must be answered with the id it was first given."""
        with self._lock:
            # Each bulk has events that nobody else sends, so these were stored before the answer was lost.
            self.found_stored += retried and all(result["status"] == "duplicate" for result in results)
            for key, result in zip(keys, results, strict=True):
                if result["status"] not in ("created", "duplicate"):
                    self.faults.append(f"{key} was answered {result['status']} {result['code']}")
                    continue
                pk = result["id"].replace("-", "")
                if self.acknowledged.setdefault(key, pk) != pk:
                    self.faults.append(f"{key} was acknowledged under two ids")

    def fault(self, sentence: str) -> None:
        with self._lock:
            self.faults.append(sentence)


class Client(Thread):
    """Delivers bulks one after another until it has no more or is told to `end`."""

    def __init__(self, port: int, token: str, log: Log, bulks: Iterator[list[dict]], end: Event):
        super().__init__(daemon=True)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._connection = HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
        self._log, self._bulks, self._end = log, bulks, end

    def run(self) -> None:
        for bulk in self._bulks:
            self._deliver(bulk)
            if self._end.is_set():
                break
        self._connection.close()

    def _deliver(self, bulk: list[dict]) -> None:
        keys = [(event["userId"], event["eventId"]) for event in bulk]
        body = json.dumps(bulk)
        self._log.begins(keys)
        retried = False
        deadline = time.monotonic() + BULK_SECONDS
        while time.monotonic() < deadline:
            self._log.tries(1)
            try:
                status, answer = self._send(body)
            except (OSError, HTTPException) as error:
                if isinstance(error, TimeoutError):
                    self._log.fault(f"no answer within {ANSWER_SECONDS} s")
                self._connection.close()
                self._log.retries(answer_lost=True)
            else:
                if status in (200, 201, 207):
                    self._log.acknowledges(keys, answer["results"], retried=retried)
                    return
                if status != 503:
                    self._log.fault(f"answered {status} {answer}")
                    return
                self._log.retries(answer_lost=False)
            finally:
                self._log.tries(-1)
            retried = True
            time.sleep(PAUSE_SECONDS)
        self._log.fault(f"a bulk was not acknowledged within {BULK_SECONDS} s")

    def _send(self, body: str) -> tuple[int, dict]:
        started = time.monotonic()
        self._connection.request("POST", URL, body, self._headers)
        response = self._connection.getresponse()
        text = response.read()
        self._log.answered(response.status, time.monotonic() - started)
        try:
            answer = json.loads(text)
        except ValueError:
            answer = {"code": text[:200].decode(errors="replace")}
        if response.status == 503:
            if answer.get("code") != "storage_unavailable":
                self._log.fault(f"503 without its word: {answer}")
            if not (response.headers["Retry-After"] or "").isdigit():
                self._log.fault("503 without Retry-After")
        return response.status, answer


def interaction(name: str, number: int) -> dict:
    """The same for the same name and number, so that whoever sends it sends the same."""
    chance = Random(f"{name}-{number}")
    moment = TODAY - timedelta(days=chance.randrange(1, 20), seconds=chance.randrange(86_400))
    return {
        "userId": f"learner-{number % LEARNERS}",
        # Two learners each: an event id counts within its learner.
        "eventId": f"{name}-{number // 2}",
        "interactionType": chance.choice(TYPES),
        "occurredAt": moment.isoformat(),
        "timeSpentSeconds": chance.randrange(3000),
        "caseId": f"case-{chance.randrange(40)}",
    }


def endless_bulks(client: int, seed: int) -> Iterator[list[dict]]:
    """Bulks of own and of shared events in random order. Shared ones overlap between clients and bulks."""
    chance = Random(f"{seed}-{client}")
    number = 0
    while True:
        own = [interaction(f"client-{client}", number * OWN + step) for step in range(OWN)]
        # Two steps of ten back and forth: each shared event is sent twice by each client.
        shared = [interaction("shared", number * SHARED // 2 + step) for step in range(SHARED)]
        bulk = own + shared
        chance.shuffle(bulk)
        yield bulk
        number += 1

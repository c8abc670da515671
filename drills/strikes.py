"""The drills: clients write, something is struck down again and again, and then everything is counted."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from threading import Event

from drills.clients import Client, Log, endless_bulks, interaction
from drills.findings import ALLOWED, Findings, findings
from drills.scratch import Scratch
from drills.server import PRODUCT, Server
from medsim_tracking.tests.postgresql_server import TemporaryPostgreSQL

CLIENTS = 3
# Between two strikes, at random: from the middle of the first bulk to well after some of them.
LONGEST_PEACE_SECONDS = 1.0
LONGEST_OUTAGE_SECONDS = 1.5
# With the database gone there is nothing to wait for but a connection, and for that 3 seconds at most.
SLOWEST_ANSWER_SECONDS = 10
STORM_CLIENTS, STORM_EVENTS, STORM_BULK = 16, 300, 100
JOIN_SECONDS = 150

Tick = Callable[[], object]


def kill_drill(
    scratch: Scratch,
    times: int,
    seed: int,
    *,
    target: str = PRODUCT,
    of_one_worker: float = 0.5,
    tick: Tick = lambda: None,
) -> Findings:
    """SIGKILL to the server `times` times: this share to one worker, the others to all processes."""
    chance, log = Random(seed), Log()
    hit = workers = 0
    with Server(scratch, target) as server, _clients(server.port, scratch, log, seed):
        for _ in range(times):
            time.sleep(chance.uniform(0, LONGEST_PEACE_SECONDS))
            hit += log.under_way > 0
            if chance.random() < of_one_worker and server.kill_a_worker(chance):
                workers += 1
            else:
                server.kill()
                server.start()
            tick()
    struck = f"kills {times} ({workers} of one worker, the others of all processes; {hit} with a bulk under way)"
    return findings(struck, log, scratch)


def stop_drill(
    scratch: Scratch, postgresql: TemporaryPostgreSQL, times: int, seed: int, *, tick: Tick = lambda: None
) -> Findings:
    """Immediate stops of PostgreSQL. The server stays and must answer every request, and recover by itself."""
    chance, log = Random(seed), Log()
    with Server(scratch) as server, _clients(server.port, scratch, log, seed):
        for _ in range(times):
            time.sleep(chance.uniform(0, LONGEST_PEACE_SECONDS))
            postgresql.die()
            time.sleep(chance.uniform(0, LONGEST_OUTAGE_SECONDS))
            postgresql.start_again()
            tick()
    if log.lost_answers:
        log.fault(f"{log.lost_answers} requests were not answered by a server that was never stopped")
    if log.slowest > SLOWEST_ANSWER_SECONDS:
        log.fault(f"an answer took {log.slowest:.1f} s")
    if not log.statuses[503]:
        log.fault("no request met the outage, so nothing was shown")
    return findings(f"immediate stops of PostgreSQL {times}", log, scratch)


def storm(scratch: Scratch, rounds: int, seed: int, *, target: str = PRODUCT, tick: Tick = lambda: None) -> Findings:
    """Sixteen clients send the same events, each in an order of its own, all at once; new events each round."""
    chance, log = Random(seed), Log()
    with Server(scratch, target) as server:
        for number in range(rounds):
            events = [interaction(f"storm-{number}", step) for step in range(STORM_EVENTS)]
            clients = []
            for _ in range(STORM_CLIENTS):
                chance.shuffle(events)
                bulks = [events[start : start + STORM_BULK] for start in range(0, STORM_EVENTS, STORM_BULK)]
                clients.append(Client(server.port, scratch.token, log, iter(bulks), Event()))
            _run(clients, log)
            tick()
    struck = f"storms {rounds} of {STORM_CLIENTS} clients with the same {STORM_EVENTS} events"
    return findings(struck, log, scratch, ALLOWED - {503})


@contextmanager
def _clients(port: int, scratch: Scratch, log: Log, seed: int) -> Iterator[None]:
    """Clients at work; in the end each goes on until its last bulk is acknowledged."""
    end = Event()
    clients = [Client(port, scratch.token, log, endless_bulks(number, seed), end) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    try:
        yield
    finally:
        end.set()
    _join(clients, log)


def _run(clients: list[Client], log: Log) -> None:
    for client in clients:
        client.start()
    _join(clients, log)


def _join(clients: list[Client], log: Log) -> None:
    deadline = time.monotonic() + JOIN_SECONDS
    for client in clients:
        client.join(max(0, deadline - time.monotonic()))
        if client.is_alive():
            log.fault("a client never came to its end")

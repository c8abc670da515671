"""Bulks and single requests on PostgreSQL: the product, the usual DRF view, Ralph, and raw COPY."""

from contextlib import ExitStack
from pathlib import Path

from benchmarks.ingest import senders
from benchmarks.ingest.costs import Costs, Goal
from benchmarks.ingest.load import measure
from benchmarks.ingest.processes import Backends
from benchmarks.ingest.ralph import server as ralph
from benchmarks.ingest.raw_copy import RawCopy
from benchmarks.ingest.senders import Senders
from benchmarks.ingest.servers import PRODUCT, USUAL, granian, manage

MAKE_USUAL_TABLE = """
from django.db import connection
from benchmarks.ingest.usual.models import Interaction
if Interaction._meta.db_table not in connection.introspection.table_names():
    with connection.schema_editor() as editor:
        editor.create_model(Interaction)
"""
BULK, MIXED, USUAL_BULK, RALPH = "product, one learner a bulk", "product, 20 learners a bulk", "usual DRF", "Ralph LRS"
COPY_ONE, COPY_MANY = "raw COPY of {}, 1 connection", "raw COPY of {}, {} connections"
SINGLE, USUAL_SINGLE = "product, single", "usual DRF, single"
# The usual view is slow, and its figures are no steadier for more of them.
FEWER = 5


def prepare(url: str) -> None:
    senders.prepare(url)
    manage(url, "shell", "-v0", "-c", MAKE_USUAL_TABLE, settings="benchmarks.ingest.usual.settings")


def run(options, parts: set[str], say) -> tuple[Costs, list[Goal]]:
    """`parts`: of bulk, single, ralph. `say` is told of progress."""
    prepare(options.postgresql)
    costs = Costs()
    with ExitStack() as stack:
        backends = Backends(options.postgresql)
        servers = {name: stack.enter_context(_server(name, options)) for name in _needed(parts)}
        people = {name: Senders(server) for name, server in servers.items() if name != "ralph"}
        copy = RawCopy(options.postgresql)

        def load(name: str, server: str, requests: list[bytes], size: int, must_hold: bytes, clients=0) -> None:
            cost = measure(
                servers[server],
                requests,
                events=len(requests) * size,
                clients=clients or options.clients,
                must_hold=must_hold,
                backends=backends,
            )
            costs.add(name, cost)

        def a_round(bulks: int, singles: int) -> None:
            size, few = options.size, max(2, bulks // FEWER)
            if parts & {"bulk", "ralph"}:
                created = b'"created":%d' % size
                load(BULK, "product", people["product"].bulks(bulks, size), size, created)
                if "ralph" in parts:
                    load(RALPH, "ralph", ralph.bulks(bulks, size), size, b'"')
                if "bulk" in parts:
                    _copies(costs, copy, "these", bulks, options)
                    load(MIXED, "product", people["product"].mixed_bulks(bulks, size), size, created)
                    _copies(costs, copy, "those", bulks, options)
                    load(USUAL_BULK, "usual", people["usual"].bulks(few, size), size, b'"id"')
            if "single" in parts:
                load(SINGLE, "product", people["product"].singles(singles), 1, b'"created"', options.crowd)
                load(USUAL_SINGLE, "usual", people["usual"].singles(singles), 1, b'"id"', options.crowd)

        # A server's first requests import what the others use, and each thread's first one connects.
        a_round(2 * options.clients, 8 * options.crowd)
        costs.by_name.clear()
        for number in range(options.rounds):
            say(f"round {number + 1} of {options.rounds}")
            a_round(options.bulks, options.singles)
        copy.close()
    return costs, _goals(costs, parts, options)


def _needed(parts: set[str]) -> list[str]:
    usual = ["usual"] if parts & {"bulk", "single"} else []
    return ["product", *usual, *(["ralph"] if "ralph" in parts else [])]


def _server(name: str, options):
    if name == "ralph":
        return ralph.ralph(Path(options.ralph).absolute(), options.workers)
    return granian(PRODUCT if name == "product" else USUAL, options.postgresql, options.workers)


def _copies(costs: Costs, copy: RawCopy, which: str, bulks: int, options) -> None:
    """The rows that were stored last, once over one connection and once over as many as there are clients."""
    for name, connections in ((COPY_ONE.format(which), 1), (_many(which, options), options.clients)):
        costs.add(name, copy.measure(bulks, options.size, connections))


def _many(which: str, options) -> str:
    return COPY_MANY.format(which, options.clients)


def _goals(costs: Costs, parts: set[str], options) -> list[Goal]:
    goals = []
    if "bulk" in parts:
        for name, which in ((BULK, "these"), (MIXED, "those")):
            words = f"{name}: events/s at least 0.5 of raw COPY"
            goals.append(costs.faster(f"{words}, 1 connection", 0.5, name, COPY_ONE.format(which)))
            goals.append(costs.faster(f"{words}, {options.clients} connections", 0.5, name, _many(which, options)))
        ratio, spread = costs.ratio(USUAL_BULK, BULK, "app_us")
        words = "app CPU per event: the usual DRF view takes at least 10 times"
        goals.append(Goal(words, f"{ratio:.2f} ({spread})", ratio >= 10))
        goals.append(costs.faster("events/s at least 6 times the usual DRF view", 6, BULK, USUAL_BULK))
    if "ralph" in parts:
        goals.append(costs.faster("events/s at least 3 times Ralph, which stores nothing", 3, BULK, RALPH))
    if "single" in parts:
        words = "single: requests/s at least 3 times the usual DRF create"
        goals.append(costs.faster(words, 3, SINGLE, USUAL_SINGLE))
        ratio, spread = costs.ratio(SINGLE, USUAL_SINGLE, "slow_ms")
        words = "single: p99 no longer than the usual DRF create's"
        goals.append(Goal(words, f"{ratio:.2f} ({spread})", ratio <= 1))
    return goals

"""How much a worker's memory grows under bulks of a thousand, one after the other."""

from benchmarks.ingest import senders
from benchmarks.ingest.costs import Goal
from benchmarks.ingest.load import measure
from benchmarks.ingest.processes import resident_bytes
from benchmarks.ingest.senders import Senders
from benchmarks.ingest.servers import PRODUCT, granian

SIZE, MEGABYTE = 1000, 1024 * 1024


def run(options, say) -> list[Goal]:
    senders.prepare(options.postgresql)
    with granian(PRODUCT, options.postgresql, 1) as server:
        people = Senders(server)

        def load(count: int) -> float:
            requests = people.bulks(count, SIZE)
            created = b'"created":%d' % SIZE
            measure(server, requests, events=count * SIZE, clients=options.clients, must_hold=created, backends=None)
            return resident_bytes(server.pid) / MEGABYTE

        # The first request imports; what it leaves is the worker's size and no growth.
        measure(server, people.singles(1), events=1, clients=1, must_hold=b'"created"', backends=None)
        sizes = [resident_bytes(server.pid) / MEGABYTE]
        for part in range(10):
            say(f"memory, {part + 1} of 10")
            sizes.append(load(max(1, options.loop // 10)))
    print(
        f"\nMemory of the worker in MB, before and along {options.loop} bulks of {SIZE:,} by {options.clients} clients:"
    )
    print("  " + " ".join(f"{size:.0f}" for size in sizes))
    first, settled = max(sizes) - sizes[0], max(sizes) - sizes[1]
    words = f"a worker grows by less than 50 MB under {options.loop} bulks of 1,000"
    return [
        Goal(f"{words}, from its first request on", f"{first:.0f} MB", first < 50),
        Goal(f"{words}, after the first tenth", f"{settled:.0f} MB", settled < 50),
    ]

"""What processes used: processor time and memory, as /proc tells it."""

import os
from pathlib import Path

import psycopg

TICKS = os.sysconf("SC_CLK_TCK")


def processor_time(*pids: int) -> float:
    """Seconds of processor time of these processes and all below them; of one that has ended, none."""
    return sum(_own_time(each) for pid in pids for each in family(pid))


def family(pid: int) -> list[int]:
    found = [pid]
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += family(int(child))
    except FileNotFoundError:
        pass
    return found


def _own_time(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_bytes(pid: int) -> int:
    """Memory that lies in RAM of the largest process below `pid`: the worker, where `pid` only watches it."""
    sizes = []
    for each in family(pid):
        for line in Path(f"/proc/{each}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                sizes.append(int(line.split()[1]) * 1024)
    return max(sizes)


class Backends:
    """The processes of PostgreSQL that serve one database; of a server on another machine, nothing is known."""

    def __init__(self, url: str):
        self._connection = psycopg.connect(url, autocommit=True)

    def times(self) -> dict[int, float]:
        """Processor time so far by process, without our own. Background writers count for nobody."""
        rows = self._connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return {pid: _own_time(pid) for (pid,) in rows}

    def since(self, before: dict[int, float]) -> float:
        return sum(spent - before.get(pid, 0.0) for pid, spent in self.times().items())

"""What a drill saw, and whether it may be called whole."""

from collections import Counter
from dataclasses import dataclass

from drills.clients import Log
from drills.scratch import Scratch

ALLOWED = {200, 201, 207, 503}


@dataclass(frozen=True)
class Findings:
    """All sets are counted in (learner, event id).

    lost      acknowledged and not stored
    twice     stored more than once
    unsent    stored, and sent by nobody
    renamed   stored under another id than was acknowledged
    drift     what the recount says of daily sums that differ from the stored rows, or None
    faults    other things that must not be, as sentences
    """

    struck: str
    log: Log
    stored: int
    lost: int
    twice: int
    unsent: int
    renamed: int
    drift: str | None
    faults: list[str]

    @property
    def whole(self) -> bool:
        return not (self.lost or self.twice or self.unsent or self.renamed or self.drift or self.faults)

    def __str__(self) -> str:
        log = self.log
        statuses = ", ".join(f"{count} x {status}" for status, count in sorted(log.statuses.items()))
        lines = [
            self.struck,
            f"bulks {log.bulks}, retried {log.retried}, answers lost {log.lost_answers}, "
            f"bulks found stored when sent again {log.found_stored}",
            f"answers {statuses}; slowest {log.slowest:.1f} s",
            f"events sent {len(log.sent)}, acknowledged {len(log.acknowledged)}, stored {self.stored}",
            f"lost {self.lost}, twice {self.twice}, unsent {self.unsent}, under another id {self.renamed}",
            f"daily sums: {'equal to the recount' if self.drift is None else self.drift.splitlines()[-1]}",
            *self.faults[:10],
            "WHOLE" if self.whole else "BROKEN",
        ]
        return "\n".join(lines)


def findings(struck: str, log: Log, scratch: Scratch, allowed: set[int] = ALLOWED) -> Findings:
    """Compare what was acknowledged with what is stored, once nobody writes any more."""
    rows = scratch.stored()
    copies = Counter((learner, event_id) for learner, event_id, _ in rows)
    ids = {(learner, event_id): pk for learner, event_id, pk in rows}
    faults = list(log.faults)
    if unexpected := log.statuses.keys() - allowed:
        faults.append(f"answered with {sorted(unexpected)}")
    if not log.acknowledged:
        faults.append("nothing was acknowledged, so nothing was shown")
    return Findings(
        struck=struck,
        log=log,
        stored=len(rows),
        lost=len(log.acknowledged.keys() - copies.keys()),
        twice=sum(count > 1 for count in copies.values()),
        unsent=len(copies.keys() - log.sent),
        renamed=sum(key in ids and ids[key] != pk for key, pk in log.acknowledged.items()),
        drift=scratch.recounted(),
        faults=faults,
    )

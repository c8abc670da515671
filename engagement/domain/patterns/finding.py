"""What a detector answers: a finding, too little data, or None where it looked and found nothing."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from engagement.domain.insufficient import Insufficient, Need


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that stands out, with what it rests on.

    strength      0-1; what it measures stands in the detector's docstring
    evidence      figures (units in their names) and dates, by name
    interactions  ids of those behind it, newest first, 50 at most; () where none lie in the range that was asked about
    """

    strength: float
    evidence: Mapping[str, Any]
    interactions: tuple[Hashable, ...] = ()


# None: looked, and found nothing. It never means that nothing changed.
Outcome = Finding | Insufficient | None


def short_of(*needs: tuple[str, float, float]) -> Insufficient | None:
    """What is missing of `(what, have, need)`, or None where all is there."""
    missing = tuple(Need(what, have, need) for what, have, need in needs if have < need)
    return Insufficient(missing) if missing else None
